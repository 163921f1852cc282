using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Confidence;

/// <summary>
/// How a bound is held so that it is likely to hold on rows that nobody has seen: every inequality of a constraint with its estimate and
/// the margin that training keeps from it.
/// </summary>
internal static class HoldingRule
{
    /// <summary>The probability with which a bound that is held may fail on other rows.</summary>
    internal const double Tail = 0.05;

    /// <summary>1 - Phi(1): the probability to be more than one standard error above.</summary>
    private const double OneStandardError = 0.15865525393145705;

    /// <summary>
    /// The standard errors that a bound is held from: the 1 - 0.05 / c quantile of the normal distribution, where c is the number of
    /// independent comparisons (<see cref="FairnessConstraint.Comparisons"/>) of all statistics: the bound fails where one of them does.
    /// </summary>
    /// <param name="constraint">The constraint.</param>
    /// <param name="groups">How many groups are compared.</param>
    internal static double StandardErrors(FairnessConstraint constraint, int groups)
        => Intervals.TwoSidedQuantile(1 - (2 * Tail / (constraint.Comparisons(groups) * StatisticsOf(constraint))));

    /// <summary>
    /// The standard errors that are to fit between parity and the bound for a rate to be measurable: those of the limit and, beyond a
    /// single comparison of a statistic, the one by which the best model that is to be had may be from parity.
    /// </summary>
    /// <param name="constraint">The constraint.</param>
    /// <param name="measurable">How many groups can be measured.</param>
    /// <param name="groups">How many groups they are chosen from.</param>
    internal static double Measurable(FairnessConstraint constraint, int measurable, int groups)
        => StandardErrors(constraint, measurable)
            + Math.Min(1, Worst(constraint, groups, OneStandardError * StatisticsOf(constraint)) - 1);

    /// <summary>
    /// The standard errors that the worst of all comparisons stays within as surely as one stays within one: <see cref="Worst"/> with the
    /// tail of one standard error, 1 for two groups and one statistic.
    /// </summary>
    /// <inheritdoc cref="Worst" path="/param"/>
    internal static double Slack(FairnessConstraint constraint, int groups) => Worst(constraint, groups, OneStandardError);

    /// <summary>
    /// The standard errors that the worst of all comparisons exceeds by chance with a probability of at most the tail: the 1 - tail / n
    /// quantile of the normal distribution, where n is the number of comparisons.
    /// </summary>
    /// <param name="constraint">The constraint.</param>
    /// <param name="groups">How many groups there are.</param>
    /// <param name="tail">The probability.</param>
    internal static double Worst(FairnessConstraint constraint, int groups, double tail = Tail)
        => Intervals.TwoSidedQuantile(1 - (2 * tail / (constraint.IndependentClasses * StatisticsOf(constraint)) / Math.Max(1,
            constraint is ParityConstraint { Baseline: GroupBaseline.Pairwise } ? groups * (groups - 1.0) / 2 : groups)));

    /// <summary>The estimates of the inequalities of a constraint, in their order.</summary>
    /// <inheritdoc cref="InequalityEstimate.Of" path="/param"/>
    internal static InequalityEstimate[] Estimates(FairnessConstraint constraint, IRateEstimates rates, bool isHeld)
        => [.. constraint.Inequalities(rates.GroupNames).Select(one => InequalityEstimate.Of(constraint, one, rates, isHeld))];

    // Of a class: two of equalized odds, whose true and false positive rates are of different rows.
    private static int StatisticsOf(FairnessConstraint constraint) => constraint.Metrics.Count / constraint.ClassCount;
}
