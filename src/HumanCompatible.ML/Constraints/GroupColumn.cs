namespace HumanCompatible.ML.Constraints;

/// <summary>One column of groups: row i is in group <c>GroupNames[CodeOfRow[i]]</c>.</summary>
internal sealed record GroupColumn(string Name, int[] CodeOfRow, IReadOnlyList<string> GroupNames);
