using HumanCompatible.ML.Metrics;
namespace HumanCompatible.ML.Constraints;

/// <summary>
/// A bound on a rate of every group, or of all rows: recall of at least r, selection rate of at most s, false positive rate of at most a
/// (Neyman-Pearson classification).
/// </summary>
/// <remarks>
/// Source: Cotter et al. (2019), Optimization with non-differentiable constraints with applications to fairness, recall, churn, and other
/// goals.
/// </remarks>
/// <param name="Metric">The rate that is bounded.</param>
/// <param name="Direction">Whether it must be at most or at least the bound.</param>
/// <param name="GroupColumnNames">The columns that define the groups; empty bounds the rate of all rows together.</param>
/// <param name="Bound">The bound, from 0 to 1 (for the mean loss: of at least 0; for means: any number).</param>
public sealed record RateBound(GroupMetric Metric, BoundDirection Direction, IReadOnlyList<string> GroupColumnNames, double Bound)
    : GroupBoundConstraint(GroupColumnNames, Bound)
{
    internal override bool IsLowerBound => Direction == BoundDirection.AtLeast;

    private protected override GroupMetric BoundedMetric => Metric;

    private protected override string DefaultName
        => $"{Metric}{Direction}{(GroupColumnNames.Count == 0 ? "" : $"({string.Join(", ", GroupColumnNames)})")}{ClassSuffix}";

    internal override void Validate(ICollection<string> problems)
    {
        base.Validate(problems);
        if (!Enum.IsDefined(Metric))
        {
            problems.Add(
            $"{Name}: Metric {(int)Metric} is not one of {string.Join(", ", Enum.GetNames<GroupMetric>())}.");
        }

        if (!Enum.IsDefined(Direction))
        {
            problems.Add(
            $"{Name}: Direction {(int)Direction} is not one of {string.Join(", ", Enum.GetNames<BoundDirection>())}.");
        }
    }
}
