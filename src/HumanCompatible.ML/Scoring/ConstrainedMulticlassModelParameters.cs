using HumanCompatible.ML.Features;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.MLNet;
using HumanCompatible.ML.Persistence;
using HumanCompatible.ML.Training;
using Microsoft.ML.Runtime;

namespace HumanCompatible.ML.Scoring;

/// <summary>
/// A trained classifier of several classes: the model of the
/// <see cref="Microsoft.ML.Data.MulticlassPredictionTransformer{TModel}"/> that Fit returns. Score has the probability of each class.
/// </summary>
/// <inheritdoc path="/remarks"/>
public sealed class ConstrainedMulticlassModelParameters : MulticlassModelParameters, ILoadedModel<ConstrainedMulticlassModelParameters>
{
    internal const string LoaderSignature = "HCMLConstrainedMulti";

    private static readonly ModelFile File = new(LearningTask.MulticlassClassification, "HCML MUL", LoaderSignature);

    private readonly IRowScorer _scorer;

    /// <param name="trained">What was learned.</param>
    /// <param name="device">Where a network of the user's own is scored.</param>
    internal ConstrainedMulticlassModelParameters(TrainedModel trained, string device)
        : base(trained) => _scorer = IRowScorer.Of(trained, device);

    /// <inheritdoc/>
    public override void ExportWeights(string path) => System.IO.File.WriteAllBytes(path, WeightsExport.Write(Trained));

    /// <inheritdoc/>
    public override void Dispose() => (_scorer as IDisposable)?.Dispose();

    static ConstrainedMulticlassModelParameters ILoadedModel<ConstrainedMulticlassModelParameters>.Load(IHostEnvironment environment,
        ModelFolder folder)
        => File.Load(environment, folder, (trained, device) => new ConstrainedMulticlassModelParameters(trained, device));

    private protected override void Score(ReadOnlySpan<float> values, ReadOnlySpan<int> indices, Span<float> outputs)
        => _scorer.Score(new FeatureRow(FeatureCount, values, indices), outputs);

    private protected override void Save(ModelFolder folder) => File.Save(this, folder);

    private protected override void CheckWritesOnnx() => OnnxNetwork.Check(Network);

    private protected override string WriteOutputs(OnnxGraph graph, string features) => OnnxNetwork.Write(graph, features, Trained);
}
