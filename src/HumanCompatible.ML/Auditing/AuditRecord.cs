namespace HumanCompatible.ML.Auditing;

/// <summary>One number of an audit: a statistic of a group, or a summary of it over groups.</summary>
public sealed record AuditRecord
{
    internal AuditRecord(string columns, string group, AuditStatistic statistic, double value)
        => (Columns, Group, Statistic, ClassName, Value) = (columns, group, statistic.Name, statistic.ClassName ?? "", value);

    /// <summary>The columns that define the groups, joined by " x "; empty for all rows.</summary>
    public string Columns { get; }

    /// <summary>The name of the group; <c>(all)</c> for all rows; for a summary <c>max - min</c> or <c>min / max</c>.
    /// A group may be called so, too: a summary has no <see cref="Rows"/>, and all rows have no <see cref="Columns"/>.</summary>
    public string Group { get; }

    /// <summary>The name of the statistic.</summary>
    public string Statistic { get; }

    /// <summary>The class whose statistic it is, in multiclass classification; empty where it is of none.</summary>
    public string ClassName { get; }

    /// <summary>The value; NaN where undefined.</summary>
    public double Value { get; }

    /// <summary>The lower end of the confidence interval; NaN where there is none.</summary>
    public double Lower { get; internal init; } = double.NaN;

    /// <summary>The upper end of the confidence interval; NaN where there is none.</summary>
    public double Upper { get; internal init; } = double.NaN;

    /// <summary>The rows of the group; 0 for a summary.</summary>
    public int Rows { get; internal init; }

    /// <summary>Why the value is undefined; empty where it is defined.</summary>
    public string UndefinedReason { get; internal init; } = "";

    /// <summary>Whether the group is left out of summaries, for a value is missing.</summary>
    public bool IsLeftOut { get; internal init; }

    /// <summary>The members and their values, with the numbers of the invariant culture.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => RecordText.Of(this, PrintMembers);
}
