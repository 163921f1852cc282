using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Constraints;

/// <summary>
/// The groups that each constraint speaks of: those of its columns, less the ones that the options or the data leave out.
/// </summary>
/// <param name="Constraints">The constraints.</param>
/// <param name="Partitions">The groups of the rows for each constraint.</param>
/// <param name="Excluded">What each constraint leaves out.</param>
/// <param name="Warnings">What the user should know of the groups.</param>
/// <param name="Problems">Why these groups cannot be trained on under the options.</param>
internal sealed record ConstraintGroups(
    IReadOnlyList<FairnessConstraint> Constraints,
    GroupPartitions Partitions,
    IReadOnlyList<IReadOnlyList<ExcludedGroup>> Excluded,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> Problems)
{
    /// <summary>
    /// The groups of data under the rules for missing values and for small groups; the partition of all rows has neither.
    /// </summary>
    internal static ConstraintGroups Of(IReadOnlyList<FairnessConstraint> constraints, GroupPartitions partitions, GroupOptions options)
    {
        GroupFilter[] filtered = [.. partitions.Distinct.Select(partition => GroupFilter.Of(partition, options))];
        List<string> problems = [.. filtered.SelectMany(groups => groups.Problems)];
        if (!options.EveryRowHasItsGroup) // otherwise the options were refused before
            ConflictingBounds.Validate(constraints, problems, everyRowHasItsGroup: filtered.All(groups => groups.Excluded.Count == 0));
        return new ConstraintGroups(
            constraints,
            partitions with { Distinct = [.. filtered.Select(groups => groups.Partition)] },
            [.. partitions.OfConstraint.Select(index => filtered[index].Excluded)],
            [.. filtered.SelectMany(groups => groups.Warnings)],
            problems);
    }

    /// <summary>The same groups of some of the rows.</summary>
    internal ConstraintGroups Take(int[] rows) => this with { Partitions = Partitions.Take(rows) };

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
        var excluded = new List<IReadOnlyList<ExcludedGroup>>();
        List<string> warnings = [.. Warnings], problems = [.. Problems];
        var undefined = new List<List<int>>();
        for (var index = 0; index < Constraints.Count; index++)
        {
            var (constraint, partition) = (Constraints[index], Partitions[index]);
            var lacking = UndefinedRate.Find(labels, weights, constraint, partition)
                .ToLookup(rate => rate.Group);
            var left = new List<ExcludedGroup>(Excluded[index]);
            var gone = new List<int>();
            foreach (var group in lacking.OrderBy(group => group.Key))
            {
                var name = partition.GroupNames[group.Key];
                if (policy == GroupPolicy.Error)
                {
                    problems.AddRange(group.Select(rate => rate.Tell(constraint, name, what)));
                    continue;
                }

                if (constraint.Denominators.All(rows => group.Any(rate => rate.Lacks == rows)))
                {
                    gone.Add(group.Key);
                    var lacks = string.Join("; ", group.Select(rate => rate.Reason()));
                    left.Add(new ExcludedGroup(name, lacks));
                    warnings.Add(
                        $"{constraint.Name}: group '{name}' has {lacks} in {what}: its statistic is not defined, and the constraint leaves "
                        + "it out.");
                    continue;
                }

                foreach (var rate in group.Where(rate => !IsLeftOut(index, name, rate.Lacks)))
                {
                    left.Add(new ExcludedGroup(name, $"{rate.Reason()}, so that only its other rates are bound",
                        rate.Lacks.Quantity, rate.Lacks.ClassName));
                    warnings.Add(
                        $"{constraint.Name}: group '{name}' has {rate.Reason()} in {what}: its rate over them is not defined, and the "
                        + "constraint leaves that rate out.");
                }
            }

            undefined.Add(gone);
            excluded.Add(left);
        }

        // Constraints that leave out the same groups of a partition go on sharing one.
        var partitions = GroupPartitions.By(
            [.. undefined.Select((gone, index) => (Partitions.OfConstraint[index], string.Join(' ', gone)))],
            index => Partitions[index].Without(undefined[index].Contains));
        return this with { Partitions = partitions, Excluded = excluded, Warnings = warnings, Problems = problems };
    }

    /// <summary>Whether a constraint leaves out the rate of a group over these rows, but not the whole group.</summary>
    internal bool IsLeftOut(int constraint, string group, RateRows lacks)
        => Excluded[constraint].Any(left => left.Name == group && left.IsOf(lacks));

    /// <summary>Partitions of other rows over these groups: what is left out here is left out there, whatever those rows define.</summary>
    /// <param name="others">The groups of the other rows.</param>
    /// <param name="labels">The labels of the other rows.</param>
    /// <param name="warnings">What the user should know.</param>
    internal GroupPartitions OfOtherRows(GroupPartitions others, float[] labels, out IReadOnlyList<string> warnings)
    {
        const int Shared = -1;
        var matched = others.Match(Partitions, out warnings);
        ExcludedGroup[][] lacking = [.. Excluded.Select(excluded => excluded.Where(group => group.Lacks is not null).ToArray())];
        return GroupPartitions.By(
            [.. lacking.Select((left, index) => (matched.OfConstraint[index], left.Length > 0 ? index : Shared))],
            index => lacking[index].Aggregate(matched[index], (partition, left) => partition.WithoutRows((group, row)
                => partition.GroupNames[group] == left.Name
                    && Constraints[index].Denominators.Any(rows => left.IsOf(rows) && rows.CountsAll(labels[row])))));
    }
}
