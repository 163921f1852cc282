using System.Text.Json.Serialization;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Confidence;

/// <summary>A group that has too few rows behind a rate to tell whether it keeps a bound.</summary>
public sealed record UnmeasurableGroup
{
    [JsonConstructor]
    internal UnmeasurableGroup(string group, GroupMetric metric, int rows, long? rowsNeeded = null, string? className = null)
        => (Group, Metric, Rows, RowsNeeded, ClassName) = (group, metric.Unclassed, rows, rowsNeeded, className ?? metric.ClassName);

    /// <summary>The name of the group.</summary>
    public string Group { get; internal init; }

    /// <summary>The rate.</summary>
    public GroupMetric Metric { get; internal init; }

    /// <summary>The class whose rate it is, in multiclass classification; null where it is of none.</summary>
    public string? ClassName { get; internal init; }

    /// <summary>The rows that it is counted over; of weighted rows the effective number, (sum w)^2 / sum w^2.</summary>
    public int Rows { get; internal init; }

    /// <summary>
    /// About how many would be needed: with as many in every group that has too few, all of them can be measured. No more than
    /// <see cref="Rows"/> where those that it is compared with, such as a reference group, have too few. Null where no number is enough, as
    /// for a difference of at most 0.
    /// </summary>
    public long? RowsNeeded { get; internal init; }

    /// <summary>
    /// The group as text, such as <c>'Other': 95 positive rows, about 670 needed</c>, or <c>'Other': 95 rows for class 'high', about 670
    /// needed</c>. Where <see cref="Rows"/> is 0, it says that none counts in full: there may be rows that count for less than one
    /// together, such as those that were trained on.
    /// </summary>
    public override string ToString()
        => $"'{Group}': {Reason}";

    /// <summary>The rows that it has and would need.</summary>
    internal string Reason
        => (Rows == 0 ? $"no {Counted(1)} that counts in full, " : FormattableString.Invariant($"{Rows} {Counted(Rows)}, "))
        + (RowsNeeded is not { } needed ? "no number of which is enough"
            : Rows < needed ? FormattableString.Invariant($"about {needed} needed")
            : FormattableString.Invariant($"enough where those it is compared with have about {needed}"));

    // "positive rows" of a number of them.
    private string Counted(int rows) => UndefinedRate.Describe(Metric.Rows with { ClassName = ClassName }, rows) + ForClass;

    // Whose rate it is, where all rows are counted for every class.
    private string ForClass => ClassName is not null && Metric.Rows.Quantity == RowQuantity.All ? $" for class '{ClassName}'" : "";
}
