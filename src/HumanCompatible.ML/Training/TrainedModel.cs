using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Networks;

namespace HumanCompatible.ML.Training;

/// <summary>What training leaves and a model file holds.</summary>
internal sealed record TrainedModel
{
    /// <summary>What was learned of the labels.</summary>
    public TaskLabels Task { get; init; } = TaskLabels.Binary;

    /// <summary>The network that was trained.</summary>
    public required NetworkDefinition Network { get; init; }

    /// <summary>Its weights.</summary>
    public required NetworkWeights Weights { get; init; }

    /// <summary>Makes its inputs of a row of features.</summary>
    public required FeatureEncoder Encoder { get; init; }

    /// <summary>The average of the training rows as they enter the network, [inputs], weighted where they are.</summary>
    public required float[] Baseline { get; init; }

    /// <summary>The constraints it was trained under.</summary>
    public required IReadOnlyList<FairnessConstraint> Constraints { get; init; }

    /// <summary>The settings of the dual optimizer.</summary>
    public required DualOptimizerOptions DualOptimizer { get; init; }

    /// <summary>The state of the dual optimizer at the end of the chosen epoch; null without constraints.</summary>
    public required DualOptimizerState? DualState { get; init; }

    /// <summary>The multipliers at the end of the chosen epoch.</summary>
    public required IReadOnlyList<Multiplier> Duals { get; init; }

    /// <summary>Every epoch that was run.</summary>
    public required IReadOnlyList<EpochHistory> History { get; init; }

    /// <summary>The outcome.</summary>
    public required TrainingSummary Summary { get; init; }

    /// <summary>Where training stood after its last epoch; null where it was not to be kept.</summary>
    public required TrainingState? TrainingState { get; init; }

    /// <summary>What the user's own network gave for a few rows when it was saved; null of other networks, and before.</summary>
    public NetworkProbes? Probes { get; init; }

    /// <summary>When, with what and on which data it was trained.</summary>
    public required ModelOrigin Origin { get; init; }

    /// <summary>What its user says of it, by name.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }
}

/// <summary>Rows of features, and what a network gives for them.</summary>
/// <param name="Features">[rows, features], row-major.</param>
/// <param name="Outputs">[rows, outputs], row-major.</param>
internal sealed record NetworkProbes(float[] Features, float[] Outputs);
