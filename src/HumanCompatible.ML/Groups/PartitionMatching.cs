namespace HumanCompatible.ML.Groups;

/// <summary>Keeps the groups of other rows the same as those of the training rows.</summary>
internal static class PartitionMatching
{
    /// <summary>The partition of some of the rows: the same groups, though some may be empty.</summary>
    internal static GroupPartition Take(GroupPartition partition, int[] rows)
        => WithRows(partition, Array.ConvertAll(rows, row => partition.GroupOfRow[row]));

    /// <summary>
    /// Partitions of other data over the groups of the training data; rows of groups that the training data lack or leave out belong to
    /// none.
    /// </summary>
    internal static IReadOnlyList<GroupPartition> Match(IReadOnlyList<GroupPartition> partitions, IReadOnlyList<GroupPartition> training,
        out IReadOnlyList<string> warnings)
    {
        var found = new List<string>();
        var matched = new Dictionary<GroupPartition, GroupPartition>(ReferenceEqualityComparer.Instance);
        for (var index = 0; index < partitions.Count; index++)
        {
            // Constraints on the same columns share a partition unless they leave out different groups.
            var partition = partitions[index];
            if (matched.ContainsKey(training[index]))
                continue;
            var codes = partition.GroupNames.Select(name => IndexOf(training[index].GroupNames, name)).ToArray();
            matched.Add(training[index], WithRows(training[index],
                Array.ConvertAll(partition.GroupOfRow, group => group == GroupPartition.Excluded ? group : codes[group])));
            var unseen = partition.GroupNames.Where((name, group)
                => codes[group] == GroupPartition.Excluded && !training[index].ExcludedGroups.Contains(name)).ToList();
            if (unseen.Count > 0)
            {
                found.Add(
                    $"The validation data have groups of '{string.Join(", ", partition.ColumnNames)}' that the training data lack: "
                    + $"{string.Join(", ", unseen.Select(name => $"'{name}'"))}. Their rows count for the accuracy, not for the "
                    + "constraints.");
            }
        }

        warnings = [.. found.Distinct()];
        return [.. training.Select(partition => matched[partition])];
    }

    /// <summary>The same groups without some rows, which then belong to none.</summary>
    /// <param name="partition">The groups.</param>
    /// <param name="excludes">Given the group and the number of a row, whether to leave it out.</param>
    internal static GroupPartition WithoutRows(GroupPartition partition, Func<int, int, bool> excludes)
        => WithRows(partition, [.. partition.GroupOfRow.Select((group, row)
            => group != GroupPartition.Excluded && excludes(group, row) ? GroupPartition.Excluded : group)]);

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (var index = 0; index < names.Count; index++)
        {
            if (names[index] == name)
                return index;
        }

        return GroupPartition.Excluded;
    }

    private static GroupPartition WithRows(GroupPartition groups, int[] groupOfRow)
    {
        var counts = new int[groups.GroupCount];
        foreach (var group in groupOfRow)
        {
            if (group != GroupPartition.Excluded)
                counts[group]++;
        }

        return groups with { GroupOfRow = groupOfRow, Counts = counts };
    }
}
