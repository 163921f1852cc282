namespace HumanCompatible.ML.Training;

/// <summary>What the training loop needs of the options.</summary>
internal sealed record TrainingSettings
{
    internal required NetworkDefinition Network { get; init; }

    internal required DualOptimizerOptions DualOptimizer { get; init; }

    internal required int NumberOfEpochs { get; init; }

    internal required int BatchSize { get; init; }

    internal required double LearningRate { get; init; }

    internal required double WeightDecay { get; init; }

    internal required double BoundMargin { get; init; }

    internal required int? EarlyStoppingPatience { get; init; }

    internal required int Seed { get; init; }

    internal required string Device { get; init; }

    internal required DualSchedule DualSchedule { get; init; }

    internal required MoreauEnvelopeOptions? MoreauEnvelope { get; init; }

    internal required bool KeepsState { get; init; }

    /// <summary>The model to go on from, or null to start anew.</summary>
    internal required StartingPoint? Start { get; init; }
}
