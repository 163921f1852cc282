namespace HumanCompatible.ML.Metrics;

/// <summary>A rate or mean of a group, and how much is known of it.</summary>
/// <param name="Value">The proportion or mean; NaN where nothing is counted.</param>
/// <param name="Size">What it is counted over; of weighted rows the effective number (sum w)^2 / sum w^2.</param>
/// <param name="Variance">The variance of a row for a mean; NaN for a proportion, which needs none.</param>
internal readonly record struct RateEstimate(double Value, double Size, double Variance)
{
    internal bool IsDefined => !double.IsNaN(Value) && Size > 0;

    internal bool IsProportion => double.IsNaN(Variance);

    /// <summary>
    /// Over how many rows it would be counted if as many were predicted positive (negative) as are positive (negative): what the labels
    /// alone say of <see cref="Size"/>; the same as it for rates whose rows do not depend on the predictions.
    /// </summary>
    internal double SizeByLabels { get; init; } = Size;

    internal static RateEstimate Proportion(double value, double size) => new(value, size, double.NaN);
}
