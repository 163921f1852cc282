using System.Text.Json.Serialization;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Constraints;

/// <summary>
/// Demographic parity: the share of rows predicted positive is (nearly) the same in every group. With s_g = (TP_g + FP_g) / N_g the audited
/// value is max s_g - min s_g, at most the bound, from 0 to 1; as a ratio min s_g / max s_g, at least the bound (0.8 is the four-fifths
/// rule).
/// </summary>
/// <remarks>
/// Source: Calders, Kamiran, Pechenizkiy (2009), Building classifiers with independency constraints; Agarwal et al. (2018), definition 1.
/// </remarks>
public sealed record DemographicParity : ParityConstraint
{
    [JsonConstructor]
    internal DemographicParity(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    internal override IReadOnlyList<GroupMetric> Metrics => [GroupMetric.SelectionRate];
}

/// <summary>
/// Equalized odds: true and false positive rates are (nearly) the same in every group. With TPR_g = TP_g / (TP_g + FN_g) and
/// FPR_g = FP_g / (FP_g + TN_g) the audited value is the larger of max TPR_g - min TPR_g and max FPR_g - min FPR_g, at most the bound, from
/// 0 to 1.
/// </summary>
/// <remarks>Source: Hardt, Price, Srebro (2016), Equality of opportunity in supervised learning, definition 2.1.</remarks>
public sealed record EqualizedOdds : ParityConstraint
{
    [JsonConstructor]
    internal EqualizedOdds(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    internal override IReadOnlyList<GroupMetric> Metrics => [GroupMetric.TruePositiveRate, GroupMetric.FalsePositiveRate];
}

/// <summary>
/// Equal opportunity: the share of the positives predicted positive is (nearly) the same in every group. With TPR_g = TP_g / (TP_g + FN_g)
/// the audited value is max TPR_g - min TPR_g, at most the bound, from 0 to 1.
/// </summary>
/// <remarks>Source: Hardt, Price, Srebro (2016), Equality of opportunity in supervised learning, definition 2.2.</remarks>
public sealed record EqualOpportunity : ParityConstraint
{
    [JsonConstructor]
    internal EqualOpportunity(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    internal override IReadOnlyList<GroupMetric> Metrics => [GroupMetric.TruePositiveRate];
}

/// <summary>
/// Predictive equality: the share of the negatives predicted positive is (nearly) the same in every group. With
/// FPR_g = FP_g / (FP_g + TN_g) the audited value is max FPR_g - min FPR_g, at most the bound, from 0 to 1.
/// </summary>
/// <remarks>
/// Source: Corbett-Davies, Pierson, Feller, Goel, Huq (2017), Algorithmic decision making and the cost of fairness, section 2.
/// </remarks>
public sealed record PredictiveEquality : ParityConstraint
{
    [JsonConstructor]
    internal PredictiveEquality(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    internal override IReadOnlyList<GroupMetric> Metrics => [GroupMetric.FalsePositiveRate];
}

/// <summary>
/// Accuracy parity: the share of rows predicted correctly is (nearly) the same in every group. With A_g = (TP_g + TN_g) / N_g the audited
/// value is max A_g - min A_g, at most the bound, from 0 to 1; as a difference it is the same as error-rate parity.
/// </summary>
/// <remarks>
/// Also called overall accuracy equality: Berk, Heidari, Jabbari, Kearns, Roth (2021), Fairness in criminal justice risk assessments.
/// </remarks>
public sealed record AccuracyParity : ParityConstraint
{
    [JsonConstructor]
    internal AccuracyParity(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    internal override IReadOnlyList<GroupMetric> Metrics => [GroupMetric.Accuracy];
}

/// <summary>
/// Predictive parity: among those predicted positive, the share of positives is (nearly) the same in every group. With
/// PPV_g = TP_g / (TP_g + FP_g) the audited value is max PPV_g - min PPV_g, at most the bound, from 0 to 1. A group in which nobody is
/// predicted positive does not define it.
/// </summary>
/// <remarks>Source: Chouldechova (2017), Fair prediction with disparate impact, section 2.</remarks>
public sealed record PredictiveParity : ParityConstraint
{
    [JsonConstructor]
    internal PredictiveParity(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    internal override IReadOnlyList<GroupMetric> Metrics => [GroupMetric.PositivePredictiveValue];
}

/// <summary>
/// False omission rate parity: among those predicted negative, the share of positives is (nearly) the same in every group. With
/// FOR_g = FN_g / (FN_g + TN_g) the audited value is max FOR_g - min FOR_g, at most the bound, from 0 to 1. A group in which nobody is
/// predicted negative does not define it.
/// </summary>
/// <remarks>With predictive parity it makes up conditional use accuracy equality: Berk et al. (2021).</remarks>
public sealed record FalseOmissionRateParity : ParityConstraint
{
    [JsonConstructor]
    internal FalseOmissionRateParity(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    internal override IReadOnlyList<GroupMetric> Metrics => [GroupMetric.FalseOmissionRate];
}

/// <summary>
/// Loss parity: the mean loss is (nearly) the same in every group. With L_g the mean log loss of group g the audited value is
/// max L_g - min L_g, at most the bound, finite and not negative; as a ratio the bound is from 0 to 1.
/// </summary>
/// <remarks>The constraint |L_g - L_h| at most b of the benchmark of Kliachkin et al. on stochastic constrained training.</remarks>
public sealed record LossParity : ParityConstraint
{
    [JsonConstructor]
    internal LossParity(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    internal override IReadOnlyList<GroupMetric> Metrics => [GroupMetric.MeanLoss];
}

/// <summary>
/// Mean parity of a regression: the mean prediction is (nearly) the same in every group. With m_g the (weighted) mean of the predictions of
/// group g the audited value is max m_g - min m_g, at most the bound, in the unit of the label.
/// </summary>
/// <remarks>
/// Source: Calders, Karim, Kamiran, Ali, Zhang (2013), Controlling attribute effect in linear regression, "equal means". As a ratio it
/// compares means that are not negative: with a negative mean the value is min m_g / max |m_g|, below every bound.
/// </remarks>
internal sealed record MeanParity : ParityConstraint
{
    [JsonConstructor]
    internal MeanParity(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    internal override IReadOnlyList<GroupMetric> Metrics => [GroupMetric.MeanPrediction];
}

/// <summary>
/// Residual parity of a regression: no group is predicted too high or too low compared with another. With e_g the (weighted) mean of
/// label - prediction over group g the audited value is max e_g - min e_g, at most the bound, in the unit of the label.
/// </summary>
/// <remarks>
/// Source: Calders et al. (2013), "balanced residuals". Compared as a difference only: mean residuals may be negative.
/// </remarks>
internal sealed record ResidualParity : ParityConstraint
{
    [JsonConstructor]
    internal ResidualParity(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    internal override IReadOnlyList<GroupMetric> Metrics => [GroupMetric.MeanResidual];

    internal override void Validate(ICollection<string> problems)
    {
        base.Validate(problems);
        if (Comparison == GroupComparison.Ratio)
            problems.Add($"{Name}: Comparison is Ratio, but mean residuals may be negative; compare them by their Difference.");
    }
}
