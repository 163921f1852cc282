namespace HumanCompatible.ML.Groups;

/// <summary>One column of groups: row i is in group <c>GroupNames[CodeOfRow[i]]</c>.</summary>
internal sealed record GroupColumn(string Name, int[] CodeOfRow, IReadOnlyList<string> GroupNames)
{
    /// <summary>The code of the rows whose value is missing; null where none is.</summary>
    internal int? MissingCode { get; init; }
}
