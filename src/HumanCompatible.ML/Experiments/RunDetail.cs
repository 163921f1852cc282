using System.Globalization;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;

namespace HumanCompatible.ML.Experiments;

/// <summary>How a run ended.</summary>
public enum RunStatus
{
    /// <summary>All its epochs were run.</summary>
    Finished,

    /// <summary>It was among the worse half of its round after a quarter of its epochs, and went no further.</summary>
    Stopped,

    /// <summary>It failed: the loss diverged, or the options are not valid together.</summary>
    Failed,
}

/// <summary>A run of an experiment.</summary>
public sealed record RunDetail
{
    internal RunDetail(int number, ConstrainedTrainerOptions options) => (Number, Options) = (number, options);

    /// <summary>Its number; 0 is the run of the options as they are.</summary>
    public int Number { get; internal init; }

    /// <summary>The options it was trained with; their seed is that of the experiment.</summary>
    public ConstrainedTrainerOptions Options { get; internal init; }

    /// <summary>What was varied, by name; empty for number 0.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; internal init; } = new Dictionary<string, string>();

    /// <summary>How it ended.</summary>
    public RunStatus Status { get; internal init; }

    /// <summary>Why it failed; null where it did not.</summary>
    public string? Error { get; internal init; }

    /// <summary>
    /// Whether it was run before, and its numbers were found again in <see cref="ExperimentSettings.CacheDirectory"/>.
    /// </summary>
    public bool IsReused { get; internal init; }

    /// <summary>
    /// Whether it is a finalist whose models were missing in <see cref="ExperimentSettings.CacheDirectory"/>, or were not as they were
    /// written: it was trained once more to be judged.
    /// </summary>
    public bool IsRepeated { get; internal init; }

    /// <summary>The seconds that it trained.</summary>
    public double Seconds { get; internal init; }

    /// <summary>The metric that is to be best, on the rows that chose its epoch, the mean of the folds; NaN where it failed.</summary>
    public double Objective { get; internal init; } = double.NaN;

    /// <summary>ML.NET's metrics on the same rows, by name.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; internal init; } = new Dictionary<string, double>();

    /// <summary>The statistic of each constraint, by its name, on the rows that its models were made of, the mean of the folds.</summary>
    public IReadOnlyDictionary<string, double> ConstraintValues { get; internal init; } = new Dictionary<string, double>();

    /// <summary>By how much the worst of these values violates its bound; 0 where all are kept.</summary>
    public double Violation { get; internal init; } = double.NaN;

    /// <summary>Whether it was scored on the judging rows, which no run was trained on.</summary>
    public bool IsFinalist => JudgedMetrics is not null;

    /// <summary>ML.NET's metrics on the judging rows, the mean of the folds; null where it is no finalist.</summary>
    public IReadOnlyDictionary<string, double>? JudgedMetrics { get; internal init; }

    /// <summary>
    /// The verdicts on the judging rows, of all folds together; empty where it is no finalist. The interval of a verdict is as wide as the
    /// finalists ask for, see <see cref="ExperimentResult.Looks"/>.
    /// </summary>
    public IReadOnlyList<ConstraintVerdict> JudgedVerdicts { get; internal init; } = [];

    /// <summary>
    /// By how much the worst interval of <see cref="JudgedVerdicts"/> passes its bound: 0 where every bound is kept with the uncertainty
    /// that several looks at the same rows add; 1 and more where one cannot be measured; null where it is no finalist.
    /// </summary>
    public double? Shortfall { get; internal init; }

    /// <summary>The model: of the best run the one to use, for all others null; their <see cref="Options"/> train it again.</summary>
    public ITransformer? Model { get; internal init; }

    /// <summary>What was varied, as text.</summary>
    internal string ParametersText => string.Join(", ", Parameters.Select(parameter => $"{parameter.Key} {parameter.Value}"));

    /// <summary>The run as a line.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        var parameters = Number == 0 ? "the options as they are" : ParametersText;
        var missed = Violation > 0 ? string.Create(CultureInfo.InvariantCulture, $", bounds missed by {Violation:0.0000}") : "";
        var outcome = Status == RunStatus.Failed ? Error : string.Create(CultureInfo.InvariantCulture, $"{Objective:0.0000}{missed}");
        return string.Create(CultureInfo.InvariantCulture,
            $"run {Number} ({Status.ToString().ToLowerInvariant()}, {Seconds:0.0} s): {outcome}; {parameters}");
    }
}
