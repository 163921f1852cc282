using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Data;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Trainers;

/// <summary>What the parts of a Fit need of the options, so that none of them knows the trainers.</summary>
internal static class TrainingSetup
{
    /// <summary>How the data are divided.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="known">The encoder of the model to go on from, or null.</param>
    /// <param name="seed">The seed of the Fit.</param>
    internal static SplitSettings Splits(ConstrainedTrainerOptions options, FeatureEncoder? known, int seed) => new()
    {
        Constraints = options.Constraints,
        Groups = options.Groups,
        Encoding = options.FeatureEncoding == FeatureEncoding.None ? null : options.Encoding,
        KnownEncoder = known,
        ValidationFraction = options.ValidationFractionFor,
        HoldsOutSafetyRows = options.ConfidenceLevel is not null,
        Seed = seed,
    };

    /// <summary>How the loop trains on the divided data.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="data">The data.</param>
    /// <param name="start">What to resume from.</param>
    /// <param name="seed">The seed of the Fit.</param>
    internal static TrainingSettings Loop(ConstrainedTrainerOptions options, TrainingSplits data, TrainingRecord start, int seed) => new()
    {
        Network = options.Network,
        DualOptimizer = options.DualOptimizer,
        WeightDecay = options.WeightDecayFor(data.Training.Count),
        MoreauEnvelope = options.Optimizer.MoreauEnvelope,
        NumberOfEpochs = options.NumberOfEpochs,
        BatchSize = options.BatchSizeFor(data.Training.Count),
        LearningRate = options.LearningRate,
        TrainingMargin = options.TrainingMargin,
        Safety = data.Safety is null ? null : new SafetyTest(options.Constraints, options.ConfidenceLevel!.Value, data.Safety),
        EarlyStoppingPatience = options.EarlyStoppingPatience,
        Seed = seed,
        Device = options.Device,
        Sampling = options.Groups.Sampling,
        WeightAveragingEpochs = options.WeightAveragingEpochs,
        DampsDuals = options.DampDuals,
        CorrectsGeneralizationGap = options.CorrectGeneralizationGap,
        KeepsState = options.KeepTrainingState,
        Start = start,
    };
}
