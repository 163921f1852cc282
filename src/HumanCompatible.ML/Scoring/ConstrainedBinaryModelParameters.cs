using HumanCompatible.ML.Features;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.MLNet;
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

    /// <param name="trained">What was learned.</param>
    /// <param name="device">Where a network of the user's own is scored.</param>
    internal ConstrainedBinaryModelParameters(TrainedModel trained, string device)
        : base(trained) => _scorer = IRowScorer.Of(trained, device);

    /// <inheritdoc/>
    public override void Dispose() => (_scorer as IDisposable)?.Dispose();

    static ConstrainedBinaryModelParameters ILoadedModel<ConstrainedBinaryModelParameters>.Load(IHostEnvironment environment,
        ModelFolder folder)
        => File.Load(environment, folder, (trained, device) => new ConstrainedBinaryModelParameters(trained, device));

    private protected override void Score(ReadOnlySpan<float> values, ReadOnlySpan<int> indices, Span<float> outputs)
        => _scorer.Score(new FeatureRow(FeatureCount, values, indices), outputs);

    private protected override void Save(ModelFolder folder) => File.Save(Trained, folder);
}
