using HumanCompatible.ML.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Samples.Demo;

/// <summary>
/// Saves a model and loads it as any program would: in a new <see cref="MLContext"/>, with ML.NET's own call and nothing registered.
/// </summary>
/// <param name="Loaded">The whole loaded pipeline.</param>
/// <param name="Trained">Its last member: the constrained model, with the constraints and duals read from the file.</param>
/// <param name="FileBytes">The size of the file.</param>
/// <param name="IsIdentical">Whether every row gets the same score, to the last bit, as from the model in memory.</param>
internal sealed record ModelRoundTrip(ITransformer Loaded, ConstrainedBinaryModelParameters Trained, long FileBytes,
    bool IsIdentical)
{
    public static ModelRoundTrip Through(string path, MLContext ml, ITransformer model, IDataView rows)
    {
        ml.Model.Save(model, rows.Schema, path);

        var loaded = new MLContext().Model.Load(path, out _);
        var trained = ((BinaryPredictionTransformer<ConstrainedBinaryModelParameters>)((TransformerChain<ITransformer>)loaded)
            .LastTransformer).Model;
        return new ModelRoundTrip(loaded, trained, new FileInfo(path).Length, Scores(model, rows).SequenceEqual(Scores(loaded, rows)));
    }

    private static IEnumerable<float> Scores(ITransformer model, IDataView rows) => model.Transform(rows).GetColumn<float>("Score");
}
