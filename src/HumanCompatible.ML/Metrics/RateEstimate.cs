using HumanCompatible.ML.Confidence;
namespace HumanCompatible.ML.Metrics;

/// <summary>A rate or mean loss of a group, and how much is known of it.</summary>
/// <param name="Value">The proportion or mean; NaN where nothing is counted.</param>
/// <param name="Size">What it is counted over; of weighted rows the effective number (sum w)^2 / sum w^2.</param>
/// <param name="Variance">The variance of a row for a mean; NaN for a proportion, which needs none.</param>
internal readonly record struct RateEstimate(double Value, double Size, double Variance)
{
    internal bool IsDefined => !double.IsNaN(Value) && Size > 0;

    internal bool IsProportion => double.IsNaN(Variance);

    internal static RateEstimate Proportion(double value, double size) => new(value, size, double.NaN);

    /// <summary>
    /// Limits each of which fails with probability <paramref name="tail"/> at most (a proportion, exact) or about (a mean).
    /// </summary>
    internal ConfidenceInterval Limits(double tail)
        => IsProportion ? Intervals.ClopperPearson(Value, Size, tail) : Intervals.Student(Value, Variance, Size, tail);
}
