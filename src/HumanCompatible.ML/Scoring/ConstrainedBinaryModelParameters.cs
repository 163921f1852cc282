using HumanCompatible.ML.Features;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.MLNet;
using HumanCompatible.ML.Persistence;
using HumanCompatible.ML.Training;
using Microsoft.ML.Runtime;

namespace HumanCompatible.ML.Scoring;

/// <summary>
/// A trained binary classifier: the model of the <see cref="Microsoft.ML.Data.BinaryPredictionTransformer{TModel}"/> that Fit returns.
/// Score is the logit, Probability its sigmoid.
/// </summary>
/// <inheritdoc path="/remarks"/>
public sealed class ConstrainedBinaryModelParameters : BinaryModelParameters, ILoadedModel<ConstrainedBinaryModelParameters>
{
    internal const string LoaderSignature = "HCMLConstrainedBinary";

    private static readonly ModelFile File = new(LearningTask.BinaryClassification, "HCML BIN", LoaderSignature);

    private readonly IRowScorer _scorer;
    private readonly string _device;

    /// <param name="trained">What was learned.</param>
    /// <param name="device">Where a network of the user's own is scored.</param>
    internal ConstrainedBinaryModelParameters(TrainedModel trained, string device)
        : base(trained) => (_scorer, _device) = (IRowScorer.Of(trained, device), device);

    /// <summary>
    /// The score of the average training row, against which the contributions of features are counted: those of a row sum to its score less
    /// this one. The average is of the rows as they enter the network, weighted where the rows are.
    /// </summary>
    /// <exception cref="NotSupportedException">The network is the user's own module.</exception>
    public float BaselineScore => ModelExplanation.ScoreOfBaseline(Trained);

    /// <summary>The same model as it is where it decides by another threshold than it was measured with.</summary>
    internal ConstrainedBinaryModelParameters AtThreshold(float threshold)
        => new(Trained with { Summary = Summary.AtThreshold(threshold) }, _device);

    /// <inheritdoc/>
    public override void ExportWeights(string path) => System.IO.File.WriteAllBytes(path, WeightsExport.Write(Trained));

    /// <inheritdoc/>
    public override void Dispose() => (_scorer as IDisposable)?.Dispose();

    static ConstrainedBinaryModelParameters ILoadedModel<ConstrainedBinaryModelParameters>.Load(IHostEnvironment environment,
        ModelFolder folder)
        => File.Load(environment, folder, (trained, device) => new ConstrainedBinaryModelParameters(trained, device));

    private protected override void Score(ReadOnlySpan<float> values, ReadOnlySpan<int> indices, Span<float> outputs)
        => _scorer.Score(new FeatureRow(FeatureCount, values, indices), outputs);

    private protected override void Save(ModelFolder folder) => File.Save(this, folder);

    private protected override void CheckWritesOnnx() => OnnxNetwork.Check(Network);

    private protected override string WriteOutputs(OnnxGraph graph, string features) => OnnxNetwork.Write(graph, features, Trained);

    private protected override RowExplainer Explainer() => new ModelExplanation(Trained).Explain;
}
