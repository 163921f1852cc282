using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Constraints;

/// <summary>
/// Makes the declarations of fairness constraints: <c>Fairness.DemographicParity("Sex", 0.05)</c>, of the intersection of columns
/// <c>Fairness.EqualOpportunity(["Sex", "Race"], 0.1)</c>, compared otherwise
/// <c>Fairness.LossParity("Sex", 0.1) with { Baseline = GroupBaseline.Overall }</c>. Each bound is on the audited value, that of hard
/// predictions.
/// </summary>
/// <remarks>
/// In the formulas N_g, TP_g, FP_g, TN_g and FN_g are the rows of group g, its true and false positives and negatives, each the sum of the
/// example weights where there are any. In multiclass classification each class has them against all others, and a constraint on rates
/// holds for every class or for its <see cref="FairnessConstraint.ClassName"/>. Bounds and names are checked by the trainer, all problems
/// in one message, not here.
/// </remarks>
public static class Fairness
{
    /// <summary>Demographic parity: the selection rates of all groups differ by at most <paramref name="bound"/>.</summary>
    /// <param name="columns">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    /// <remarks>
    /// With s_g = (TP_g + FP_g) / N_g, the share predicted positive, the audited value is max s_g - min s_g.
    /// Source: Calders, Kamiran, Pechenizkiy (2009), Building classifiers with independency constraints; Agarwal et al. (2018),
    /// A reductions approach to fair classification, definition 1.
    /// </remarks>
    public static ParityConstraint DemographicParity(ColumnNames columns, double bound) => new DemographicParity(columns, bound);

    /// <summary>
    /// The smallest selection rate of a group divided by the largest is at least <paramref name="bound"/> (0.8: the four-fifths rule).
    /// </summary>
    /// <param name="columns">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The smallest ratio allowed, from 0 to 1.</param>
    /// <returns>The declaration: <see cref="DemographicParity(ColumnNames, double)"/> compared as a ratio.</returns>
    /// <remarks>
    /// With s_g = (TP_g + FP_g) / N_g the audited value is min s_g / max s_g.
    /// Source: Feldman, Friedler, Moeller, Scheidegger, Venkatasubramanian (2015), Certifying and removing disparate impact,
    /// definition 1.1.
    /// </remarks>
    public static ParityConstraint DisparateImpact(ColumnNames columns, double bound)
        => new DemographicParity(columns, bound) { Comparison = GroupComparison.Ratio };

    /// <summary>
    /// Equalized odds: the true positive rates of all groups differ by at most <paramref name="bound"/>, and so do the false positive
    /// rates.
    /// </summary>
    /// <param name="columns">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    /// <remarks>
    /// With TPR_g = TP_g / (TP_g + FN_g) and FPR_g = FP_g / (FP_g + TN_g) the audited value is the larger of max TPR_g - min TPR_g and
    /// max FPR_g - min FPR_g.
    /// Source: Hardt, Price, Srebro (2016), Equality of opportunity in supervised learning, definition 2.1.
    /// </remarks>
    public static ParityConstraint EqualizedOdds(ColumnNames columns, double bound) => new EqualizedOdds(columns, bound);

    /// <summary>Equal opportunity: the true positive rates of all groups differ by at most <paramref name="bound"/>.</summary>
    /// <param name="columns">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    /// <remarks>
    /// With TPR_g = TP_g / (TP_g + FN_g) the audited value is max TPR_g - min TPR_g.
    /// Source: Hardt, Price, Srebro (2016), Equality of opportunity in supervised learning, definition 2.2.
    /// </remarks>
    public static ParityConstraint EqualOpportunity(ColumnNames columns, double bound) => new EqualOpportunity(columns, bound);

    /// <summary>Predictive equality: the false positive rates of all groups differ by at most <paramref name="bound"/>.</summary>
    /// <param name="columns">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    /// <remarks>
    /// With FPR_g = FP_g / (FP_g + TN_g) the audited value is max FPR_g - min FPR_g.
    /// Source: Corbett-Davies, Pierson, Feller, Goel, Huq (2017), Algorithmic decision making and the cost of fairness, section 2.
    /// </remarks>
    public static ParityConstraint PredictiveEquality(ColumnNames columns, double bound) => new PredictiveEquality(columns, bound);

