using System.Globalization;
using HumanCompatible.ML.Metrics;
namespace HumanCompatible.ML.Constraints.Compiled;

/// <summary>
/// Bounds on rates that no model can keep together, whatever the data: found before training, and only where it is certain.
/// </summary>
internal static class ConflictingBounds
{
    /// <summary>
    /// Adds a message for each pair of bounds on one rate, of the same groups or of groups of which one kind divides the other, that
    /// exclude each other.
    /// </summary>
    /// <param name="constraints">The declarations; null entries are left to others.</param>
    /// <param name="problems">Receives the messages.</param>
    /// <param name="everyRowHasItsGroup">Whether no group is left out. Only then a rate of a larger group is a mean of the rates of the
    /// smaller ones that divide it.</param>
    internal static void Validate(IReadOnlyList<FairnessConstraint> constraints, ICollection<string> problems,
        bool everyRowHasItsGroup = true)
    {
        var bounds = constraints.OfType<GroupBoundConstraint>().Select(Bound.Of).ToList();
        foreach (var least in bounds.Where(bound => bound.IsLower))
        {
            foreach (var most in bounds.Where(bound
                => !bound.IsLower && bound.Metric == least.Metric && bound.Constraint.ClassName == least.Constraint.ClassName
                && bound.Value < least.Value))
            {
                if (SameOrDivided(least.Constraint, most.Constraint, everyRowHasItsGroup))
                {
                    problems.Add(string.Create(CultureInfo.InvariantCulture,
                        $"{least.Constraint.Name} and {most.Constraint.Name} cannot both hold: {least.Metric} would have to be at least "
                        + $"{least.Value} and at most {most.Value}."));
                }
            }
        }
    }

    private static bool SameOrDivided(FairnessConstraint first, FairnessConstraint second, bool everyRowHasItsGroup)
    {
        var (a, b) = (first.GroupColumnNames.ToHashSet(), second.GroupColumnNames.ToHashSet());
        return a.SetEquals(b) || (everyRowHasItsGroup && (a.IsSubsetOf(b) || b.IsSubsetOf(a)));
    }

    // A rate that is 1 minus another is brought to that other, so that bounds on both are compared.
    private readonly record struct Bound(FairnessConstraint Constraint, GroupMetric Metric, bool IsLower, double Value)
    {
        internal static Bound Of(GroupBoundConstraint constraint)
        {
            var metric = constraint.Metrics[0].Unclassed;
            return metric.Complement is { } other ? new(constraint, other, !constraint.IsLowerBound, 1 - constraint.Bound)
                : new(constraint, metric, constraint.IsLowerBound, constraint.Bound);
        }
    }
}
