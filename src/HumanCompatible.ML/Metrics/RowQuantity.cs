namespace HumanCompatible.ML.Metrics;

/// <summary>
/// A number per row whose weighted sums over groups are the numerators and denominators of the metrics; y is the label and p the
/// prediction, both 0 to 1.
/// </summary>
internal enum RowQuantity
{
    /// <summary>1.</summary>
    One,

    /// <summary>y.</summary>
    Positive,

    /// <summary>1 - y.</summary>
    Negative,

    /// <summary>p.</summary>
    PredictedPositive,

    /// <summary>1 - p.</summary>
    PredictedNegative,

    /// <summary>p y.</summary>
    TruePositive,

    /// <summary>p (1 - y).</summary>
    FalsePositive,

    /// <summary>(1 - p) (1 - y).</summary>
    TrueNegative,

    /// <summary>(1 - p) y.</summary>
    FalseNegative,

    /// <summary>p y + (1 - p) (1 - y).</summary>
    Correct,

    /// <summary>p (1 - y) + (1 - p) y.</summary>
    Incorrect,

    /// <summary>The loss of the row.</summary>
    Loss,

    /// <summary>p, a real number (regression).</summary>
    Prediction,

    /// <summary>y - p, real numbers (regression).</summary>
    Residual,
}
