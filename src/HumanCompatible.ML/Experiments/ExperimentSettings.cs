using HumanCompatible.ML.Collectives;
using HumanCompatible.ML.Trainers;

namespace HumanCompatible.ML.Experiments;

/// <summary>How an experiment searches. It is copied where an experiment is created.</summary>
public abstract record ExperimentSettings
{
    private protected ExperimentSettings()
    {
    }

    /// <summary>
    /// The seconds after which no more runs are started and those that run are dropped; the final training comes on top, and the first
    /// run, that of the options as they are, always ends. Where only finalists are trained in all folds, a fifth of it is kept for that.
    /// </summary>
    /// <value>At least 1. The default, null, is no limit of time.</value>
    public uint? MaxExperimentTimeInSeconds { get; set; }

    /// <summary>The most runs.</summary>
    /// <value>
    /// At least 1. The default, null, is 64, or as many as there is time for where <see cref="MaxExperimentTimeInSeconds"/> is set.
    /// </value>
    public int? MaxModels { get; set; }

    /// <summary>
    /// Ends the search; the best of the runs that ended is kept, without a final training on more rows, and, with a
    /// <see cref="CacheDirectory"/>, without a test.
    /// </summary>
    /// <value>The default never cancels.</value>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Decides how the rows are divided, what is tried, and all training: same seed, same result, whatever runs at once.</summary>
    /// <value>Any. The default is 1.</value>
    public int Seed { get; set; } = 1;

    /// <summary>How many runs go on at once. The result does not depend on it.</summary>
    /// <value>At least 1. The default, null, is the number of processors, at most 8.</value>
    public int? NumberOfParallelTrials { get; set; }

    /// <summary>The processes that divide the runs among them.</summary>
    /// <remarks>
    /// All run the same program, with the same settings and the same data, of which each has all rows: <c>Execute</c> gives each the same
    /// result. The first alone has the <see cref="CacheDirectory"/>. Sweeps and comparisons are not divided. It is not the collective of
    /// the trainer's options, whose members divide the rows.
    /// </remarks>
    /// <value>The default, null, is this process alone.</value>
    public ICollective? Collective { get; set; }

    /// <summary>
    /// The folder that keeps the experiment: every run as it ends, a line of JSON each in <c>runs.jsonl</c>, and the models of the best
    /// runs so far, which are then not in memory. An experiment that finds runs of its own there (the same data, options, search space,
    /// metric and seed) does not repeat them, and ends as if it had never stopped; with a larger <see cref="MaxModels"/> or
    /// <see cref="MaxExperimentTimeInSeconds"/> it goes on (the runs of a round of eight that was cut short by <see cref="MaxModels"/> are
    /// done again). Where it went further after a test, the test says how many models its rows have seen
    /// (<see cref="FinalTest.Looks"/>); an experiment that was canceled is not tested before it has ended. Other training or test data,
    /// options, constraints, search space, metric or seed are refused, and so are files without a journal. It is made where it is not
    /// there; delete it when it is not needed.
    /// </summary>
    /// <value>A path. The default, null, keeps the models of the best runs in memory, and nothing after the end.</value>
    public string? CacheDirectory { get; set; }

    /// <summary>What is varied. Where nothing is, the only run is that of the options as they are.</summary>
    /// <value>The default is <see cref="SearchSpace.Default"/>.</value>
    public IReadOnlyList<SearchParameter> SearchSpace { get; set; } = Experiments.SearchSpace.Default;

    /// <summary>The share of the training data that tests the final model, where <c>Execute</c> gets no test data.</summary>
    /// <value>Above 0 and below 1. The default is 0.2.</value>
    public double TestFraction { get; set; } = 0.2;

    /// <summary>The settings in a line: the metric, the limits of the search and its seed.</summary>
    public sealed override string ToString()
    {
        var runs = MostModels == int.MaxValue ? "the" : FormattableString.Invariant($"at most {MostModels}");
        var time = MaxExperimentTimeInSeconds is null ? "" : FormattableString.Invariant($" in {MaxExperimentTimeInSeconds} s");
        return FormattableString.Invariant($"best {Objective} of {runs} runs{time}, {SearchSpace.Count} options varied, seed {Seed}");
    }

    /// <summary>The options that runs depart from: columns, constraints, groups, and what the search space does not vary.</summary>
    internal abstract ConstrainedTrainerOptions BaseOptions { get; }

    /// <summary>A copy that shares nothing with these settings that could change. They are valid.</summary>
    internal abstract ExperimentSettings Copy();

    /// <summary>The name of the metric that is to be best.</summary>
    internal abstract string Objective { get; }

