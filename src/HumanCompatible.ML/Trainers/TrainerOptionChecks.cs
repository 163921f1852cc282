using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Torch;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Trainers;

/// <summary>What can be wrong with the options of a trainer.</summary>
internal static class TrainerOptionChecks
{
    /// <summary>The most threads on this machine. Thousands make OpenMP end the process.</summary>
    internal static int MostThreads => ThreadsPerProcessor * Environment.ProcessorCount;

    private const int ThreadsPerProcessor = 4;

    /// <summary>Throws where an option is out of its range or two do not go together.</summary>
    /// <exception cref="ArgumentException">Something is wrong; the message lists all of it.</exception>
    internal static void Check(ConstrainedTrainerOptions options)
    {
        var found = new List<string>();
        var problems = new Problems(found);
        CheckColumns(options, problems);
        CheckConstraints(options, found, problems);
        CheckTraining(options, problems);
        CheckConfidence(options, problems);
        CheckParts(options, found, problems);
        problems.ThrowIfAny("The options of the trainer are not valid", nameof(options));
    }

    /// <summary>Throws where a confidence is asked for and no row is held out that could show it.</summary>
    /// <exception cref="InvalidOperationException">The options do not suit data that come without validation data.</exception>
    internal static void CheckHoldsOut(ConstrainedTrainerOptions options)
    {
        if (options is { ConfidenceLevel: not null, ValidationFraction: 0 })
        {
            throw new InvalidOperationException($"{nameof(options.ConfidenceLevel)} needs rows that are not trained on, but "
                + $"{nameof(options.ValidationFraction)} is 0: set it above 0, or give validation data.");
        }
    }

    /// <summary>Throws where the weight decay is too large for the learning rate of a number of training rows.</summary>
    /// <exception cref="ArgumentException">It is.</exception>
    internal static void CheckDecay(ConstrainedTrainerOptions options, int rows, bool isWide)
    {
        var problems = new Problems();
        CheckDecay(options, options.LearningRateFor(rows, isWide), problems);
        problems.ThrowIfAny($"The options of the trainer do not suit {rows} training rows", nameof(options));
    }

    // A step takes so much of every weight.
    private static void CheckDecay(ConstrainedTrainerOptions options, double rate, Problems problems)
    {
        if (rate * options.Optimizer.WeightDecay is >= 1 and var share)
        {
            problems.Add($"{nameof(options.Optimizer)}.{nameof(options.Optimizer.WeightDecay)} times {nameof(options.LearningRate)} "
                + $"{Problems.Text(rate)} must be below 1, got {Problems.Text(share)}.");
        }
    }

    private static void CheckColumns(ConstrainedTrainerOptions options, Problems problems)
    {
        problems.ColumnName(nameof(options.LabelColumnName), options.LabelColumnName);
        problems.ColumnName(nameof(options.FeatureColumnName), options.FeatureColumnName);
        if (options.ExampleWeightColumnName is { } weight)
            problems.ColumnName(nameof(options.ExampleWeightColumnName), weight);
        CheckDifferent(nameof(options.FeatureColumnName), options.FeatureColumnName);
        CheckDifferent(nameof(options.ExampleWeightColumnName), options.ExampleWeightColumnName);

        void CheckDifferent(string name, string? value)
        {
            if (value is { Length: > 0 } && value == options.LabelColumnName)
                problems.Add($"{name} must differ from {nameof(options.LabelColumnName)}, got '{value}' for both.");
        }
    }

    private static void CheckConstraints(ConstrainedTrainerOptions options, List<string> found, Problems problems)
    {
        if (!problems.NotNull(nameof(options.Constraints), options.Constraints))
            return;
        FairnessConstraint.Validate(options.Constraints, found);
        FairnessConstraint.ValidateFor(options.Constraints, options.Task, found);
        ConflictingBounds.Validate(options.Constraints, found, options.Groups?.EveryRowHasItsGroup ?? false);
    }

