using System.Text.Json.Serialization;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Constraints;

/// <summary>
/// A constraint that one statistic r_g of every group keeps a fixed bound. The audited value is max r_g (at most
/// <see cref="FairnessConstraint.Bound"/>) or min r_g (at least the bound), over the groups that define r_g; NaN
/// where none does. Without columns it bounds the statistic of all rows.
/// </summary>
internal abstract record GroupBoundConstraint : FairnessConstraint
{
    private protected GroupBoundConstraint(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    /// <summary>The statistic that is bounded.</summary>
    private protected abstract GroupMetric BoundedMetric { get; }

    private protected override IReadOnlyList<GroupMetric> DeclaredMetrics => [BoundedMetric];

    private protected override bool RequiresGroups => false;

    internal override bool IsFlatteredByTraining => BoundedMetric.IsOfFit;

    internal override double LargestBound => BoundedMetric.IsRate ? 1 : double.PositiveInfinity;

    internal override IEnumerable<LinearInequality> Inequalities(IReadOnlyList<string> groupNames)
    {
        double sign = IsLowerBound ? -1 : 1;
        var comparison = IsLowerBound ? ">=" : "<=";
        foreach (var metric in Metrics)
        {
            for (var group = 0; group < groupNames.Count; group++)
            {
                yield return new(FormattableString.Invariant($"{InequalityPrefix(metric)}: {groupNames[group]} {comparison} {Bound}"),
                    sign * Bound, [new(metric, group, sign)]);
            }
        }
    }

    internal override double ValueOf(IGroupRates rates)
    {
        var groups = Metrics.SelectMany(metric => Enumerable.Range(0, rates.GroupNames.Count).Select(group => rates.Rate(metric, group)));
        return IsLowerBound ? RateSpread.MinOfDefined(groups) : RateSpread.MaxOfDefined(groups);
    }
}

/// <inheritdoc cref="Fairness.BoundedGroupLoss"/>
internal sealed record BoundedGroupLoss : GroupBoundConstraint
{
    [JsonConstructor]
    internal BoundedGroupLoss(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    private protected override GroupMetric BoundedMetric => GroupMetric.MeanLoss;
}

/// <inheritdoc cref="Fairness.RateAtMost"/>
internal sealed record RateBound : GroupBoundConstraint
{
    [JsonConstructor]
    internal RateBound(GroupMetric metric, BoundDirection direction, ColumnNames groupColumnNames, double bound)
        : base(groupColumnNames, bound)
    {
        ArgumentNullException.ThrowIfNull(metric);
        (Metric, Direction) = (metric, direction);
    }

    /// <summary>The rate that is bounded.</summary>
    public GroupMetric Metric { get; }

    /// <summary>Whether it must be at most or at least the bound.</summary>
    public BoundDirection Direction { get; init; }

    internal override bool IsLowerBound => Direction == BoundDirection.AtLeast;

    private protected override GroupMetric BoundedMetric => Metric;

    private protected override string DefaultName
        => $"{Metric}{Direction}{(GroupColumnNames.Count == 0 ? "" : $"({string.Join(", ", GroupColumnNames)})")}{ClassSuffix}";

    internal override void Validate(ICollection<string> problems)
    {
        base.Validate(problems);
        CheckDefined(Direction, nameof(Direction), problems);
    }
}

/// <summary>The side of a bound on which a rate must stay.</summary>
internal enum BoundDirection
{
    /// <summary>The rate must be at most the bound.</summary>
    AtMost,

    /// <summary>The rate must be at least the bound.</summary>
    AtLeast,
}
