using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Metrics;
namespace HumanCompatible.ML.Constraints;

/// <summary>
/// Makes the declarations of fairness constraints. Each bound is on the audited statistic of hard predictions; the types document the
/// formulas.
/// </summary>
public static class Fairness
{
    /// <summary>The selection rates of all groups of a column differ by at most <paramref name="bound"/>.</summary>
    /// <param name="groupColumnName">The column that defines the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    public static DemographicParity DemographicParity(string groupColumnName, double bound) => new([groupColumnName], bound);

    /// <summary>The selection rates of all groups differ by at most <paramref name="bound"/>.</summary>
    /// <param name="groupColumnNames">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    public static DemographicParity DemographicParity(IReadOnlyList<string> groupColumnNames, double bound) => new(groupColumnNames, bound);

    /// <summary>
    /// The true positive rates of all groups of a column differ by at most <paramref name="bound"/>, and so do the false positive rates.
    /// </summary>
    /// <param name="groupColumnName">The column that defines the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    public static EqualizedOdds EqualizedOdds(string groupColumnName, double bound) => new([groupColumnName], bound);

    /// <summary>
    /// The true positive rates of all groups differ by at most <paramref name="bound"/>, and so do the false positive rates.
    /// </summary>
    /// <param name="groupColumnNames">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    public static EqualizedOdds EqualizedOdds(IReadOnlyList<string> groupColumnNames, double bound) => new(groupColumnNames, bound);

    /// <summary>The true positive rates of all groups of a column differ by at most <paramref name="bound"/>.</summary>
    /// <param name="groupColumnName">The column that defines the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    public static EqualOpportunity EqualOpportunity(string groupColumnName, double bound) => new([groupColumnName], bound);

    /// <summary>The true positive rates of all groups differ by at most <paramref name="bound"/>.</summary>
    /// <param name="groupColumnNames">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    public static EqualOpportunity EqualOpportunity(IReadOnlyList<string> groupColumnNames, double bound) => new(groupColumnNames, bound);

    /// <summary>The false positive rates of all groups of a column differ by at most <paramref name="bound"/>.</summary>
    /// <param name="groupColumnName">The column that defines the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    public static PredictiveEquality PredictiveEquality(string groupColumnName, double bound) => new([groupColumnName], bound);

    /// <summary>The false positive rates of all groups differ by at most <paramref name="bound"/>.</summary>
    /// <param name="groupColumnNames">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    public static PredictiveEquality PredictiveEquality(IReadOnlyList<string> groupColumnNames, double bound)
        => new(groupColumnNames, bound);

    /// <summary>The accuracies (and so the error rates) of all groups of a column differ by at most <paramref name="bound"/>.</summary>
    /// <param name="groupColumnName">The column that defines the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    public static AccuracyParity AccuracyParity(string groupColumnName, double bound) => new([groupColumnName], bound);

    /// <summary>The accuracies (and so the error rates) of all groups differ by at most <paramref name="bound"/>.</summary>
    /// <param name="groupColumnNames">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    public static AccuracyParity AccuracyParity(IReadOnlyList<string> groupColumnNames, double bound) => new(groupColumnNames, bound);

    /// <summary>The positive predictive values of all groups of a column differ by at most <paramref name="bound"/>.</summary>
    /// <param name="groupColumnName">The column that defines the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    public static PredictiveParity PredictiveParity(string groupColumnName, double bound) => new([groupColumnName], bound);

    /// <summary>The positive predictive values of all groups differ by at most <paramref name="bound"/>.</summary>
    /// <param name="groupColumnNames">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    public static PredictiveParity PredictiveParity(IReadOnlyList<string> groupColumnNames, double bound) => new(groupColumnNames, bound);

    /// <summary>The false omission rates of all groups of a column differ by at most <paramref name="bound"/>.</summary>
    /// <param name="groupColumnName">The column that defines the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    public static FalseOmissionRateParity FalseOmissionRateParity(string groupColumnName, double bound) => new([groupColumnName], bound);

    /// <summary>The false omission rates of all groups differ by at most <paramref name="bound"/>.</summary>
    /// <param name="groupColumnNames">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    public static FalseOmissionRateParity FalseOmissionRateParity(IReadOnlyList<string> groupColumnNames, double bound)
        => new(groupColumnNames, bound);

    /// <summary>The mean losses of all groups of a column differ by at most <paramref name="bound"/>.</summary>
    /// <param name="groupColumnName">The column that defines the groups.</param>
    /// <param name="bound">The largest difference allowed, of at least 0.</param>
    /// <returns>The declaration.</returns>
    public static LossParity LossParity(string groupColumnName, double bound) => new([groupColumnName], bound);

    /// <summary>The mean losses of all groups differ by at most <paramref name="bound"/>.</summary>
    /// <param name="groupColumnNames">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The largest difference allowed, of at least 0.</param>
    /// <returns>The declaration.</returns>
    public static LossParity LossParity(IReadOnlyList<string> groupColumnNames, double bound) => new(groupColumnNames, bound);

    /// <summary>The mean loss of each of the groups of a column is at most <paramref name="bound"/>.</summary>
    /// <param name="groupColumnName">The column that defines the groups.</param>
    /// <param name="bound">The largest mean loss allowed, of at least 0.</param>
    /// <returns>The declaration.</returns>
    public static BoundedGroupLoss BoundedGroupLoss(string groupColumnName, double bound) => new([groupColumnName], bound);