    private static void CheckTraining(ConstrainedTrainerOptions options, Problems problems)
    {
        problems.AtLeast(nameof(options.NumberOfEpochs), options.NumberOfEpochs, 1);
        problems.UnitInterval(nameof(options.MarginShare), options.MarginShare);
        problems.AtLeast(nameof(options.BatchSize), options.BatchSize, 1);
        problems.Positive(nameof(options.LearningRate), options.LearningRate ?? 1);
        problems.Require(options.ValidationFraction is null or (>= 0 and < 1), nameof(options.ValidationFraction),
            options.ValidationFraction ?? 0, "at least 0 and below 1");
        problems.AtLeast(nameof(options.EarlyStoppingPatience), options.EarlyStoppingPatience, 1);
        CheckThreads(nameof(options.NumberOfThreads), options.NumberOfThreads);
        CheckThreads(nameof(options.NumberOfWorkers), options.NumberOfWorkers);
        if (!TorchDevice.IsWellFormed(options.Device))
            problems.Add($"{nameof(options.Device)} must be 'auto', 'cpu', 'cuda' or 'cuda:N', got {Problems.Quote(options.Device)}.");
        problems.NotNegative(nameof(options.WeightAveragingEpochs), options.WeightAveragingEpochs ?? 0);
        problems.AtLeast(nameof(options.MaximumMemory), options.MaximumMemory, 1);
        problems.Folder(nameof(options.TemporaryFolder), options.TemporaryFolder);
        if (options.Collective is { Count: > 1 })
            CheckTogether(options, problems);

        void CheckThreads(string name, int? threads) => problems.Require(threads is null || (threads >= 1 && threads <= MostThreads), name,
            threads ?? 0, $"from 1 to {MostThreads}, {ThreadsPerProcessor} for each processor of this machine");
    }

    private static void CheckTogether(ConstrainedTrainerOptions options, Problems problems)
    {
        if (options.Constraints?.OfType<CustomConstraint>().FirstOrDefault() is { } custom)
        {
            problems.Add($"{custom.Name}: a custom constraint is no sum over rows, so that a {nameof(options.Collective)} cannot train "
                + "it.");
        }

        if (options.Network is PerceptronNetwork { Normalization: Normalization.Batch })
        {
            problems.Add($"{nameof(options.Network)} must not have {nameof(Normalization)}.Batch with a {nameof(options.Collective)}: what "
                + $"it normalizes by is no sum over rows. {nameof(Normalization)}.Layer can be trained.");
        }
    }

    private static void CheckConfidence(ConstrainedTrainerOptions options, Problems problems)
    {
        if (options.ConfidenceLevel is not { } level)
            return;
        problems.Require(level is > 0.5 and < 1, nameof(options.ConfidenceLevel), level, "above 0.5 and below 1");
        if (options.Constraints is { Count: 0 })
            problems.Add($"{nameof(options.ConfidenceLevel)} is given, but there are no {nameof(options.Constraints)} to hold with it.");

        foreach (var custom in (options.Constraints ?? []).OfType<CustomConstraint>())
        {
            problems.Add($"{custom.Name}: a {nameof(options.ConfidenceLevel)} cannot be given to a custom statistic, whose distribution is "
                + "not known.");
        }
    }

    private static void CheckParts(ConstrainedTrainerOptions options, List<string> found, Problems problems)
    {
        if (problems.NotNull(nameof(options.Network), options.Network))
        {
            options.Network.Validate(found);
            if (options is { BatchSize: 1, Network: PerceptronNetwork { Normalization: Normalization.Batch } })
                problems.Add($"{nameof(options.BatchSize)} must be at least 2 for a network with {nameof(Normalization)}.Batch, got 1.");
        }

        if (problems.NotNull(nameof(options.DualOptimizer), options.DualOptimizer))
            options.DualOptimizer.Validate(problems.Of(nameof(options.DualOptimizer)), ConstraintKind.Inequality);
        if (problems.NotNull(nameof(options.Groups), options.Groups))
            options.Groups.Validate(problems.Of(nameof(options.Groups)));
        if (problems.NotNull(nameof(options.Optimizer), options.Optimizer))
        {
            options.Optimizer.Validate(problems.Of(nameof(options.Optimizer)));
            if (options.Network is not null)
                CheckDecay(options, options.LearningRateFor(0), problems); // no table has a lower one
        }

        if (problems.NotNull(nameof(options.Metadata), options.Metadata))
            ModelMetadata.Validate(options.Metadata, nameof(options.Metadata), problems);
        options.Checkpoint?.Validate(problems.Of(nameof(options.Checkpoint)));
        problems.OneOf(nameof(options.FeatureEncoding), options.FeatureEncoding);
        options.Encoding?.Validate(problems.Of(nameof(options.Encoding)));
    }
}
