using System.Text.Json.Serialization;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Constraints;

/// <inheritdoc cref="Fairness.DemographicParity"/>
internal sealed record DemographicParity : ParityConstraint
{
    [JsonConstructor]
    internal DemographicParity(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    private protected override IReadOnlyList<GroupMetric> DeclaredMetrics => [GroupMetric.SelectionRate];
}

/// <inheritdoc cref="Fairness.EqualizedOdds"/>
internal sealed record EqualizedOdds : ParityConstraint
{
    [JsonConstructor]
    internal EqualizedOdds(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    private protected override IReadOnlyList<GroupMetric> DeclaredMetrics => [GroupMetric.TruePositiveRate, GroupMetric.FalsePositiveRate];
}

/// <inheritdoc cref="Fairness.EqualOpportunity"/>
internal sealed record EqualOpportunity : ParityConstraint
{
    [JsonConstructor]
    internal EqualOpportunity(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    private protected override IReadOnlyList<GroupMetric> DeclaredMetrics => [GroupMetric.TruePositiveRate];
}

/// <inheritdoc cref="Fairness.PredictiveEquality"/>
internal sealed record PredictiveEquality : ParityConstraint
{
    [JsonConstructor]
    internal PredictiveEquality(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    private protected override IReadOnlyList<GroupMetric> DeclaredMetrics => [GroupMetric.FalsePositiveRate];
}

/// <inheritdoc cref="Fairness.AccuracyParity"/>
internal sealed record AccuracyParity : ParityConstraint
{
    [JsonConstructor]
    internal AccuracyParity(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    private protected override IReadOnlyList<GroupMetric> DeclaredMetrics => [GroupMetric.Accuracy];
}

/// <inheritdoc cref="Fairness.PredictiveParity"/>
internal sealed record PredictiveParity : ParityConstraint
{
    [JsonConstructor]
    internal PredictiveParity(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    private protected override IReadOnlyList<GroupMetric> DeclaredMetrics => [GroupMetric.PositivePredictiveValue];
}

/// <inheritdoc cref="Fairness.FalseOmissionRateParity"/>
internal sealed record FalseOmissionRateParity : ParityConstraint
{
    [JsonConstructor]
    internal FalseOmissionRateParity(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    private protected override IReadOnlyList<GroupMetric> DeclaredMetrics => [GroupMetric.FalseOmissionRate];
}

/// <inheritdoc cref="Fairness.LossParity"/>
internal sealed record LossParity : ParityConstraint
{
    [JsonConstructor]
    internal LossParity(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    private protected override IReadOnlyList<GroupMetric> DeclaredMetrics => [GroupMetric.MeanLoss];
}

/// <inheritdoc cref="Fairness.MeanParity"/>
internal sealed record MeanParity : ParityConstraint
{
    [JsonConstructor]
    internal MeanParity(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    private protected override IReadOnlyList<GroupMetric> DeclaredMetrics => [GroupMetric.MeanPrediction];
}

/// <inheritdoc cref="Fairness.ResidualParity"/>
internal sealed record ResidualParity : ParityConstraint
{
    [JsonConstructor]
    internal ResidualParity(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    private protected override IReadOnlyList<GroupMetric> DeclaredMetrics => [GroupMetric.MeanResidual];

    internal override void Validate(ICollection<string> problems)
    {
        base.Validate(problems);
        if (Comparison == GroupComparison.Ratio)
            problems.Add($"{Name}: Comparison is Ratio, but mean residuals may be negative; compare them by their Difference.");
    }
}
