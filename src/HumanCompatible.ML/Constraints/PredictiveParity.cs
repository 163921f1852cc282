using HumanCompatible.ML.Metrics;
namespace HumanCompatible.ML.Constraints;

/// <summary>
/// Predictive parity: among those predicted positive, the share of positives is (nearly) the same in every group.
/// With PPV_g = TP_g / (TP_g + FP_g) the audited value is max PPV_g - min PPV_g, at most <paramref name="Bound"/>.
/// </summary>
/// <remarks>
/// Source: Chouldechova (2017), Fair prediction with disparate impact, section 2. A group in which nobody is predicted positive does not
/// define it.
/// </remarks>
/// <param name="GroupColumnNames">The columns that define the groups; several columns mean the groups of their intersection.</param>
/// <param name="Bound">The largest difference allowed, from 0 to 1; as a ratio the smallest ratio allowed, from 0 to 1.</param>
public sealed record PredictiveParity(IReadOnlyList<string> GroupColumnNames, double Bound) : ParityConstraint(GroupColumnNames, Bound)
{
    internal override IReadOnlyList<GroupMetric> Metrics => [GroupMetric.PositivePredictiveValue];
}
