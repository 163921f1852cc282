using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Data;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Torch;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Trainers;

/// <summary>What the parts of a Fit need of the options, so that none of them knows the trainers.</summary>
internal static class TrainingSetup
{
    /// <summary>What is read of the data.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="groups">The group columns; null for those of the constraints.</param>
    internal static TrainingColumns Columns(ConstrainedTrainerOptions options, IReadOnlyList<string>? groups = null)
        => new(options.LabelColumnName, options.FeatureColumnName, options.ExampleWeightColumnName,
            groups ?? [.. options.Constraints.SelectMany(constraint => constraint.GroupColumnNames).Distinct()])
        {
            Labels = LabelReader.Of(options.Task),
            TakesMissing = options.EncodeMissingValues,
        };

    /// <summary>How the data are divided.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="from">The model to go on from, or null.</param>
    /// <param name="seed">The seed of the Fit.</param>
    internal static SplitSettings Splits(ConstrainedTrainerOptions options, ConstrainedModelParameters? from, int seed) => new()
    {
        Constraints = options.Constraints,
        Groups = options.Groups,
        Encoding = options.FeatureEncoding == FeatureEncoding.None ? null : options.EncodingFor,
        KnownEncoder = from?.Encoder,
        KnownTask = from?.Trained.Task,
        Previous = from is null ? null : Continuation.SplitOf(from),
        ValidationFraction = options.ValidationFractionFor,
        ConfidenceLevel = options.ConfidenceLevel,
        Seed = seed,
    };

    /// <summary>How the loop trains on the divided data.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="data">The data.</param>
    /// <param name="start">What to resume from.</param>
    /// <param name="seed">The seed of the Fit.</param>
    /// <exception cref="ArgumentException">The weight decay is too large for the learning rate of so many rows.</exception>
    internal static TrainingSettings Loop(ConstrainedTrainerOptions options, TrainingSplits data, TrainingRecord start, int seed)
    {
        TrainerOptionChecks.CheckDecay(options, data.Training.Count, data.Encoder.IsWide);
        return Checked(options, data, start, seed);
    }

    private static TrainingSettings Checked(ConstrainedTrainerOptions options, TrainingSplits data, TrainingRecord start, int seed) => new()
    {
        Network = options.Network,
        DualOptimizer = options.DualOptimizer,
        InputFactors = options.ScalesInputs(data.Training.Count, data.Encoder.IsWide) ? InputScale.Start(data.Encoder) : null,
        FitLinear = options.MixesWithLinear(data.Training.Count, data.Encoder.IsWide) && data.HeldOut is not null
            ? Once(LogisticRegression.Fit) : null,
        WeightDecay = options.WeightDecayFor(data.Training.Count, data.Encoder.IsWide),
        Optimizer = options.Optimizer,
        NumberOfEpochs = options.NumberOfEpochsFor(data.Training.Count),
        BatchSize = options.BatchSizeFor(data.Training.Count),
        LearningRate = options.LearningRateFor(data.Training.Count, data.Encoder.IsWide),
        MarginShare = options.MarginShare,
        HoldsUnmeasurable = options.Groups.Unmeasurable == UnmeasurableGroups.Hold,
        Safety = data.Safety is null ? null : new SafetyTest(data.Groups.Constraints, options.ConfidenceLevel!.Value, data.Safety),
        EarlyStoppingPatience = options.EarlyStoppingPatience,
        Seed = seed,
        Device = options.Device,
        Sampling = options.Groups.Sampling,
        WeightAveragingEpochs = options.WeightAveragingEpochsFor(data.Training.Count, data.Encoder.IsWide),
        DampsDuals = options.DampDuals,
        KeepsState = options.KeepTrainingState,
        CheckpointEpochs = options.Checkpoint?.EveryEpochs,
        Workers = Workers(options, data),
        Start = start,
        Given = start.Best,
    };

    // All threads of a training ask for the same.
    private static Func<TrainingRows, CancellationToken, float[]?> Once(Func<TrainingRows, CancellationToken, float[]?> fit)
    {
        Lazy<float[]?>? fitted = null;
        return (rows, cancellation) => LazyInitializer.EnsureInitialized(ref fitted, () => new(() => fit(rows, cancellation))).Value;
    }

    // Only sums can be taken by parts, which what batches are normalized by is not, and gradients of very many weights are kept by entries.
    private static int Workers(ConstrainedTrainerOptions options, TrainingSplits data)
    {
        var batch = Math.Min(options.BatchSizeFor(data.Training.Count), data.Training.Count);
        return options.Network is ModuleNetwork or PerceptronNetwork { Normalization: Normalization.Batch }
            || options.Collective is { Count: > 1 } || !TorchDevice.IsProcessor(options.Device) || data.Encoder.IsWide
            || options.Constraints.Any(constraint => constraint is CustomConstraint) ? 1
            : Math.Min(options.NumberOfWorkers ?? TrainerDefaults.NumberOfWorkers(batch), batch);
    }
}