    /// <summary>
    /// Accuracy parity: the accuracies (and so the error rates) of all groups differ by at most <paramref name="bound"/>.
    /// </summary>
    /// <param name="columns">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    /// <remarks>
    /// With A_g = (TP_g + TN_g) / N_g the audited value is max A_g - min A_g.
    /// Also called overall accuracy equality: Berk, Heidari, Jabbari, Kearns, Roth (2021), Fairness in criminal justice risk assessments.
    /// </remarks>
    public static ParityConstraint AccuracyParity(ColumnNames columns, double bound) => new AccuracyParity(columns, bound);

    /// <summary>Predictive parity: the positive predictive values of all groups differ by at most <paramref name="bound"/>.</summary>
    /// <param name="columns">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    /// <remarks>
    /// With PPV_g = TP_g / (TP_g + FP_g) the audited value is max PPV_g - min PPV_g. A group in which nobody is predicted positive does not
    /// define it.
    /// Source: Chouldechova (2017), Fair prediction with disparate impact, section 2.
    /// </remarks>
    public static ParityConstraint PredictiveParity(ColumnNames columns, double bound) => new PredictiveParity(columns, bound);

    /// <summary>False omission rate parity: the false omission rates of all groups differ by at most <paramref name="bound"/>.</summary>
    /// <param name="columns">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    /// <remarks>
    /// With FOR_g = FN_g / (FN_g + TN_g) the audited value is max FOR_g - min FOR_g. A group in which nobody is predicted negative does not
    /// define it. With predictive parity it makes up conditional use accuracy equality.
    /// Source: Berk, Heidari, Jabbari, Kearns, Roth (2021), Fairness in criminal justice risk assessments.
    /// </remarks>
    public static ParityConstraint FalseOmissionRateParity(ColumnNames columns, double bound)
        => new FalseOmissionRateParity(columns, bound);

    /// <summary>Loss parity: the mean losses of all groups differ by at most <paramref name="bound"/>.</summary>
    /// <param name="columns">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The largest difference allowed, finite and not negative; compared as a ratio from 0 to 1.</param>
    /// <returns>The declaration.</returns>
    /// <remarks>
    /// With L_g the mean log loss of group g (of a regression the mean squared error) the audited value is max L_g - min L_g.
    /// The constraint |L_g - L_h| at most b of the benchmark of Kliachkin et al. on stochastic constrained training.
    /// </remarks>
    public static ParityConstraint LossParity(ColumnNames columns, double bound) => new LossParity(columns, bound);

    /// <summary>Bounded group loss: the mean loss of each group is at most <paramref name="bound"/>.</summary>
    /// <param name="columns">The columns whose combinations of values are the groups; <c>[]</c> for all rows together.</param>
    /// <param name="bound">The largest mean loss allowed, finite and not negative.</param>
    /// <returns>The declaration.</returns>
    /// <remarks>
    /// With L_g the mean log loss of group g (of a regression the mean squared error) the audited value is max L_g.
    /// Source: Agarwal, Dudik, Wu (2019), Fair regression: quantitative definitions and reduction-based algorithms, definition 2.
    /// </remarks>
    public static FairnessConstraint BoundedGroupLoss(ColumnNames columns, double bound) => new BoundedGroupLoss(columns, bound);

    /// <summary>A rate of every group is at most <paramref name="bound"/>.</summary>
    /// <param name="metric">The rate.</param>
    /// <param name="columns">The columns whose combinations of values are the groups; <c>[]</c> for all rows together.</param>
    /// <param name="bound">The largest value allowed, from 0 to 1 (for the mean loss: finite and not negative).</param>
    /// <returns>The declaration.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="metric"/> is null.</exception>
    /// <remarks>
    /// With r_g the rate of group g the audited value is max r_g. Of false positive rates it is Neyman-Pearson classification.
    /// Source: Cotter et al. (2019), Optimization with non-differentiable constraints with applications to fairness, recall, churn, and
    /// other goals.
    /// </remarks>
    public static FairnessConstraint RateAtMost(GroupMetric metric, ColumnNames columns, double bound)
        => new RateBound(metric, BoundDirection.AtMost, columns, bound);

