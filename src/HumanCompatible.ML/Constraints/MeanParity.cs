using HumanCompatible.ML.Metrics;
namespace HumanCompatible.ML.Constraints;

/// <summary>
/// Mean parity of a regression: the mean prediction is (nearly) the same in every group. With m_g the (weighted) mean of the predictions of
/// group g the audited value is
/// max m_g - min m_g, at most <paramref name="Bound"/>, in the unit of the label.
/// </summary>
/// <remarks>
/// Source: Calders, Karim, Kamiran, Ali, Zhang (2013), Controlling attribute effect in linear regression, "equal means"; the statistic of
/// demographic parity for predictions
/// that are numbers. As a ratio it compares means that are not negative: with a negative mean the value is min m_g / max |m_g|, below every
/// bound.
/// </remarks>
/// <param name="GroupColumnNames">The columns that define the groups; several columns mean the groups of their intersection.</param>
/// <param name="Bound">The largest difference allowed, of at least 0 in the unit of the label; as a ratio the smallest ratio allowed, from
/// 0 to 1.</param>
public sealed record MeanParity(IReadOnlyList<string> GroupColumnNames, double Bound) : ParityConstraint(GroupColumnNames, Bound)
{
    internal override IReadOnlyList<GroupMetric> Metrics => [GroupMetric.MeanPrediction];
}
