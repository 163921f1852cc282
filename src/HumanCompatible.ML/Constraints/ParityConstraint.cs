using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Constraints;

/// <summary>
/// A constraint that one or more statistics are (nearly) the same in every group. With r_g the statistic of group g and r that of all rows:
/// the audited value is max r_g - min r_g (at most <see cref="FairnessConstraint.Bound"/>) or, as a ratio, min r_g / max r_g (at least the
/// bound); compared with a baseline r it is max |r_g - r|, as a ratio min over g of min(r_g / r, r / r_g). Of several statistics the worst
/// counts. A group that does not define r_g is left out; where fewer than two define it nothing is compared, and the value is NaN, also
/// where that is so of one of several statistics only.
/// </summary>
public abstract record ParityConstraint : FairnessConstraint
{
    private protected ParityConstraint(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    /// <summary>Whether statistics are compared by their difference (the default) or by their ratio.</summary>
    public GroupComparison Comparison { get; init; }

    /// <summary>What each group is compared with; by default every other group.</summary>
    public GroupBaseline Baseline { get; init; }

    /// <summary>
    /// The name of the group that the others are compared with; given exactly when <see cref="Baseline"/> is
    /// <see cref="GroupBaseline.ReferenceGroup"/>.
    /// </summary>
    public string? ReferenceGroup { get; init; }

    private protected override string DefaultName => (Comparison == GroupComparison.Ratio ? Kind + "Ratio" : Kind) + Scope + ClassSuffix;

    private string Scope => "(" + string.Join(", ", GroupColumnNames) + Baseline switch
    {
        GroupBaseline.Overall => " to overall)",
        GroupBaseline.ReferenceGroup => $" to {ReferenceGroup})",
        _ => ")",
    };

    internal override bool UsesOverall => Baseline == GroupBaseline.Overall;

    internal override bool IsLowerBound => Comparison == GroupComparison.Ratio;

    internal override double LargestBound
        => Comparison == GroupComparison.Difference && !DeclaredMetrics.All(metric => metric.IsRate) ? double.PositiveInfinity : 1;

    internal override IEnumerable<LinearInequality> Inequalities(IReadOnlyList<string> groupNames)
    {
        foreach (var metric in Metrics)
        {
            foreach (var (first, second) in OrderedPairs(groupNames))
            {
                yield return Inequality(metric, first, second, InequalityPrefix(metric),
                    group => group == RateTerm.Overall ? "overall" : groupNames[group]);
            }
        }
    }

    // Difference: r_first - r_second <= bound. Ratio: bound x r_first - r_second <= 0. Over all ordered pairs that is max - min, or
    // min / max.
    private LinearInequality Inequality(GroupMetric metric, int first, int second, string prefix, Func<int, string> nameOf)
        => Comparison == GroupComparison.Difference
            ? new(FormattableString.Invariant($"{prefix}: {nameOf(first)} - {nameOf(second)} <= {Bound}"), Bound,
                [new(metric, first, 1), new(metric, second, -1)])
            : new(FormattableString.Invariant($"{prefix}: {nameOf(second)} / {nameOf(first)} >= {Bound}"), 0,
                [new(metric, first, Bound), new(metric, second, -1)]);

    private IEnumerable<(int First, int Second)> OrderedPairs(IReadOnlyList<string> groupNames)
    {
        var reference = Baseline == GroupBaseline.ReferenceGroup && groupNames.Count > 0 ? IndexOfReference(groupNames) : 0;
        for (var group = 0; group < groupNames.Count; group++)
        {
            var (first, last) = Baseline switch
            {
                GroupBaseline.Pairwise => (group + 1, groupNames.Count - 1),
                GroupBaseline.Overall => (RateTerm.Overall, RateTerm.Overall),
                _ => (reference, reference),
            };
            for (var other = first; other <= last; other++)
            {
                if (other == group)
                    continue; // the reference itself
                yield return (group, other);
                yield return (other, group);
            }
        }
    }

    internal override double ValueOf(IGroupRates rates)
    {
        // Of a class all statistics must be defined, but not of all classes.
        var isDifference = Comparison == GroupComparison.Difference;
        var classes = Metrics.GroupBy(metric => metric.Class, metric => ValueOf(metric, rates))
            .Select(values => isDifference ? RateSpread.Max(values) : RateSpread.Min(values));
        return isDifference ? RateSpread.MaxOfDefined(classes) : RateSpread.MinOfDefined(classes);
    }

    private double ValueOf(GroupMetric metric, IGroupRates rates)
    {
        double[] groups = [.. Enumerable.Range(0, rates.GroupNames.Count).Select(g => rates.Rate(metric, g))];
        if (Baseline == GroupBaseline.Pairwise)
            return Comparison == GroupComparison.Difference ? RateSpread.Difference(groups) : RateSpread.Ratio(groups);
        if (groups.Count(rate => !double.IsNaN(rate)) < 2)
            return double.NaN; // what there is would be compared with itself
        var baseline = Baseline == GroupBaseline.Overall
            ? rates.OverallRate(metric) : rates.Rate(metric, IndexOfReference(rates.GroupNames));
        return Comparison == GroupComparison.Difference
            ? RateSpread.MaxOfDefined(groups.Select(r => Math.Abs(r - baseline)))
            : RateSpread.MinOfDefined(groups.Select(r => RateSpread.Ratio(r, baseline)));
    }

    private int IndexOfReference(IReadOnlyList<string> groupNames)
    {
        for (var g = 0; g < groupNames.Count; g++)
        {
            if (groupNames[g] == ReferenceGroup)
                return g;
        }

        throw new InvalidOperationException(
            $"{Name}: there is no group '{ReferenceGroup}'; the groups are {string.Join("; ", groupNames.Select(n => $"'{n}'"))}.");
    }

    internal override void Validate(ICollection<string> problems)
    {
        base.Validate(problems);
        CheckDefined(Comparison, nameof(Comparison), problems);
        CheckDefined(Baseline, nameof(Baseline), problems);
        if (Baseline == GroupBaseline.ReferenceGroup && string.IsNullOrEmpty(ReferenceGroup))
            problems.Add($"{Name}: Baseline is ReferenceGroup, but no ReferenceGroup is named.");
        if (Baseline != GroupBaseline.ReferenceGroup && ReferenceGroup is not null)
            problems.Add($"{Name}: ReferenceGroup '{ReferenceGroup}' is named, but Baseline is {Baseline}.");
    }
}

/// <summary>How the statistics of two groups are compared.</summary>
public enum GroupComparison
{
    /// <summary>By their difference, which must be at most the bound.</summary>
    Difference,

    /// <summary>
    /// By the smaller divided by the larger, which must be at least the bound (0.8 is the four-fifths rule). Two zeros count as equal: 1.
    /// </summary>
    Ratio,
}

/// <summary>What the statistic of each group is compared with.</summary>
public enum GroupBaseline
{
    /// <summary>With every other group: the largest against the smallest.</summary>
    Pairwise,

    /// <summary>With the same statistic over all rows of all groups together.</summary>
    Overall,

    /// <summary>With one reference group, named in <see cref="ParityConstraint.ReferenceGroup"/>.</summary>
    ReferenceGroup,
}