    /// <summary>The mean loss of each of the groups is at most <paramref name="bound"/>.</summary>
    /// <param name="groupColumnNames">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The largest mean loss allowed, of at least 0.</param>
    /// <returns>The declaration.</returns>
    public static BoundedGroupLoss BoundedGroupLoss(IReadOnlyList<string> groupColumnNames, double bound) => new(groupColumnNames, bound);

    /// <summary>
    /// The smallest selection rate of a group divided by the largest is at least <paramref name="ratio"/> (0.8: the four-fifths rule).
    /// </summary>
    /// <param name="groupColumnName">The column that defines the groups.</param>
    /// <param name="ratio">The smallest ratio allowed, from 0 to 1.</param>
    /// <returns>The declaration: <see cref="DemographicParity(string, double)"/> compared as a ratio.</returns>
    public static DemographicParity DisparateImpact(string groupColumnName, double ratio) => DisparateImpact([groupColumnName], ratio);

    /// <summary>
    /// The smallest selection rate of a group divided by the largest is at least <paramref name="ratio"/> (0.8: the four-fifths rule).
    /// </summary>
    /// <param name="groupColumnNames">The columns whose combinations of values are the groups.</param>
    /// <param name="ratio">The smallest ratio allowed, from 0 to 1.</param>
    /// <returns>The declaration: <see cref="DemographicParity(IReadOnlyList{string}, double)"/> compared as a ratio.</returns>
    public static DemographicParity DisparateImpact(IReadOnlyList<string> groupColumnNames, double ratio)
        => new(groupColumnNames, ratio) { Comparison = GroupComparison.Ratio };

    /// <summary>A rate of every group, or of all rows where no column is named, is at most <paramref name="bound"/>.</summary>
    /// <param name="metric">The rate.</param>
    /// <param name="bound">The largest value allowed, from 0 to 1 (for the mean loss: of at least 0).</param>
    /// <param name="groupColumnNames">The columns whose combinations of values are the groups; none for all rows together.</param>
    /// <returns>The declaration.</returns>
    public static RateBound RateAtMost(GroupMetric metric, double bound, params IReadOnlyList<string> groupColumnNames)
        => new(metric, BoundDirection.AtMost, groupColumnNames, bound);

    /// <summary>A rate of every group, or of all rows where no column is named, is at least <paramref name="bound"/>.</summary>
    /// <param name="metric">The rate.</param>
    /// <param name="bound">The smallest value allowed, from 0 to 1 (for the mean loss: of at least 0).</param>
    /// <param name="groupColumnNames">The columns whose combinations of values are the groups; none for all rows together.</param>
    /// <returns>The declaration.</returns>
    public static RateBound RateAtLeast(GroupMetric metric, double bound, params IReadOnlyList<string> groupColumnNames)
        => new(metric, BoundDirection.AtLeast, groupColumnNames, bound);

    /// <summary>The mean predictions of all groups of a column differ by at most <paramref name="bound"/>; for regression.</summary>
    /// <param name="groupColumnName">The column that defines the groups.</param>
    /// <param name="bound">The largest difference allowed, of at least 0 in the unit of the label.</param>
    /// <returns>The declaration.</returns>
    public static MeanParity MeanParity(string groupColumnName, double bound) => new([groupColumnName], bound);

    /// <summary>The mean predictions of all groups differ by at most <paramref name="bound"/>; for regression.</summary>
    /// <param name="groupColumnNames">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The largest difference allowed, of at least 0 in the unit of the label.</param>
    /// <returns>The declaration.</returns>
    public static MeanParity MeanParity(IReadOnlyList<string> groupColumnNames, double bound) => new(groupColumnNames, bound);

    /// <summary>
    /// The mean residuals (label - prediction) of all groups of a column differ by at most <paramref name="bound"/>; for regression.
    /// </summary>
    /// <param name="groupColumnName">The column that defines the groups.</param>
    /// <param name="bound">The largest difference allowed, of at least 0 in the unit of the label.</param>
    /// <returns>The declaration.</returns>
    public static ResidualParity ResidualParity(string groupColumnName, double bound) => new([groupColumnName], bound);

    /// <summary>The mean residuals (label - prediction) of all groups differ by at most <paramref name="bound"/>; for regression.</summary>
    /// <param name="groupColumnNames">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The largest difference allowed, of at least 0 in the unit of the label.</param>
    /// <returns>The declaration.</returns>
    public static ResidualParity ResidualParity(IReadOnlyList<string> groupColumnNames, double bound) => new(groupColumnNames, bound);

    /// <summary>The user's own statistics are at most <paramref name="bound"/>.</summary>
    /// <param name="name">The name of the constraint in summaries, histories and multipliers.</param>
    /// <param name="groupColumnNames">The columns whose combinations of values are the groups; empty for all rows as one group.</param>
    /// <param name="bound">The largest value allowed of each of the statistics; any finite number.</param>
    /// <param name="statistic">Computes the statistics [k] of some rows, differentiable in their smooth predictions.</param>
    /// <param name="rowNames">A name for each of the k statistics; null for their numbers.</param>
    /// <returns>The declaration.</returns>
    /// <exception cref="ArgumentNullException">The name, the columns or the statistic is null.</exception>
    public static CustomConstraint Custom(string name, IReadOnlyList<string> groupColumnNames, double bound, CustomStatistic statistic,
        IReadOnlyList<string>? rowNames = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(statistic);
        return new(groupColumnNames, bound) { Name = name, Statistic = statistic, InequalityNames = rowNames };
    }
}
