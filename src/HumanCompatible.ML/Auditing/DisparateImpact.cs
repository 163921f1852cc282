using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Auditing;

/// <summary>
/// How the selection rate of a group compares with that of a reference group. The tests count rows, whatever their weights.
/// </summary>
public sealed record DisparateImpact
{
    private DisparateImpact(double ratio, double fisherPValue, double gStatistic, double gPValue)
        => (Ratio, FisherPValue, GStatistic, GPValue) = (ratio, fisherPValue, gStatistic, gPValue);

    /// <summary>The selection rate of the group by that of the reference; below 0.8 the "four-fifths rule" sees adverse impact.</summary>
    /// <value>At least 0; NaN where the reference selects nothing, or a rate is undefined.</value>
    public double Ratio { get; }

    /// <summary>
    /// The two-sided p-value of Fisher's exact test: the probability, if both had the same selection rate, of a table that is at most as
    /// likely as the one seen.
    /// </summary>
    /// <value>From 0 to 1; NaN where a group has no rows.</value>
    public double FisherPValue { get; }

    /// <summary>G = 2 sum O ln(O / E), O the numbers of rows selected and not, E those expected of equal rates.</summary>
    /// <value>At least 0; NaN where all rows are selected, or none, or a group has no rows.</value>
    public double GStatistic { get; }

    /// <summary>The p-value of the G-test, by the chi-squared distribution of 1 degree of freedom.</summary>
    /// <value>From 0 to 1; NaN where <see cref="GStatistic"/> is.</value>
    public double GPValue { get; }

    /// <summary>The members and their values, with the numbers of the invariant culture.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => RecordText.Of(this, PrintMembers);

    internal static DisparateImpact Of(GroupCounts group, GroupCounts reference)
    {
        int selected = group.Rows(RowQuantity.PredictedPositive), others = group.Rows(RowQuantity.PredictedNegative),
            referenceSelected = reference.Rows(RowQuantity.PredictedPositive),
            referenceOthers = reference.Rows(RowQuantity.PredictedNegative);
        var rate = reference.Rate(GroupMetric.SelectionRate);
        var (statistic, pValue) = IndependenceTests.GTest([(selected, others), (referenceSelected, referenceOthers)]);
        return new DisparateImpact(rate > 0 ? group.Rate(GroupMetric.SelectionRate) / rate : double.NaN,
            IndependenceTests.Fisher(selected, others, referenceSelected, referenceOthers), statistic, pValue);
    }
}