    /// <summary>Names the metric where there is none such.</summary>
    internal abstract void CheckMetric(Problems problems);

    /// <summary>Whether less of it is better.</summary>
    internal virtual bool IsLoss => Objective.EndsWith("Loss", StringComparison.Ordinal)
        || Objective.EndsWith("Error", StringComparison.Ordinal);

    /// <summary>What tells the time of the search.</summary>
    internal TimeProvider Time { get; set; } = TimeProvider.System;

    internal int MostModels => MaxModels ?? (MaxExperimentTimeInSeconds is null ? 64 : int.MaxValue);

    internal int TrialsAtOnce => NumberOfParallelTrials ?? Math.Min(Environment.ProcessorCount, 8);

    /// <summary>Throws where a setting is out of its range.</summary>
    internal void Check()
    {
        var problems = new Problems();
        problems.AtLeast(nameof(MaxExperimentTimeInSeconds), MaxExperimentTimeInSeconds, 1);
        problems.AtLeast(nameof(MaxModels), MaxModels, 1);
        problems.AtLeast(nameof(NumberOfParallelTrials), NumberOfParallelTrials, 1);
        CheckMetric(problems);
        problems.Require(TestFraction is > 0 and < 1, nameof(TestFraction), TestFraction, "above 0 and below 1");
        if (problems.Folder(nameof(CacheDirectory), CacheDirectory) && CacheDirectory is not null
            && TrialCache.Stranger(CacheDirectory) is { } stranger)
        {
            problems.Add($"{nameof(CacheDirectory)} must be a new or empty folder or that of an experiment, got "
                + $"{Problems.Quote(CacheDirectory)}, which holds {Problems.Quote(stranger)}.");
        }

        if (problems.NotNull(nameof(SearchSpace), SearchSpace))
        {
            foreach (var same in SearchSpace.GroupBy(parameter => parameter.Name).Where(same => same.Count() > 1))
                problems.Add($"{nameof(SearchSpace)} has {same.Count()} parameters named '{same.Key}'.");
        }

        if (problems.NotNull("Options", BaseOptions) && BaseOptions.ValidationFraction == 0)
            problems.Add("Options.ValidationFraction must be above 0, got 0: the rows that choose the epoch guide the search.");
        if (BaseOptions?.Checkpoint is not null)
            problems.Add("Options.Checkpoint must be null: all runs would write the same file.");
        if (BaseOptions?.Collective is not null)
            problems.Add("Options.Collective must be null: the Collective of the settings divides the runs.");
        problems.ThrowIfAny("The settings of the experiment are not valid", "settings");
        TrainerOptionChecks.Check(BaseOptions!);
    }
}

/// <summary>How an experiment searches: the settings that have a type of the task.</summary>
/// <typeparam name="TOptions">The options of the trainer.</typeparam>
/// <typeparam name="TMetric">The metrics.</typeparam>
public abstract record ExperimentSettings<TOptions, TMetric> : ExperimentSettings
    where TOptions : ConstrainedTrainerOptions, new()
    where TMetric : struct, Enum
{
    private protected ExperimentSettings()
    {
    }

    /// <summary>The trainer's options that runs depart from: columns, constraints, groups, and what is not varied.</summary>
    /// <value>The default is those of the trainer.</value>
    public TOptions Options { get; set; } = new();

    /// <summary>What is to be best among the runs that keep the bounds.</summary>
    /// <value>The default is the first one: accuracy, micro-accuracy, R squared.</value>
    public TMetric OptimizingMetric { get; set; }

    internal sealed override ConstrainedTrainerOptions BaseOptions => Options;

    internal sealed override string Objective => OptimizingMetric.ToString();

    internal sealed override void CheckMetric(Problems problems) => problems.OneOf(nameof(OptimizingMetric), OptimizingMetric);

    internal sealed override ExperimentSettings Copy() => this with
    {
        Options = (TOptions)Options.Copy(),
        SearchSpace = [.. SearchSpace],
    };
}

/// <summary>How an experiment of binary classification searches.</summary>
public sealed record BinaryExperimentSettings
    : ExperimentSettings<ConstrainedBinaryClassificationTrainer.Options, BinaryClassificationMetric>;

/// <summary>How an experiment of multiclass classification searches.</summary>
public sealed record MulticlassExperimentSettings
    : ExperimentSettings<ConstrainedMulticlassClassificationTrainer.Options, MulticlassClassificationMetric>;

/// <summary>How an experiment of regression searches.</summary>
public sealed record RegressionExperimentSettings : ExperimentSettings<ConstrainedRegressionTrainer.Options, RegressionMetric>;
