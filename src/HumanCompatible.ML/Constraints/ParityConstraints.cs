using System.Text.Json.Serialization;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Constraints;

/// <inheritdoc cref="Fairness.DemographicParity"/>
internal sealed record DemographicParity : ParityConstraint
{
    [JsonConstructor]
    internal DemographicParity(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    internal override IReadOnlyList<GroupMetric> Metrics => [GroupMetric.SelectionRate];
}

/// <inheritdoc cref="Fairness.EqualizedOdds"/>
internal sealed record EqualizedOdds : ParityConstraint
{
    [JsonConstructor]
    internal EqualizedOdds(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    internal override IReadOnlyList<GroupMetric> Metrics => [GroupMetric.TruePositiveRate, GroupMetric.FalsePositiveRate];
}

/// <inheritdoc cref="Fairness.EqualOpportunity"/>
internal sealed record EqualOpportunity : ParityConstraint
{
    [JsonConstructor]
    internal EqualOpportunity(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    internal override IReadOnlyList<GroupMetric> Metrics => [GroupMetric.TruePositiveRate];
}

/// <inheritdoc cref="Fairness.PredictiveEquality"/>
internal sealed record PredictiveEquality : ParityConstraint
{
    [JsonConstructor]
    internal PredictiveEquality(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    internal override IReadOnlyList<GroupMetric> Metrics => [GroupMetric.FalsePositiveRate];
}

/// <inheritdoc cref="Fairness.AccuracyParity"/>
internal sealed record AccuracyParity : ParityConstraint
{
    [JsonConstructor]
    internal AccuracyParity(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    internal override IReadOnlyList<GroupMetric> Metrics => [GroupMetric.Accuracy];
}

/// <inheritdoc cref="Fairness.PredictiveParity"/>
internal sealed record PredictiveParity : ParityConstraint
{
    [JsonConstructor]
    internal PredictiveParity(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    internal override IReadOnlyList<GroupMetric> Metrics => [GroupMetric.PositivePredictiveValue];
}

/// <inheritdoc cref="Fairness.FalseOmissionRateParity"/>
internal sealed record FalseOmissionRateParity : ParityConstraint
{
    [JsonConstructor]
    internal FalseOmissionRateParity(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    internal override IReadOnlyList<GroupMetric> Metrics => [GroupMetric.FalseOmissionRate];
}

/// <inheritdoc cref="Fairness.LossParity"/>
internal sealed record LossParity : ParityConstraint
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
