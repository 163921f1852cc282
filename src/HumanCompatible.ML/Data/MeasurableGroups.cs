using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Groups;

namespace HumanCompatible.ML.Data;

/// <summary>
/// The groups that have enough rows to tell whether they keep a bound (of several classes that of one), before anything is trained.
/// </summary>
internal static class MeasurableGroups
{
    /// <summary>The groups under the rule for those that cannot be measured.</summary>
    /// <param name="groups">The groups of the rows.</param>
    /// <param name="table">The rows.</param>
    /// <param name="policy">The rule.</param>
    internal static ConstraintGroups Of(ConstraintGroups groups, RawTable table, UnmeasurableGroups policy)
    {
        if (policy is not (UnmeasurableGroups.Exclude or UnmeasurableGroups.Error))
            return groups;
        UnmeasurableGroup[][] found = [.. groups.Constraints.Select((constraint, index) => constraint is CustomConstraint ? []
            : VerdictRule.Of(constraint, table.Expected(constraint, groups.Partitions[index]), tail: null)
                .UnmeasurableGroups.GroupBy(group => group.Group)
                .Where(classes => classes.DistinctBy(group => group.ClassName).Count() == constraint.ClassCount)
                .Select(classes => classes.First()).ToArray())];
        string Tell(int index) => $"{groups.Constraints[index].Name}: too few rows to tell the bound "
            + FormattableString.Invariant($"{groups.Constraints[index].Bound}: {string.Join<UnmeasurableGroup>("; ", found[index])}");
        var affected = Enumerable.Range(0, found.Length).Where(index => found[index].Length > 0).ToArray();
        if (policy == UnmeasurableGroups.Error)
            return groups with { Problems = [.. groups.Problems, .. affected.Select(index => $"{Tell(index)}.")] };

        var partitions = GroupPartitions.By(
            [.. found.Select((gone, index)
                => (groups.Partitions.OfConstraint[index], string.Join('\0', gone.Select(group => group.Group))))],
            index => groups.Partitions[index].Without((name, _) => found[index].Any(group => group.Group == name)));
        return groups with
        {
            Partitions = partitions,
            Excluded = [.. groups.Excluded.Select((excluded, index) => (IReadOnlyList<ExcludedGroup>)[.. excluded, .. found[index]
                .Select(group => new ExcludedGroup(group.Group,
                    FormattableString.Invariant($"{group.Rows} rows, ")
                        + (group.RowsNeeded is { } needed
                            ? FormattableString.Invariant($"about {needed} needed to tell the bound")
                            : "of which no number tells the bound")))])],
            Warnings = [.. groups.Warnings, .. affected.Select(index => $"{Tell(index)}. The constraint leaves them out.")],
        };
    }
}
