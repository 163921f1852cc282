using HumanCompatible.ML.Metrics;
namespace HumanCompatible.ML.Constraints;

/// <summary>
/// Loss parity: the mean loss is (nearly) the same in every group.
/// With L_g the mean loss of group g (the log loss of a binary, the cross-entropy of a multiclass classification; the loss trained on of a
/// regression) the audited value is max L_g - min L_g, at most <paramref name="Bound"/>.
/// </summary>
/// <remarks>The constraint |L_g - L_h| at most b of the benchmark of Kliachkin et al. on stochastic constrained training.</remarks>
/// <param name="GroupColumnNames">The columns that define the groups; several columns mean the groups of their intersection.</param>
/// <param name="Bound">The largest difference allowed, of at least 0 in units of the loss; as a ratio the smallest ratio allowed, from 0 to
/// 1.</param>
public sealed record LossParity(IReadOnlyList<string> GroupColumnNames, double Bound) : ParityConstraint(GroupColumnNames, Bound)
{
    internal override IReadOnlyList<GroupMetric> Metrics => [GroupMetric.MeanLoss];
}
