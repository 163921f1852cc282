using System.Globalization;

namespace HumanCompatible.ML.Groups;

/// <summary>One column of groups: row i is in group <c>GroupNames[CodeOfRow[i]]</c>.</summary>
internal sealed record GroupColumn(string Name, int[] CodeOfRow, IReadOnlyList<string> GroupNames)
{
    /// <summary>The code of the rows whose value is missing; null where none is.</summary>
    internal int? MissingCode { get; init; }

    // With more groups than this, each should have at least two rows on average.
    private const int FewGroups = 20;

    /// <summary>Checks that the values name groups: where they are many, that there are two rows for each.</summary>
    /// <exception cref="InvalidOperationException">They name rows.</exception>
    internal void CheckNamesGroups()
    {
        var rows = CodeOfRow.Count(code => code != MissingCode);
        var values = GroupNames.Count - (MissingCode is null ? 0 : 1);
        if (values > FewGroups && rows < 2 * values)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"Group column '{Name}' has {values} different values in {rows} rows; a group column must name groups, not rows."));
        }
    }
}

/// <summary>
/// Rows divided into groups. Only combinations of values that occur are groups; their order is that of the columns' own codes, first column
/// first, so it does not depend on the order of rows.
/// </summary>
/// <remarks>
/// The name of an intersection joins the values with ", " ("Female, Black"); a value that itself holds a comma or a quote is put in double
/// quotes there.
/// </remarks>
/// <param name="ColumnNames">The columns that define the groups; empty for the partition of all rows into one group.</param>
/// <param name="GroupOfRow">The group of each row, or <see cref="Excluded"/>.</param>
/// <param name="GroupNames">The groups' names.</param>
/// <param name="Counts">The number of rows of each group.</param>
internal sealed record GroupPartition(IReadOnlyList<string> ColumnNames, int[] GroupOfRow, IReadOnlyList<string> GroupNames,
    IReadOnlyList<int> Counts)
{
    /// <summary>The group of a row that belongs to none.</summary>
    internal const int Excluded = -1;

    /// <summary>The name of the only group of the partition without columns.</summary>
    internal const string AllRows = "(all)";

    /// <summary>The groups that were dropped with their rows, such as those below the minimum size.</summary>
    internal IReadOnlyList<string> ExcludedGroups { get; init; } = [];

    /// <summary>The indices of the groups whose value is missing in at least one column.</summary>
    internal IReadOnlyList<int> MissingGroups { get; init; } = [];

    internal int RowCount => GroupOfRow.Length;

    internal int GroupCount => GroupNames.Count;

    /// <summary>All rows as one group.</summary>
    internal static GroupPartition Whole(int rowCount) => new([], new int[rowCount], [AllRows], [rowCount]);

    /// <summary>The groups of one column, or of the intersection of several.</summary>
    internal static GroupPartition Intersect(IReadOnlyList<GroupColumn> columns)
    {
        ArgumentOutOfRangeException.ThrowIfZero(columns.Count);
        var rowCount = columns[0].CodeOfRow.Length;
        foreach (var column in columns)
        {
            if (column.CodeOfRow.Length != rowCount)
            {
                throw new ArgumentException(
                    $"Group column '{column.Name}' has {column.CodeOfRow.Length} rows, but '{columns[0].Name}' has {rowCount}.",
                    nameof(columns));
            }
        }

        // The groups so far, refined by one column after the other: the key (group so far, code) is at most rows x codes, so it fits a
        // long.
        var groupOfRow = new int[rowCount];
        var codesOfGroup = new List<int[]> { Array.Empty<int>() };
        foreach (var column in columns)
        {
            long width = column.GroupNames.Count;
            long KeyOf(int row) => groupOfRow[row] * width + column.CodeOfRow[row];
            var indexOfKey = new Dictionary<long, int>();
            for (var row = 0; row < rowCount; row++)
                indexOfKey.TryAdd(KeyOf(row), 0);
            long[] distinct = [.. indexOfKey.Keys.Order()];
            foreach (var (index, key) in distinct.Index())
                indexOfKey[key] = index;
            codesOfGroup = [.. distinct.Select(key => (int[])[.. codesOfGroup[(int)(key / width)], (int)(key % width)])];
            for (var row = 0; row < rowCount; row++)
                groupOfRow[row] = indexOfKey[KeyOf(row)];
        }

        string[] names = [.. codesOfGroup.Select(codes => Join(codes.Select((code, i) => columns[i].GroupNames[code])))];
        return new([.. columns.Select(c => c.Name)], groupOfRow, names, Count(groupOfRow, names.Length))
        {
            MissingGroups = [.. Enumerable.Range(0, names.Length)
                .Where(g => codesOfGroup[g].Where((code, i) => code == columns[i].MissingCode).Any())],
        };
    }

    /// <summary>This partition without the groups that <paramref name="exclude"/> names; their rows belong to no group.</summary>
    /// <param name="exclude">Given a group's name and number of rows, whether to drop it.</param>
    internal GroupPartition Without(Func<string, int, bool> exclude) => Without(g => exclude(GroupNames[g], Counts[g]));

    /// <summary>This partition without groups of fewer than <paramref name="minimum"/> rows.</summary>
    internal GroupPartition WithoutGroupsBelow(int minimum) => Without((_, count) => count < minimum);

    /// <summary>This partition without the groups whose value is missing in at least one column.</summary>
    internal GroupPartition WithoutMissingValues() => Without(g => MissingGroups.Contains(g));

    /// <summary>This partition without some of its groups; their rows belong to no group.</summary>
    /// <param name="excludes">Given a group's index, whether to drop it.</param>
    internal GroupPartition Without(Func<int, bool> excludes)
    {
        var newIndex = new int[GroupCount];
        var kept = new List<int>();
        var dropped = new List<string>();
        for (var g = 0; g < GroupCount; g++)
        {
            var drop = excludes(g);
            newIndex[g] = drop ? Excluded : kept.Count;
            if (drop)
                dropped.Add(GroupNames[g]);
            else
                kept.Add(g);
        }

        if (dropped.Count == 0)
            return this;
        var groupOfRow = Array.ConvertAll(GroupOfRow, g => g == Excluded ? Excluded : newIndex[g]);
        return new(ColumnNames, groupOfRow, [.. kept.Select(g => GroupNames[g])], [.. kept.Select(g => Counts[g])])
        {
            ExcludedGroups = [.. ExcludedGroups, .. dropped],
            MissingGroups = [.. MissingGroups.Where(g => newIndex[g] != Excluded).Select(g => newIndex[g])],
        };
    }

    /// <summary>The same groups of some of the rows; some groups may be empty.</summary>
    /// <param name="rows">The numbers of the rows, in the order wanted.</param>
    internal GroupPartition Take(int[] rows) => WithRows(Array.ConvertAll(rows, row => GroupOfRow[row]));

    /// <summary>The same groups without some rows, which then belong to none.</summary>
    /// <param name="excludes">Given the group and the number of a row, whether to leave it out.</param>
    internal GroupPartition WithoutRows(Func<int, int, bool> excludes)
        => WithRows([.. GroupOfRow.Select((group, row) => group != Excluded && excludes(group, row) ? Excluded : group)]);

    /// <summary>The same groups of the rows of other data; rows of other groups belong to none.</summary>
    /// <param name="other">The other data's own groups, over the same columns.</param>
    /// <param name="unseen">The names of their groups that are neither here nor left out here.</param>
    internal GroupPartition Match(GroupPartition other, out IReadOnlyList<string> unseen)
    {
        var indexOfName = new Dictionary<string, int>();
        for (var group = 0; group < GroupCount; group++)
            indexOfName.TryAdd(GroupNames[group], group);
        int[] groups = [.. other.GroupNames.Select(name => indexOfName.GetValueOrDefault(name, Excluded))];
        unseen = [.. other.GroupNames.Where((name, group) => groups[group] == Excluded && !ExcludedGroups.Contains(name))];
        return WithRows(Array.ConvertAll(other.GroupOfRow, group => group == Excluded ? group : groups[group]));
    }

    private GroupPartition WithRows(int[] groupOfRow) => this with { GroupOfRow = groupOfRow, Counts = Count(groupOfRow, GroupCount) };

    private static string Join(IEnumerable<string> values)
    {
        string[] parts = [.. values];
        return parts.Length == 1 ? parts[0] : string.Join(", ",
            parts.Select(v => v.AsSpan().ContainsAny(',', '"') ? $"\"{v.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : v));
    }

    private static int[] Count(int[] groupOfRow, int groups)
    {
        var counts = new int[groups];
        foreach (var group in groupOfRow)
        {
            if (group != Excluded)
                counts[group]++;
        }

        return counts;
    }
}
