using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Networks;

namespace HumanCompatible.ML.Training;

/// <summary>What the training loop needs of the options.</summary>
internal sealed record TrainingSettings
{
    internal required NetworkDefinition Network { get; init; }

    internal required DualOptimizerOptions DualOptimizer { get; init; }

    internal required int NumberOfEpochs { get; init; }

    internal required int BatchSize { get; init; }

    internal required double LearningRate { get; init; }

    /// <summary>
    /// The learned factor of each input before the first step, see <see cref="InputScale"/>; null where the inputs have none.
    /// </summary>
    internal float[]? InputFactors { get; init; }

    /// <summary>
    /// Fits the weights, [inputs], and the bias of a linear function that may have a share in the network, see <see cref="LinearPath"/>; it
    /// may give null. Null where none may.
    /// </summary>
    internal Func<TrainingRows, CancellationToken, float[]?>? FitLinear { get; init; }

    /// <summary>
    /// The candidate of the model that training goes on from; of one in which logistic regression has a share it goes on from the network
    /// alone where it looks for a share itself. Null where it begins.
    /// </summary>
    internal TrainedCandidate? Given { get; init; }

    /// <summary>The decoupled weight decay.</summary>
    internal double WeightDecay { get; init; }

    /// <summary>The primal optimizer; its weight decay is given apart.</summary>
    internal PrimalOptions Optimizer { get; init; } = new();

    /// <summary>The share of the margins that the bounds are held with, so that they are likely to hold on other rows.</summary>
    internal required double MarginShare { get; init; }

    /// <summary>Whether groups that cannot be measured are held to the bounds, whatever it costs.</summary>
    internal bool HoldsUnmeasurable { get; init; }

    /// <summary>The test that the shipped model is to pass, or null where no confidence is asked for.</summary>
    internal SafetyTest? Safety { get; init; }

    internal required int? EarlyStoppingPatience { get; init; }

    internal required int Seed { get; init; }

    internal required string Device { get; init; }

    internal BatchSampling Sampling { get; init; }

    /// <summary>About how many epochs the average of the weights remembers; 0 for no average.</summary>
    internal double WeightAveragingEpochs { get; init; }

    /// <summary>Whether dual steps are damped.</summary>
    internal bool DampsDuals { get; init; }

    internal bool KeepsState { get; init; }

    /// <summary>After how many epochs there is a checkpoint; null for none.</summary>
    internal int? CheckpointEpochs { get; init; }

    /// <summary>The threads that train side by side, each on its part of every batch.</summary>
    internal int Workers { get; init; } = 1;

    /// <summary>The number of the last epoch, those before the start included.</summary>
    internal int LastEpoch => (int)Math.Min((long)Start.History.Count + NumberOfEpochs, int.MaxValue - 1);

    /// <summary>What to resume from.</summary>
    internal TrainingRecord Start { get; init; } = TrainingRecord.Empty;
}
