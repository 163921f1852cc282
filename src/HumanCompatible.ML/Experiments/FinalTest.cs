using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Confidence;

namespace HumanCompatible.ML.Experiments;

/// <summary>The test of the final model, on rows that chose nothing.</summary>
public sealed record FinalTest
{
    internal FinalTest(int rows, IReadOnlyDictionary<string, double> metrics, IReadOnlyList<ConstraintVerdict> verdicts)
        => (Rows, Metrics, Verdicts) = (rows, metrics, verdicts);

    /// <summary>The rows.</summary>
    public int Rows { get; internal init; }

    /// <summary>ML.NET's metrics on them, by name.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; internal init; }

    /// <summary>
    /// How many different final models of the experiment were tested on these rows, this one included: 1, or more where it went further
    /// from its <see cref="ExperimentSettings.CacheDirectory"/> after a test. Only the journal there knows of looks: without one, or where
    /// it was deleted, those from before are not counted and the limits do not pay for them.
    /// </summary>
    public int Looks { get; internal init; } = 1;

    /// <summary>
    /// What may be said of each constraint on them; a bound is shown with 95% confidence. With n looks the limits are such that those of
    /// all n tests hold together with that confidence: each may fail with probability 0.05 / n (Bonferroni).
    /// </summary>
    public IReadOnlyList<ConstraintVerdict> Verdicts { get; internal init; }

    /// <summary>The audit by group; null where no constraint has a group column.</summary>
    public FairnessAudit? Audit { get; internal init; }

    /// <summary>The test as text: rows and metrics, and a line for each constraint.</summary>
    public override string ToString() => string.Join(Environment.NewLine,
        [
            FormattableString.Invariant($"{Rows} rows that chose nothing{Seen}: ")
                + string.Join(", ", Metrics.Select(metric => FormattableString.Invariant($"{metric.Key} {metric.Value:0.0000}"))),
            .. Verdicts.Select(verdict => verdict.ToString()),
        ]);

    /// <summary>That other models were tested on these rows before, with a leading comma; nothing where none was.</summary>
    internal string Seen => Looks == 1 ? ""
        : FormattableString.Invariant($", the {Ordinal(Looks)} look at these rows (the limits hold for all {Looks} together)");

    private static string Ordinal(int number) => number + ((number % 100) is >= 11 and <= 13 ? "th"
        : (number % 10) switch { 1 => "st", 2 => "nd", 3 => "rd", _ => "th" });
}
