using System.Text.Json.Serialization;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Groups;

/// <summary>A group that a constraint leaves out, or a rate of the group.</summary>
public sealed record ExcludedGroup
{
    /// <summary>The most names that a message lists.</summary>
    private const int Listed = 50;

    [JsonConstructor]
    internal ExcludedGroup(string name, string reason, RowQuantity? lacks = null, string? lacksClass = null)
        => (Name, Reason, Lacks, LacksClass) = (name, reason, lacks, lacksClass);

    /// <summary>The name of the group.</summary>
    public string Name { get; internal init; }

    /// <summary>Why, such as <c>12 rows, fewer than 50</c>.</summary>
    public string Reason { get; internal init; }

    /// <summary>
    /// Where only the rates of some rows are left out: which rows the group lacks; null where the whole group is left out.
    /// </summary>
    [JsonInclude]
    internal RowQuantity? Lacks { get; init; }

    /// <summary>The class of these rows in multiclass classification; null where they are of none.</summary>
    [JsonInclude]
    internal string? LacksClass { get; init; }

    /// <summary>Whether it is the rates over some rows that are left out.</summary>
    internal bool IsOf(RateRows rows) => Lacks == rows.Quantity && LacksClass == rows.ClassName;

    /// <summary>The group as text, such as <c>Female, Black (12 rows, fewer than 50)</c>.</summary>
    public override string ToString() => $"{Name} ({Reason})";

    /// <summary>"'a' (12 rows), 'b' (1 row)", at most 50 of them.</summary>
    internal static string List(IReadOnlyCollection<(string Name, int Rows)> groups)
        => string.Join(", ", groups.Take(Listed).Select(group => $"'{ShownName.Of(group.Name)}' ({Rows(group.Rows)})"))
            + (groups.Count > Listed ? $" and {groups.Count - Listed} more" : "");

    /// <summary>"12 rows".</summary>
    internal static string Rows(int count) => count == 1 ? "1 row" : $"{count} rows";
}
