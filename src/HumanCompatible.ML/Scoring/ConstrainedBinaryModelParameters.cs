using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.MLNet;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Persistence;
using HumanCompatible.ML.Training;
using Microsoft.ML.Runtime;
using TorchSharp;

namespace HumanCompatible.ML.Scoring;

/// <summary>
/// What was learned: the network with its weights, the duals, and the record of training. Immutable. It is the model of the
/// <see cref="Microsoft.ML.Data.BinaryPredictionTransformer{TModel}"/> that Fit returns: Score is the logit, Probability its sigmoid, and
/// several threads may score at once.
/// </summary>
/// <remarks>
/// Built-in networks are scored without libtorch and hold nothing to release. A network of the user's own is scored by TorchSharp and must
/// be disposed; a PredictionEngine disposes the model it was made from unless its options say otherwise.
/// </remarks>
public sealed class ConstrainedBinaryModelParameters : BinaryModelParameters, ILoadedModel<ConstrainedBinaryModelParameters>, IDisposable
{
    internal const string LoaderSignature = "HCMLConstrainedBinary";
    private const string Signature = "HCML BIN";

    private readonly IRowScorer _scorer;

    /// <param name="trained">What was learned.</param>
    /// <param name="device">Where a network of the user's own is scored.</param>
    internal ConstrainedBinaryModelParameters(TrainedModel trained, string device)
        : base(trained.Encoder.InputCount)
    {
        Trained = trained;
        _scorer = ManagedNetwork.CanScore(trained.Network) ? new ManagedRowScorer(trained) : new TorchRowScorer(trained, device);
    }

    /// <summary>The network that was trained.</summary>
    public NetworkDefinition Network => Trained.Network;

    /// <summary>The constraints it was trained under.</summary>
    public IReadOnlyList<FairnessConstraint> Constraints => Trained.Constraints;

    /// <summary>The multipliers at the end of the chosen epoch, by constraint and group.</summary>
    public IReadOnlyList<Multiplier> Duals => Trained.Duals;

    /// <summary>Every epoch that was run.</summary>
    public IReadOnlyList<EpochHistory> History => Trained.History;

    /// <summary>The outcome: every bound, what was measured against it, met or missed by how much.</summary>
    public TrainingSummary Summary => Trained.Summary;

    /// <summary>When, with what and on which data it was trained.</summary>
    public ModelOrigin Origin => Trained.Origin;

    /// <summary>
    /// Whether training can go on exactly where it stopped (<see cref="Trainers.ConstrainedTrainerOptions.KeepTrainingState"/>).
    /// </summary>
    public bool HasTrainingState => TrainingState is not null;

    /// <summary>
    /// The score of the average training row, against which the contributions of features are counted: those of a row sum to its score less
    /// this one. The average is of the rows as they enter the network, weighted where the rows are.
    /// </summary>
    /// <exception cref="NotSupportedException">The network is the user's own module.</exception>
    public float BaselineScore => ModelExplanation.OfBaseline(Trained, 1)[0];

    internal TrainedModel Trained { get; }

    internal TrainingState? TrainingState => Trained.TrainingState;

    internal NetworkWeights Weights => Trained.Weights;

    internal FeatureEncoder Encoder => Trained.Encoder;

    internal DualOptimizerOptions DualOptimizer => Trained.DualOptimizer;

    internal DualOptimizerState? DualState => Trained.DualState;

    /// <summary>
    /// Writes the weights for other programs, in the safetensors format: the arrays of the network under their own names
    /// (<c>layers.0.weight</c> of shape <c>[width, inputs]</c>, <c>layers.0.bias</c>, ..., or those of the user's own module), the encoding
    /// of the features after <c>encoding.</c> where there is one, and as metadata the <c>network</c> and the <c>library</c>.
    /// </summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void ExportWeights(string path) => File.WriteAllBytes(path, WeightsExport.Write(Trained));

    /// <summary>
    /// Releases the network where it is the user's own, which scores no more afterwards; built-in networks hold nothing to release.
    /// </summary>
    public void Dispose() => (_scorer as IDisposable)?.Dispose();

    static ConstrainedBinaryModelParameters ILoadedModel<ConstrainedBinaryModelParameters>.Load(IHostEnvironment environment,
        ModelFolder folder)
    {
        var trained = ModelEntries.Read(folder.Read, folder.ReadKey(Signature, LoaderSignature, ModelEntries.DigestLength));
        try
        {
            return new ConstrainedBinaryModelParameters(trained, Device(environment, trained.Network));
        }
        catch (ArgumentException exception)
        {
            throw new FormatException($"The model file's entry '{WeightsEntry.Name}' cannot be read: {exception.Message}", exception);
        }
    }

    private protected override float Score(ReadOnlySpan<float> features) => _scorer.Score(features);

    private protected override void Save(ModelFolder folder)
    {
        var entries = ModelEntries.Write(Trained);
        folder.Write(Signature, LoaderSignature, ModelEntries.Digest(entries[ModelManifest.Name]), entries);
    }

    private protected override RowExplainer Explainer()
    {
        var explanation = new ModelExplanation(Trained, 1);
        return (features, contributions) => explanation.Explain(features, 0, contributions);
    }

    private protected override void CheckWritesOnnx() => OnnxNetwork.Check(Network);

    private protected override string WriteOnnx(OnnxGraph graph, string features) => OnnxNetwork.Write(graph, features, Trained, 1);

    // As the trainers of Microsoft.ML.TorchSharp do: a GPU is used where the context names one, else the processor unless the context
    // forbids it. Only the user's own networks ask; built-in ones need no torch.
    private static string Device(IHostEnvironment environment, NetworkDefinition network)
        => !ManagedNetwork.CanScore(network) && HostEnvironments.Gpu(environment) is var (id, fallsBack)
            && (!fallsBack || torch.cuda.is_available())
            ? $"cuda:{id}"
            : "cpu";
}
