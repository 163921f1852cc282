using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;

namespace HumanCompatible.ML.Training;

/// <summary>
/// What was learned: the network with its weights, the duals, and the record of training. Immutable. It is the model of the prediction
/// transformer that Fit returns; several threads may score at once.
/// </summary>
/// <remarks>
/// Built-in networks are scored without libtorch and hold nothing to release. A network of the user's own is scored by TorchSharp, and
/// <see cref="Dispose"/> releases its memory, as a PredictionEngine does with the model it was made from unless its options say otherwise.
/// A model that is asked for scores after that builds the network anew, so that any number of engines may be made of a cached model.
/// </remarks>
public abstract class ConstrainedModelParameters : IDisposable
{
    private protected ConstrainedModelParameters(TrainedModel trained) => Trained = trained;

    /// <summary>The network that was trained.</summary>
    public NetworkDefinition Network => Trained.Network;

    /// <summary>The constraints it was trained under.</summary>
    public IReadOnlyList<FairnessConstraint> Constraints => Trained.Constraints;

    /// <summary>The multipliers at the end of the chosen epoch, by constraint and group.</summary>
    public IReadOnlyList<Multiplier> Duals => Trained.Duals;

    /// <summary>Every epoch that was run.</summary>
    public IReadOnlyList<EpochHistory> History => Trained.History;

    /// <summary>The outcome: every bound, what was measured against it, kept or missed by how much.</summary>
    public TrainingSummary Summary => Trained.Summary;

    /// <summary>When, with what and on which data it was trained.</summary>
    public ModelOrigin Origin => Trained.Origin;

    /// <summary>What its user said of it (<see cref="Trainers.ConstrainedTrainerOptions.Metadata"/>), by name.</summary>
    public IReadOnlyDictionary<string, string> Metadata => Trained.Metadata;

    /// <summary>
    /// Whether training can go on exactly where it stopped (<see cref="Trainers.ConstrainedTrainerOptions.KeepTrainingState"/>).
    /// </summary>
    public bool HasTrainingState => TrainingState is not null;

    internal TrainedModel Trained { get; private set; }

    /// <summary>Notes the experiment that chose the options, before anybody else has the model.</summary>
    internal void Note(ModelExperiment experiment)
        => Trained = Trained with { Origin = Trained.Origin with { Experiment = experiment } };

    internal TrainingState? TrainingState => Trained.TrainingState;

    internal NetworkWeights Weights => Trained.Weights;

    internal FeatureEncoder Encoder => Trained.Encoder;

    internal DualOptimizerOptions DualOptimizer => Trained.DualOptimizer;

    internal DualOptimizerState? DualState => Trained.DualState;

    /// <summary>
    /// Writes the weights for other programs, in the safetensors format: the arrays of the network under their own names
    /// (<c>layers.0.weight</c> of shape <c>[width, inputs]</c>, <c>layers.0.bias</c>, ..., or those of the user's own module), the encoding
    /// of the features after <c>encoding.</c> where there is one, and as metadata the <c>network</c>, the <c>task</c> and the
    /// <c>library</c>.
    /// </summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public abstract void ExportWeights(string path);

    /// <summary>
    /// Releases the memory of the network where it is the user's own, until the model is asked for a score again; built-in networks hold
    /// nothing to release.
    /// </summary>
    public abstract void Dispose();
}
