using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Groups;

/// <summary>A group that a constraint leaves out, or a rate of the group.</summary>
/// <param name="Name">The name of the group.</param>
/// <param name="Reason">Why, such as <c>12 rows, fewer than 50</c>.</param>
/// <param name="Lacks">Where only the rates of some rows are left out: which rows the group lacks; null where the whole group is left
/// out.</param>
internal sealed record ExcludedGroup(string Name, string Reason, RowQuantity? Lacks = null)
{
    /// <summary>The most names that a message lists.</summary>
    private const int Listed = 50;

    /// <summary>"Female, Black (12 rows, fewer than 50)".</summary>
    public override string ToString() => $"{Name} ({Reason})";

    /// <summary>"'a' (12 rows), 'b' (1 row)", at most 50 of them.</summary>
    internal static string List(IReadOnlyCollection<(string Name, int Rows)> groups)
        => string.Join(", ", groups.Take(Listed).Select(group => $"'{group.Name}' ({Rows(group.Rows)})"))
            + (groups.Count > Listed ? $" and {groups.Count - Listed} more" : "");

    /// <summary>"12 rows".</summary>
    internal static string Rows(int count) => count == 1 ? "1 row" : $"{count} rows";
}
