using HumanCompatible.ML.Metrics;
namespace HumanCompatible.ML.Constraints;

/// <summary>
/// Demographic parity: the share of rows predicted positive is (nearly) the same in every group.
/// With s_g = (TP_g + FP_g) / N_g the audited value is max s_g - min s_g, at most <paramref name="Bound"/>.
/// </summary>
/// <remarks>
/// Source: Calders, Kamiran, Pechenizkiy (2009), Building classifiers with independency constraints; Agarwal et al. (2018), definition 1.
/// </remarks>
/// <param name="GroupColumnNames">The columns that define the groups; several columns mean the groups of their intersection.</param>
/// <param name="Bound">The largest difference allowed, from 0 to 1; as a ratio the smallest ratio allowed (0.8 is the four-fifths
/// rule).</param>
public sealed record DemographicParity(IReadOnlyList<string> GroupColumnNames, double Bound) : ParityConstraint(GroupColumnNames, Bound)
{
    internal override IReadOnlyList<GroupMetric> Metrics => [GroupMetric.SelectionRate];
}
