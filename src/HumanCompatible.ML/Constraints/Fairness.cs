using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Constraints;

/// <summary>
/// Makes the declarations of fairness constraints: <c>Fairness.DemographicParity("Sex", 0.05)</c>, of the intersection of columns
/// <c>Fairness.EqualOpportunity(["Sex", "Race"], 0.1)</c>, compared otherwise
/// <c>Fairness.LossParity("Sex", 0.1) with { Baseline = GroupBaseline.Overall }</c>. Each bound is on the audited statistic of hard
/// predictions; the types document the formulas.
/// </summary>
/// <remarks>Bounds and names are checked by the trainer, all problems in one message, not here.</remarks>
public static class Fairness
{
    /// <summary>The selection rates of all groups differ by at most <paramref name="bound"/>.</summary>
    /// <param name="columns">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    public static DemographicParity DemographicParity(ColumnNames columns, double bound) => new(columns, bound);

    /// <summary>
    /// The smallest selection rate of a group divided by the largest is at least <paramref name="bound"/> (0.8: the four-fifths rule).
    /// </summary>
    /// <param name="columns">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The smallest ratio allowed, from 0 to 1.</param>
    /// <returns>The declaration: <see cref="DemographicParity(ColumnNames, double)"/> compared as a ratio.</returns>
    public static DemographicParity DisparateImpact(ColumnNames columns, double bound)
        => new(columns, bound) { Comparison = GroupComparison.Ratio };

    /// <summary>
    /// The true positive rates of all groups differ by at most <paramref name="bound"/>, and so do the false positive rates.
    /// </summary>
    /// <param name="columns">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    public static EqualizedOdds EqualizedOdds(ColumnNames columns, double bound) => new(columns, bound);

    /// <summary>The true positive rates of all groups differ by at most <paramref name="bound"/>.</summary>
    /// <param name="columns">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    public static EqualOpportunity EqualOpportunity(ColumnNames columns, double bound) => new(columns, bound);

    /// <summary>The false positive rates of all groups differ by at most <paramref name="bound"/>.</summary>
    /// <param name="columns">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    public static PredictiveEquality PredictiveEquality(ColumnNames columns, double bound) => new(columns, bound);

    /// <summary>The accuracies (and so the error rates) of all groups differ by at most <paramref name="bound"/>.</summary>
    /// <param name="columns">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    public static AccuracyParity AccuracyParity(ColumnNames columns, double bound) => new(columns, bound);

    /// <summary>The positive predictive values of all groups differ by at most <paramref name="bound"/>.</summary>
    /// <param name="columns">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    public static PredictiveParity PredictiveParity(ColumnNames columns, double bound) => new(columns, bound);

    /// <summary>The false omission rates of all groups differ by at most <paramref name="bound"/>.</summary>
    /// <param name="columns">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    public static FalseOmissionRateParity FalseOmissionRateParity(ColumnNames columns, double bound) => new(columns, bound);

    /// <summary>The mean losses of all groups differ by at most <paramref name="bound"/>.</summary>
    /// <param name="columns">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The largest difference allowed, finite and not negative.</param>
    /// <returns>The declaration.</returns>
    public static LossParity LossParity(ColumnNames columns, double bound) => new(columns, bound);

    /// <summary>The mean loss of each group is at most <paramref name="bound"/>.</summary>
    /// <param name="columns">The columns whose combinations of values are the groups; <c>[]</c> for all rows together.</param>
    /// <param name="bound">The largest mean loss allowed, finite and not negative.</param>
    /// <returns>The declaration.</returns>
    public static BoundedGroupLoss BoundedGroupLoss(ColumnNames columns, double bound) => new(columns, bound);

    /// <summary>A rate of every group is at most <paramref name="bound"/>.</summary>
    /// <param name="metric">The rate.</param>
    /// <param name="columns">The columns whose combinations of values are the groups; <c>[]</c> for all rows together.</param>
    /// <param name="bound">The largest value allowed, from 0 to 1 (for the mean loss: finite and not negative).</param>
    /// <returns>The declaration.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="metric"/> is null.</exception>
    public static RateBound RateAtMost(GroupMetric metric, ColumnNames columns, double bound)
        => new(metric, BoundDirection.AtMost, columns, bound);

    /// <summary>A rate of every group is at least <paramref name="bound"/>.</summary>
    /// <param name="metric">The rate.</param>
    /// <param name="columns">The columns whose combinations of values are the groups; <c>[]</c> for all rows together.</param>
    /// <param name="bound">The smallest value allowed, from 0 to 1 (for the mean loss: finite and not negative).</param>
    /// <returns>The declaration.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="metric"/> is null.</exception>
    public static RateBound RateAtLeast(GroupMetric metric, ColumnNames columns, double bound)
        => new(metric, BoundDirection.AtLeast, columns, bound);

    /// <summary>The user's own statistics are at most <paramref name="bound"/>.</summary>
    /// <param name="name">The name of the constraint in summaries, histories and multipliers.</param>
    /// <param name="columns">The columns whose combinations of values are the groups; <c>[]</c> for all rows as one group.</param>
    /// <param name="bound">The largest value allowed of each of the statistics; any finite number.</param>
    /// <param name="statistic">Computes the statistics [k] of some rows, differentiable in their surrogate predictions.</param>
    /// <param name="inequalityNames">A name for each of the k statistics; null for their numbers.</param>
    /// <returns>The declaration.</returns>
    /// <exception cref="ArgumentNullException">The name or the statistic is null.</exception>
    public static CustomConstraint Custom(string name, ColumnNames columns, double bound, CustomStatistic statistic,
        IReadOnlyList<string>? inequalityNames = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(statistic);
        return new(columns, bound) { Name = name, Statistic = statistic, InequalityNames = inequalityNames };
    }

    /// <summary>The mean predictions of all groups differ by at most <paramref name="bound"/>; for regression.</summary>
    internal static MeanParity MeanParity(ColumnNames columns, double bound) => new(columns, bound);

    /// <summary>The mean residuals of all groups differ by at most <paramref name="bound"/>; for regression.</summary>
    internal static ResidualParity ResidualParity(ColumnNames columns, double bound) => new(columns, bound);
}
