using HumanCompatible.ML.Metrics;
namespace HumanCompatible.ML.Constraints;

/// <summary>
/// False omission rate parity: among those predicted negative, the share of positives is (nearly) the same in every group.
/// With FOR_g = FN_g / (FN_g + TN_g) the audited value is max FOR_g - min FOR_g, at most <paramref name="Bound"/>.
/// </summary>
/// <remarks>
/// With predictive parity it makes up conditional use accuracy equality: Berk, Heidari, Jabbari, Kearns, Roth (2021). A group in which
/// nobody is predicted negative does not define it.
/// </remarks>
/// <param name="GroupColumnNames">The columns that define the groups; several columns mean the groups of their intersection.</param>
/// <param name="Bound">The largest difference allowed, from 0 to 1; as a ratio the smallest ratio allowed, from 0 to 1.</param>
public sealed record FalseOmissionRateParity(IReadOnlyList<string> GroupColumnNames, double Bound)
    : ParityConstraint(GroupColumnNames, Bound)
{
    internal override IReadOnlyList<GroupMetric> Metrics => [GroupMetric.FalseOmissionRate];
}
