using HumanCompatible.ML.Metrics;
namespace HumanCompatible.ML.Constraints;

/// <summary>
/// Equalized odds: true and false positive rates are (nearly) the same in every group. With TPR_g = TP_g / (TP_g + FN_g) and FPR_g = FP_g /
/// (FP_g + TN_g)
/// the audited value is the larger of max TPR_g - min TPR_g and max FPR_g - min FPR_g, at most <paramref name="Bound"/>.
/// </summary>
/// <remarks>Source: Hardt, Price, Srebro (2016), Equality of opportunity in supervised learning, definition 2.1.</remarks>
/// <param name="GroupColumnNames">The columns that define the groups; several columns mean the groups of their intersection.</param>
/// <param name="Bound">The largest difference allowed, from 0 to 1; as a ratio the smallest ratio allowed.</param>
public sealed record EqualizedOdds(IReadOnlyList<string> GroupColumnNames, double Bound) : ParityConstraint(GroupColumnNames, Bound)
{
    internal override IReadOnlyList<GroupMetric> Metrics => [GroupMetric.TruePositiveRate, GroupMetric.FalsePositiveRate];
}
