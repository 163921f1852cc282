namespace HumanCompatible.ML.Confidence;

/// <summary>An interval that holds the true value with the confidence it was computed for.</summary>
/// <param name="Lower">The lower end; NaN where undefined.</param>
/// <param name="Upper">The upper end; NaN where undefined.</param>
public readonly record struct ConfidenceInterval(double Lower, double Upper)
{
    /// <summary>The interval of something undefined: both ends are NaN.</summary>
    public static ConfidenceInterval Undefined { get; } = new(double.NaN, double.NaN);

    /// <summary>Whether a value lies in the interval, its ends included.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Whether it lies inside; false where the interval is undefined.</returns>
    public bool Contains(double value) => value >= Lower && value <= Upper;
}
