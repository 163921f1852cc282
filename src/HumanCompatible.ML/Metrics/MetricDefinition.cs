namespace HumanCompatible.ML.Metrics;

/// <summary>
/// A metric as the ratio of two sums of row quantities. Every denominator is a sum of one nonnegative quantity, never a difference of sums,
/// so a denominator without rows is exactly zero.
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
        GroupMetric.MeanPrediction => new(RowQuantity.Prediction, RowQuantity.One),
        GroupMetric.MeanResidual => new(RowQuantity.Residual, RowQuantity.One),
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "Not a metric of a group."),
    };

    /// <summary>Whether it may be negative.</summary>
    internal static bool IsSigned(GroupMetric metric) => metric is GroupMetric.MeanPrediction or GroupMetric.MeanResidual;

    /// <summary>Whether it is a share of rows, from 0 to 1.</summary>
    internal static bool IsRate(GroupMetric metric) => metric != GroupMetric.MeanLoss && !IsSigned(metric);

    /// <summary>Whether in multiclass classification each class has its own; the others are of all classes together.</summary>
    internal static bool IsPerClass(GroupMetric metric) => IsRate(metric) && metric is not (GroupMetric.Accuracy or GroupMetric.ErrorRate);

    /// <summary>Whether a task has it.</summary>
    internal static bool Suits(GroupMetric metric, LearningTask task)
        => task == LearningTask.Regression ? !IsRate(metric) : !IsSigned(metric);
}
