using HumanCompatible.ML.Metrics;
namespace HumanCompatible.ML.Constraints;

/// <summary>
/// Predictive equality: the share of the negatives predicted positive is (nearly) the same in every group.
/// With FPR_g = FP_g / (FP_g + TN_g) the audited value is max FPR_g - min FPR_g, at most <paramref name="Bound"/>.
/// </summary>
/// <remarks>
/// Source: Corbett-Davies, Pierson, Feller, Goel, Huq (2017), Algorithmic decision making and the cost of fairness, section 2.
/// </remarks>
/// <param name="GroupColumnNames">The columns that define the groups; several columns mean the groups of their intersection.</param>
/// <param name="Bound">The largest difference allowed, from 0 to 1; as a ratio the smallest ratio allowed, from 0 to 1.</param>
public sealed record PredictiveEquality(IReadOnlyList<string> GroupColumnNames, double Bound) : ParityConstraint(GroupColumnNames, Bound)
{
    internal override IReadOnlyList<GroupMetric> Metrics => [GroupMetric.FalsePositiveRate];
}
