using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Data;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Groups;

/// <summary>
/// The groups that each constraint speaks of: those of its columns, less the ones that the options or the data leave out.
/// </summary>
/// <param name="Constraints">The constraints.</param>
/// <param name="Partitions">The groups of the rows, one partition per constraint; constraints with the same groups share one.</param>
/// <param name="Excluded">What each constraint leaves out.</param>
/// <param name="Warnings">What the user should know of the groups.</param>
/// <param name="Problems">Why these groups cannot be trained on under the options.</param>
internal sealed record ConstraintGroups(
    IReadOnlyList<FairnessConstraint> Constraints,
    IReadOnlyList<GroupPartition> Partitions,
    IReadOnlyList<IReadOnlyList<ExcludedGroup>> Excluded,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> Problems)
{
    /// <summary>
    /// The groups of a table under the rules for missing values and for small groups; the partition of all rows has neither.
    /// </summary>
    internal static ConstraintGroups Of(RawTable table, IReadOnlyList<FairnessConstraint> constraints, GroupOptions options)
    {
        var counted = new Dictionary<GroupPartition, GroupFilter>(ReferenceEqualityComparer.Instance);
        var partitions = table.Partitions(constraints);
        foreach (var partition in partitions)
        {
            if (!counted.ContainsKey(partition))
                counted.Add(partition, GroupFilter.Of(partition, options));
        }

        return new ConstraintGroups(
            constraints,
            [.. partitions.Select(partition => counted[partition].Partition)],
            [.. partitions.Select(partition => counted[partition].Excluded)],
            [.. counted.Values.SelectMany(groups => groups.Warnings)],
            [.. counted.Values.SelectMany(groups => groups.Problems)]);
    }

    /// <summary>The same groups of some of the rows.</summary>
    internal ConstraintGroups Take(int[] rows)
    {
        var taken = new Dictionary<GroupPartition, GroupPartition>(ReferenceEqualityComparer.Instance);
        foreach (var partition in Partitions)
            taken.TryAdd(partition, PartitionMatching.Take(partition, rows));
        return this with { Partitions = [.. Partitions.Select(partition => taken[partition])] };
    }

    /// <summary>
    /// These groups without those that define none of a constraint's rates on the rows; a group that defines some stays, and what it lacks
    /// is noted.
    /// </summary>
    /// <param name="labels">The labels of the rows.</param>
    /// <param name="weights">Their weights, or null.</param>
    /// <param name="policy">Whether such groups are left out or a problem.</param>
    /// <param name="what">What the rows are called in messages.</param>
    internal ConstraintGroups Define(float[] labels, float[]? weights, GroupPolicy policy, string what)
    {
        var partitions = new List<GroupPartition>();
        var excluded = new List<IReadOnlyList<ExcludedGroup>>();
        List<string> warnings = [.. Warnings], problems = [.. Problems];
        var narrowed = new List<(GroupPartition From, int[] Without, GroupPartition To)>();
        for (var index = 0; index < Constraints.Count; index++)
        {
            var (constraint, partition) = (Constraints[index], Partitions[index]);
            var lacking = UndefinedRate.Find(labels, weights, constraint, partition)
                .ToLookup(undefined => undefined.Group, undefined => undefined.Lacks);
            var left = new List<ExcludedGroup>(Excluded[index]);
            var gone = new List<int>();
            foreach (var group in lacking.OrderBy(group => group.Key))
            {
                var name = partition.GroupNames[group.Key];
                if (policy == GroupPolicy.Error)
                {
                    problems.AddRange(group.Select(lacks => UndefinedRate.Tell(constraint, name, lacks, what)));
                    continue;
                }

                if (UndefinedRate.Denominators(constraint).All(group.Contains))
                {
                    gone.Add(group.Key);
                    var lacks = string.Join(", ", group.Select(quantity => "no " + UndefinedRate.Describe(quantity)));
                    left.Add(new ExcludedGroup(name, lacks));
                    warnings.Add(
                        $"{constraint.Name}: group '{name}' has {lacks} in {what}: its statistic is not defined, and the constraint leaves "
                        + "it out.");
                    continue;
                }

                foreach (var lacks in group.Where(lacks => !IsLeftOut(index, name, lacks)))
                {
                    left.Add(new ExcludedGroup(name, $"no {UndefinedRate.Describe(lacks)}, so that only its other rates are bound", lacks));
                    warnings.Add(
                        $"{constraint.Name}: group '{name}' has no {UndefinedRate.Describe(lacks)} in {what}: its rate over them is not "
                        + "defined, and the constraint leaves that rate out.");
                }
            }

            partitions.Add(Narrow(partition, [.. gone]));
            excluded.Add(left);
        }

        return this with { Partitions = partitions, Excluded = excluded, Warnings = warnings, Problems = problems };

        // Constraints that leave out the same groups of a partition go on sharing one.
        GroupPartition Narrow(GroupPartition partition, int[] gone)
        {
            if (gone.Length == 0)
                return partition;
            var known = narrowed.Find(known => ReferenceEquals(known.From, partition) && known.Without.SequenceEqual(gone)).To;
            if (known is null)
                narrowed.Add((partition, gone, known = partition.Without(group => Array.IndexOf(gone, group) >= 0)));
            return known;
        }
    }

    /// <summary>Whether a constraint leaves out the rate of a group over these rows, but not the whole group.</summary>
    internal bool IsLeftOut(int constraint, string group, RowQuantity lacks)
        => Excluded[constraint].Any(left => left.Name == group && left.Lacks == lacks);

    /// <summary>Partitions of other rows over these groups: what is left out here is left out there, whatever those rows define.</summary>
    /// <param name="others">The groups of the other rows, one partition per constraint.</param>
    /// <param name="labels">The labels of the other rows.</param>
    /// <param name="warnings">What the user should know.</param>
    internal IReadOnlyList<GroupPartition> OfOtherRows(IReadOnlyList<GroupPartition> others, float[] labels,
        out IReadOnlyList<string> warnings)
    {
        GroupPartition[] matched = [.. PartitionMatching.Match(others, Partitions, out warnings)];
        for (var index = 0; index < matched.Length; index++)
        {
            foreach (var left in Excluded[index].Where(left => left.Lacks is not null))
            {
                matched[index] = PartitionMatching.WithoutRows(matched[index], (group, row)
                    => matched[index].GroupNames[group] == left.Name && UndefinedRate.IsAmong(left.Lacks!.Value, labels[row]));
            }
        }

        return matched;
    }
}
