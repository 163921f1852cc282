namespace HumanCompatible.ML.Constraints;

/// <summary>
/// A metric as the ratio of two sums of row quantities. Every sum is over one nonnegative quantity, never a difference of sums, so a denominator without rows is exactly zero.
/// </summary>
internal readonly record struct MetricDefinition(RowQuantity Numerator, RowQuantity Denominator)
{
    internal static MetricDefinition Of(GroupMetric metric) => metric switch
    {
        GroupMetric.SelectionRate => new(RowQuantity.PredictedPositive, RowQuantity.One),
        GroupMetric.TruePositiveRate => new(RowQuantity.TruePositive, RowQuantity.Positive),
        GroupMetric.FalsePositiveRate => new(RowQuantity.FalsePositive, RowQuantity.Negative),
        GroupMetric.TrueNegativeRate => new(RowQuantity.TrueNegative, RowQuantity.Negative),
        GroupMetric.FalseNegativeRate => new(RowQuantity.FalseNegative, RowQuantity.Positive),
        GroupMetric.PositivePredictiveValue => new(RowQuantity.TruePositive, RowQuantity.PredictedPositive),
        GroupMetric.FalseOmissionRate => new(RowQuantity.FalseNegative, RowQuantity.PredictedNegative),
        GroupMetric.Accuracy => new(RowQuantity.Correct, RowQuantity.One),
        GroupMetric.ErrorRate => new(RowQuantity.Incorrect, RowQuantity.One),
        GroupMetric.MeanLoss => new(RowQuantity.Loss, RowQuantity.One),
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "Not a metric of a group."),
    };
}
