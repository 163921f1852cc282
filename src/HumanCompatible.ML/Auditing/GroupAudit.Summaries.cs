using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Auditing;

/// <content>The summaries that have names of their own.</content>
public sealed partial class GroupAudit
{
    /// <summary>The largest difference of selection rates, max - min (fairlearn: demographic_parity_difference).</summary>
    /// <value>From 0 to 1; NaN where fewer than two groups have rows of positive weight.</value>
    public double DemographicParityDifference => Difference(AuditStatistic.SelectionRate);

    /// <summary>
    /// The smallest selection rate divided by the largest (fairlearn: demographic_parity_ratio); 1 where all are zero.
    /// </summary>
    /// <value>From 0 to 1; NaN where fewer than two groups have rows of positive weight.</value>
    public double DemographicParityRatio => Ratio(AuditStatistic.SelectionRate);

    /// <summary>The larger of the largest differences of true and of false positive rates (fairlearn: equalized_odds_difference).</summary>
    /// <value>From 0 to 1; NaN where fewer than two groups have a positive row, or fewer than two a negative one.</value>
    public double EqualizedOddsDifference => RateSpread.Max(
        [Difference(AuditStatistic.TruePositiveRate), Difference(AuditStatistic.FalsePositiveRate)]);

    /// <summary>The smaller of the ratios of true and of false positive rates (fairlearn: equalized_odds_ratio).</summary>
    /// <value>From 0 to 1; NaN where fewer than two groups have a positive row, or fewer than two a negative one.</value>
    public double EqualizedOddsRatio => RateSpread.Min(
        [Ratio(AuditStatistic.TruePositiveRate), Ratio(AuditStatistic.FalsePositiveRate)]);

    /// <summary>The largest difference of positive predictive values, max - min.</summary>
    /// <value>From 0 to 1; NaN where fewer than two groups have a positive prediction.</value>
    public double PredictiveParityDifference => Difference(AuditStatistic.PositivePredictiveValue);

    /// <summary>
    /// The mean of the differences of false and of true positive rates from those of a reference group, ((FPR_g - FPR_r) + (TPR_g -
    /// TPR_r)) / 2 (AIF360: average_odds_difference, with g unprivileged and r privileged).
    /// </summary>
    /// <param name="groupName">The group g.</param>
    /// <param name="referenceGroupName">The reference group r.</param>
    /// <returns>From -1 to 1; NaN where a rate is undefined.</returns>
    /// <exception cref="KeyNotFoundException">There is no such group.</exception>
    public double AverageOddsDifference(string groupName, string referenceGroupName)
    {
        var (falsePositives, truePositives) = OddsDifferences(groupName, referenceGroupName);
        return (falsePositives + truePositives) / 2;
    }

    /// <summary>
    /// The mean of the distances of false and of true positive rates from those of a reference group, (|FPR_g - FPR_r| + |TPR_g -
    /// TPR_r|) / 2 (AIF360: average_abs_odds_difference, average_odds_error).
    /// </summary>
    /// <param name="groupName">The group g.</param>
    /// <param name="referenceGroupName">The reference group r.</param>
    /// <returns>From 0 to 1; NaN where a rate is undefined.</returns>
    /// <exception cref="KeyNotFoundException">There is no such group.</exception>
    public double AverageOddsError(string groupName, string referenceGroupName)
    {
        var (falsePositives, truePositives) = OddsDifferences(groupName, referenceGroupName);
        return (Math.Abs(falsePositives) + Math.Abs(truePositives)) / 2;
    }

    /// <summary>
    /// The selection rate of a group by that of a reference group (AIF360: disparate_impact), with tests of whether both are the same.
    /// </summary>
    /// <param name="groupName">The group.</param>
    /// <param name="referenceGroupName">The reference group, such as the one with the largest selection rate.</param>
    /// <returns>The ratio and the tests.</returns>
    /// <exception cref="KeyNotFoundException">There is no such group.</exception>
    /// <exception cref="InvalidOperationException">It is no audit of binary classification.</exception>
    public DisparateImpact DisparateImpact(string groupName, string referenceGroupName)
        => Auditing.DisparateImpact.Of(Outcomes(this[groupName]), Outcomes(this[referenceGroupName]));

    /// <summary>
    /// The p-value of the G-test that all compared groups have the same selection rate: of G = 2 sum O ln(O / E), O the numbers of rows
    /// selected and not, E those expected, by the chi-squared distribution of (groups - 1) degrees of freedom. It counts rows, whatever
    /// their weights.
    /// </summary>
    /// <returns>From 0 to 1; NaN where fewer than two groups have rows, or all rows are selected, or none.</returns>
    /// <exception cref="InvalidOperationException">It is no audit of binary classification.</exception>
    public double SelectionGTest()
        => IndependenceTests.GTest([.. Groups.Select(group => Selected(Outcomes(group)))]).PValue;

    /// <summary>
    /// The generalized entropy index of benefits b = prediction - label + 1 (false negatives 0, false positives 2, others 1) over the rows
    /// of the compared groups: sum ((b / mean)^a - 1) / (N a (a - 1)); for a = 1 the Theil index, mean of b / mean ln(b / mean); for
    /// a = 0 -mean of ln(b / mean), infinite where a benefit is 0 (AIF360: generalized_entropy_index, theil_index).
    /// </summary>
    /// <param name="alpha">a; the larger, the more large benefits count.</param>
    /// <returns>At least 0; NaN where all benefits are 0, or there is no weight.</returns>
    /// <exception cref="InvalidOperationException">It is no audit of binary classification.</exception>
    public double GeneralizedEntropy(double alpha = 2) => BenefitEntropy.Of(alpha, BenefitEntropy.Benefits(Outcomes(_overall)));

    /// <summary>
    /// The part of <see cref="GeneralizedEntropy"/> that is between groups: of the benefits of which each is the mean of its group (AIF360:
    /// between_group_generalized_entropy_index).
    /// </summary>
    /// <param name="alpha">The a of the index.</param>
    /// <returns>At least 0; NaN where all benefits are 0, or there is no weight.</returns>
    /// <exception cref="InvalidOperationException">It is no audit of binary classification.</exception>
    public double BetweenGroupEntropy(double alpha = 2)
        => BenefitEntropy.Of(alpha, Groups.Select(group => BenefitEntropy.Mean(Outcomes(group))));

    /// <summary>The Theil index: <see cref="GeneralizedEntropy"/> with a = 1.</summary>
    /// <value>At least 0; NaN where all benefits are 0, or there is no weight.</value>
    public double TheilIndex => GeneralizedEntropy(1);

    private static (double Selected, double Others) Selected(GroupCounts counts)
        => (counts.Rows(RowQuantity.PredictedPositive), counts.Rows(RowQuantity.PredictedNegative));

    private static GroupCounts Outcomes(GroupStatistics group) => group.Cell is BinaryCell binary ? binary.Outcomes
        : throw new InvalidOperationException("Only an audit of binary classification has it.");

    private (double FalsePositives, double TruePositives) OddsDifferences(string groupName, string referenceGroupName)
    {
        GroupStatistics group = this[groupName], reference = this[referenceGroupName];
        return (group[AuditStatistic.FalsePositiveRate] - reference[AuditStatistic.FalsePositiveRate],
            group[AuditStatistic.TruePositiveRate] - reference[AuditStatistic.TruePositiveRate]);
    }
}
