using HumanCompatible.ML.Metrics;
namespace HumanCompatible.ML.Constraints;

/// <summary>
/// Bounded group loss: no group's mean loss exceeds a bound. With L_g the mean loss of group g (the log loss of a binary, the cross-entropy
/// of a multiclass classification; the loss trained on of a regression) the audited value is
/// max L_g, at most <paramref name="Bound"/>.
/// </summary>
/// <remarks>
/// Source: Agarwal, Dudik, Wu (2019), Fair regression: quantitative definitions and reduction-based algorithms, definition 2.
/// </remarks>
/// <param name="GroupColumnNames">The columns that define the groups; several columns mean the groups of their intersection. Empty bounds
/// the loss of all rows.</param>
/// <param name="Bound">The largest mean loss allowed, of at least 0.</param>
public sealed record BoundedGroupLoss(IReadOnlyList<string> GroupColumnNames, double Bound) : GroupBoundConstraint(GroupColumnNames, Bound)
{
    private protected override GroupMetric BoundedMetric => GroupMetric.MeanLoss;
}
