using HumanCompatible.ML.Metrics;
namespace HumanCompatible.ML.Constraints;

/// <summary>
/// Equal opportunity: the share of the positives predicted positive is (nearly) the same in every group.
/// With TPR_g = TP_g / (TP_g + FN_g) the audited value is max TPR_g - min TPR_g, at most <paramref name="Bound"/>.
/// </summary>
/// <remarks>Source: Hardt, Price, Srebro (2016), Equality of opportunity in supervised learning, definition 2.2.</remarks>
/// <param name="GroupColumnNames">The columns that define the groups; several columns mean the groups of their intersection.</param>
/// <param name="Bound">The largest difference allowed, from 0 to 1; as a ratio the smallest ratio allowed, from 0 to 1.</param>
public sealed record EqualOpportunity(IReadOnlyList<string> GroupColumnNames, double Bound) : ParityConstraint(GroupColumnNames, Bound)
{
    internal override IReadOnlyList<GroupMetric> Metrics => [GroupMetric.TruePositiveRate];
}
