using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Confidence;

namespace HumanCompatible.ML.Experiments;

/// <summary>The one test of the final model, on rows that chose nothing.</summary>
public sealed record FinalTest
{
    internal FinalTest(int rows, IReadOnlyDictionary<string, double> metrics, IReadOnlyList<ConstraintVerdict> verdicts)
        => (Rows, Metrics, Verdicts) = (rows, metrics, verdicts);

    /// <summary>The rows.</summary>
    public int Rows { get; internal init; }

    /// <summary>ML.NET's metrics on them, by name.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; internal init; }

    /// <summary>What may be said of each constraint on them; a bound is shown with 95% confidence.</summary>
    public IReadOnlyList<ConstraintVerdict> Verdicts { get; internal init; }

    /// <summary>The audit by group; null where no constraint has a group column.</summary>
    public FairnessAudit? Audit { get; internal init; }

    /// <summary>The test as text: rows and metrics, and a line for each constraint.</summary>
    public override string ToString() => string.Join(Environment.NewLine,
        [
            FormattableString.Invariant($"{Rows} rows that chose nothing: ")
                + string.Join(", ", Metrics.Select(metric => FormattableString.Invariant($"{metric.Key} {metric.Value:0.0000}"))),
            .. Verdicts.Select(verdict => verdict.ToString()),
        ]);
}