    /// <summary>A rate of every group is at least <paramref name="bound"/>.</summary>
    /// <param name="metric">The rate.</param>
    /// <param name="columns">The columns whose combinations of values are the groups; <c>[]</c> for all rows together.</param>
    /// <param name="bound">The smallest value allowed, from 0 to 1 (for the mean loss: finite and not negative).</param>
    /// <returns>The declaration.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="metric"/> is null.</exception>
    /// <remarks>
    /// With r_g the rate of group g the audited value is min r_g, such as a recall of at least the bound in every group.
    /// Source: Cotter et al. (2019), as for <see cref="RateAtMost"/>.
    /// </remarks>
    public static FairnessConstraint RateAtLeast(GroupMetric metric, ColumnNames columns, double bound)
        => new RateBound(metric, BoundDirection.AtLeast, columns, bound);

    /// <summary>The user's own statistics are at most <paramref name="bound"/>.</summary>
    /// <param name="name">The name of the constraint in summaries, histories and multipliers.</param>
    /// <param name="columns">The columns whose combinations of values are the groups; <c>[]</c> for all rows as one group.</param>
    /// <param name="bound">The largest value allowed of each of the statistics; any finite number, in their unit.</param>
    /// <param name="statistic">Computes the statistics [k] of some rows, differentiable in their surrogate predictions.</param>
    /// <param name="inequalityNames">A name for each of the k statistics, for the multipliers; null for their numbers, such as
    /// <c>[0]</c>.</param>
    /// <returns>The declaration.</returns>
    /// <exception cref="ArgumentNullException">The name or the statistic is null.</exception>
    /// <remarks>
    /// With s_1 ... s_k the values of <paramref name="statistic"/> the audited value is max s_i. Each s_i has a multiplier of its own.
    /// While training, the multipliers follow a moving average of the values of batches. Where a whole set of rows is measured (the
    /// validation rows, the training rows), the statistic is called with all of them in one piece, so what it creates takes memory in
    /// proportion to the number of rows. A model keeps the name, columns, bound and inequality names, not the statistic: a loaded model
    /// scores and shows its multipliers and summary; to train on, declare the constraint again.
    /// Source: the pair of a differentiable and an exact value is the proxy Lagrangian of Cotter et al. (2019), Optimization with
    /// non-differentiable constraints.
    /// </remarks>
    public static FairnessConstraint Custom(string name, ColumnNames columns, double bound, CustomStatistic statistic,
        IReadOnlyList<string>? inequalityNames = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(statistic);
        return new CustomConstraint(columns, bound) { Name = name, Statistic = statistic, InequalityNames = inequalityNames };
    }

    /// <summary>
    /// Mean parity of a regression: the mean predictions of all groups differ by at most <paramref name="bound"/>.
    /// </summary>
    /// <param name="columns">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The largest difference allowed, in the unit of the label, finite and not negative.</param>
    /// <returns>The declaration.</returns>
    /// <remarks>
    /// With m_g the mean of the predictions of group g the audited value is max m_g - min m_g. As a ratio it compares means that are not
    /// negative: with a negative mean the value is min m_g / max |m_g|, below every bound.
    /// Source: Calders, Karim, Kamiran, Ali, Zhang (2013), Controlling attribute effect in linear regression, "equal means".
    /// </remarks>
    public static ParityConstraint MeanParity(ColumnNames columns, double bound) => new MeanParity(columns, bound);

    /// <summary>
    /// Residual parity of a regression: the mean residuals of all groups differ by at most <paramref name="bound"/>, so that no group is
    /// predicted too high or too low compared with another.
    /// </summary>
    /// <param name="columns">The columns whose combinations of values are the groups.</param>
    /// <param name="bound">The largest difference allowed, in the unit of the label, finite and not negative.</param>
    /// <returns>The declaration.</returns>
    /// <remarks>
    /// With e_g the mean of label - prediction over group g the audited value is max e_g - min e_g. Compared as a difference only: mean
    /// residuals may be negative.
    /// Source: Calders et al. (2013), "balanced residuals".
    /// </remarks>
    public static ParityConstraint ResidualParity(ColumnNames columns, double bound) => new ResidualParity(columns, bound);
}
