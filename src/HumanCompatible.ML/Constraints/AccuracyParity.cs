using HumanCompatible.ML.Metrics;
namespace HumanCompatible.ML.Constraints;

/// <summary>
/// Accuracy parity (equally: error-rate parity): the share of rows predicted rightly is (nearly) the same in every group.
/// With A_g = (TP_g + TN_g) / N_g the audited value is max A_g - min A_g, at most <paramref name="Bound"/>.
/// </summary>
/// <remarks>
/// Also called overall accuracy equality: Berk, Heidari, Jabbari, Kearns, Roth (2021), Fairness in criminal justice risk assessments. As a
/// difference it is the same as error-rate parity; as a ratio it compares accuracies.
/// </remarks>
/// <param name="GroupColumnNames">The columns that define the groups; several columns mean the groups of their intersection.</param>
/// <param name="Bound">The largest difference allowed, from 0 to 1; as a ratio the smallest ratio allowed, from 0 to 1.</param>
public sealed record AccuracyParity(IReadOnlyList<string> GroupColumnNames, double Bound) : ParityConstraint(GroupColumnNames, Bound)
{
    internal override IReadOnlyList<GroupMetric> Metrics => [GroupMetric.Accuracy];
}
