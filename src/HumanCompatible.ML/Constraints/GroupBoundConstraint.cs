using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Constraints;

/// <summary>
/// A constraint that one statistic r_g of every group keeps a fixed bound. The audited value is max r_g (at most
/// <see cref="FairnessConstraint.Bound"/>)
/// or min r_g (at least the bound).
/// </summary>
/// <param name="GroupColumnNames">The columns that define the groups; empty for all rows as one group.</param>
/// <param name="Bound">The largest or smallest value allowed, from 0 to 1 (for losses: of at least 0; for means: any number).</param>
public abstract record GroupBoundConstraint(IReadOnlyList<string> GroupColumnNames, double Bound)
    : FairnessConstraint(GroupColumnNames, Bound)
{
    /// <summary>The statistic that is bounded.</summary>
    private protected abstract GroupMetric BoundedMetric { get; }

    internal override IReadOnlyList<GroupMetric> Metrics => [BoundedMetric];

    private protected override bool RequiresGroups => false;

    private protected override double SmallestBound => MetricDefinition.IsSigned(BoundedMetric) ? double.NegativeInfinity : 0;

    private protected override double LargestBound => MetricDefinition.IsRate(BoundedMetric) ? 1 : double.PositiveInfinity;

    internal override IEnumerable<LinearInequality> Rows(IReadOnlyList<string> groupNames, string? className = null)
    {
        double sign = IsLowerBound ? -1 : 1;
        var comparison = IsLowerBound ? ">=" : "<=";
        for (var g = 0; g < groupNames.Count; g++)
        {
            yield return new(FormattableString.Invariant($"{RowPrefix(className)}: {groupNames[g]} {comparison} {Bound}"), sign * Bound,
                [new(BoundedMetric, g, sign)]);
        }
    }

    internal override double ValueOf(IGroupRates rates)
    {
        var groups = Enumerable.Range(0, rates.GroupNames.Count).Select(g => rates.Rate(BoundedMetric, g));
        return IsLowerBound ? RateSpread.Min(groups) : RateSpread.Max(groups);
    }

    internal override FairnessConstraint Tightened(double margin) =>
        this with { Bound = IsLowerBound ? Math.Min(LargestBound, Bound + margin) : Math.Max(SmallestBound, Bound - margin) };
}
