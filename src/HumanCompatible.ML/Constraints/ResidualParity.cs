using HumanCompatible.ML.Metrics;
namespace HumanCompatible.ML.Constraints;

/// <summary>
/// Residual parity of a regression: no group is predicted too high or too low compared with another. With e_g the (weighted) mean of label
/// - prediction over group g the
/// audited value is max e_g - min e_g, at most <paramref name="Bound"/>, in the unit of the label.
/// </summary>
/// <remarks>
/// Source: Calders, Karim, Kamiran, Ali, Zhang (2013), Controlling attribute effect in linear regression, "balanced residuals". Compared as
/// a difference only: mean residuals may be negative.
/// </remarks>
/// <param name="GroupColumnNames">The columns that define the groups; several columns mean the groups of their intersection.</param>
/// <param name="Bound">The largest difference allowed, of at least 0 in the unit of the label.</param>
public sealed record ResidualParity(IReadOnlyList<string> GroupColumnNames, double Bound) : ParityConstraint(GroupColumnNames, Bound)
{
    internal override IReadOnlyList<GroupMetric> Metrics => [GroupMetric.MeanResidual];

    internal override void Validate(ICollection<string> problems)
    {
        base.Validate(problems);
        if (Comparison == GroupComparison.Ratio)
        {
            problems.Add(
            $"{Name}: Comparison is Ratio, but mean residuals may be negative; compare them by their Difference.");
        }
    }
}
