namespace HumanCompatible.ML.Metrics;

/// <summary>
/// A statistic of one group of rows. TP, FP, TN and FN are the (weighted) counts of true and false positives and negatives among the
/// group's rows,
/// and N = TP + FP + TN + FN.
/// </summary>
/// <remarks>A statistic whose denominator is zero (no row, no positive, no negative ... in the group) is undefined.</remarks>
public enum GroupMetric
{
    /// <summary>Share of rows predicted positive, (TP + FP) / N; in [0, 1].</summary>
    SelectionRate,

    /// <summary>Share of the positives predicted positive (recall), TP / (TP + FN); in [0, 1].</summary>
    TruePositiveRate,

    /// <summary>Share of the negatives predicted positive, FP / (FP + TN); in [0, 1].</summary>
    FalsePositiveRate,

    /// <summary>Share of the negatives predicted negative, TN / (FP + TN); in [0, 1].</summary>
    TrueNegativeRate,

    /// <summary>Share of the positives predicted negative, FN / (TP + FN); in [0, 1].</summary>
    FalseNegativeRate,

    /// <summary>Share of those predicted positive that are positive (precision, PPV), TP / (TP + FP); in [0, 1].</summary>
    PositivePredictiveValue,

    /// <summary>Share of those predicted negative that are positive (FOR), FN / (FN + TN); in [0, 1].</summary>
    FalseOmissionRate,

    /// <summary>Share of rows predicted rightly, (TP + TN) / N; in [0, 1].</summary>
    Accuracy,

    /// <summary>Share of rows predicted wrongly, (FP + FN) / N; in [0, 1].</summary>
    ErrorRate,

    /// <summary>
    /// Mean loss of the rows; for binary classification the log loss -[y ln p + (1 - y) ln(1 - p)], for multiclass the cross-entropy, both
    /// in nats; for regression the loss trained on; in [0, infinity).
    /// </summary>
    MeanLoss,

    /// <summary>Mean prediction of the rows of a regression, in the unit of the label.</summary>
    MeanPrediction,

    /// <summary>
    /// Mean of label - prediction over the rows of a regression, in the unit of the label: positive where predictions are too low.
    /// </summary>
    MeanResidual,
}
