using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Scoring;

/// <summary>What was learned: the network with its weights, the duals, and the record of training. Immutable.</summary>
public sealed class ConstrainedBinaryModelParameters
{
    internal ConstrainedBinaryModelParameters(
        NetworkDefinition network,
        int featureCount,
        NetworkWeights weights,
        FeatureEncoder encoder,
        IReadOnlyList<FairnessConstraint> constraints,
        DualOptimizerOptions dualOptimizer,
        DualOptimizerState? dualState,
        IReadOnlyList<Multiplier> duals,
        IReadOnlyList<EpochHistory> history,
        TrainingSummary summary,
        TrainingState? trainingState)
    {
        Network = network;
        FeatureCount = featureCount;
        Weights = weights;
        Encoder = encoder;
        Constraints = constraints;
        DualOptimizer = dualOptimizer;
        DualState = dualState;
        Duals = duals;
        History = history;
        Summary = summary;
        TrainingState = trainingState;
    }

    /// <summary>The network that was trained.</summary>
    public NetworkDefinition Network { get; }

    /// <summary>The slots of the feature column.</summary>
    public int FeatureCount { get; }

    /// <summary>The constraints it was trained under.</summary>
    public IReadOnlyList<FairnessConstraint> Constraints { get; }

    /// <summary>The multipliers at the end of the chosen epoch, by constraint and group.</summary>
    public IReadOnlyList<Multiplier> Duals { get; }

    /// <summary>Every epoch that was run.</summary>
    public IReadOnlyList<EpochHistory> History { get; }

    /// <summary>The outcome: every bound, what was measured against it, met or missed by how much.</summary>
    public TrainingSummary Summary { get; }

    /// <summary>When, with what and on which data it was trained.</summary>
    public required ModelOrigin Origin { get; init; }

    /// <summary>
    /// Whether training can go on exactly where it stopped (<see cref="Trainers.ConstrainedTrainerOptions.KeepTrainingState"/>).
    /// </summary>
    public bool HasTrainingState => TrainingState is not null;

    internal TrainingState? TrainingState { get; }

    internal NetworkWeights Weights { get; }

    internal FeatureEncoder Encoder { get; }

    internal DualOptimizerOptions DualOptimizer { get; }

    internal DualOptimizerState? DualState { get; }
}
