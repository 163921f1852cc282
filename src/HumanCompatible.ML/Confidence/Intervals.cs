using System.Text.Json.Serialization;

namespace HumanCompatible.ML.Confidence;

/// <summary>Confidence intervals of proportions and of their differences.</summary>
internal static class Intervals
{
    /// <summary>
    /// Wilson's score interval of a proportion p out of n: (p + z^2/2n +- z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n). Source: Wilson
    /// (1927). Undefined where p is or where nothing is counted.
    /// </summary>
    internal static ConfidenceInterval Wilson(double p, double n, double confidence)
    {
        double z = TwoSidedQuantile(confidence), z2 = z * z;
        double center = p + z2 / (2 * n), half = z * Math.Sqrt(p * (1 - p) / n + z2 / (4 * n * n)), scale = 1 + z2 / n;
        return new(Math.Clamp((center - half) / scale, 0, p), Math.Clamp((center + half) / scale, p, 1));
    }

    /// <summary>The normal interval of a mean: mean +- z sqrt(variance / n), not below 0.</summary>
    internal static ConfidenceInterval OfNonnegativeMean(double mean, double variance, double n, double confidence)
    {
        var interval = OfMean(mean, variance, n, confidence);
        return new(Math.Max(0, interval.Lower), interval.Upper);
    }

    /// <summary>The normal interval of a mean: mean +- z sqrt(variance / n).</summary>
    internal static ConfidenceInterval OfMean(double mean, double variance, double n, double confidence)
    {
        if (double.IsNaN(mean) || !(n > 0))
            return ConfidenceInterval.Undefined;
        var half = TwoSidedQuantile(confidence) * Math.Sqrt(variance / n);
        return new(mean - half, mean + half);
    }

    /// <summary>
    /// The interval of a - b from the intervals of independent a and b: [d - sqrt((a - l_a)^2 + (u_b - b)^2), d + sqrt((u_a - a)^2 + (b -
    /// l_b)^2)], d = a - b.
    /// Source: Newcombe (1998), Interval estimation for the difference between independent proportions, method 10.
    /// </summary>
    internal static ConfidenceInterval Newcombe(double a, ConfidenceInterval ofA, double b, ConfidenceInterval ofB) => new(
        a - b - double.Hypot(a - ofA.Lower, ofB.Upper - b),
        a - b + double.Hypot(ofA.Upper - a, b - ofB.Lower));

    /// <summary>
    /// The exact limits of a proportion p = k / n, each of which holds by itself with probability of at least 1 - tail whatever the true
    /// proportion is: the tail quantile of Beta(k, n - k + 1) and the 1 - tail quantile of Beta(k + 1, n - k); 0 and 1 where nothing is
    /// counted. Source: Clopper and Pearson (1934).
    /// </summary>
    /// <param name="p">The proportion.</param>
    /// <param name="n">What it is counted over; of weighted rows the effective number, then the limits are approximate.</param>
    /// <param name="tail">The probability with which each end may fail, above 0 and below 1/2.</param>
    internal static ConfidenceInterval ClopperPearson(double p, double n, double tail)
    {
        if (double.IsNaN(p) || !(n > 0))
            return new(0, 1);
        var k = p * n;
        return new(p <= 0 ? 0 : new BetaDistribution(k, n - k + 1).Quantile(tail),
            p >= 1 ? 1 : new BetaDistribution(k + 1, n - k).Quantile(1 - tail));
    }

    /// <summary>
    /// Student's limits of a mean, mean +- t sqrt(variance / n) with sqrt(variance / n) its standard error, each failing with probability
    /// tail for a normal mean: approximate for others.
    /// </summary>
    /// <param name="mean">The mean.</param>
    /// <param name="variance">The variance of a row, with divisor n - 1.</param>
    /// <param name="n">The (effective) number of rows; with at most 1 the limits are the least value and infinity.</param>
    /// <param name="tail">The probability with which each end may fail, above 0 and below 1/2.</param>
    /// <param name="least">The least value that the mean can have.</param>
    internal static ConfidenceInterval Student(double mean, double variance, double n, double tail, double least = 0)
    {
        if (double.IsNaN(mean) || !(n > 1))
            return new(least, double.PositiveInfinity);
        var half = StudentQuantile(n - 1, tail) * Math.Sqrt(variance / n);
        return new(Math.Max(least, mean - half), mean + half);
    }

    /// <summary>t with P(T above t) = tail for Student's T: T^2 / (T^2 + degrees) is Beta(1/2, degrees/2).</summary>
    internal static double StudentQuantile(double degrees, double tail)
    {
        var share = new BetaDistribution(0.5, degrees / 2).Quantile(1 - 2 * tail);
        return Math.Sqrt(degrees * share / (1 - share));
    }

    /// <summary>
    /// z with P(|Z| at most z) = confidence for a standard normal Z, by Newton's method, which rises to it from 0 because the distribution
    /// is concave there.
    /// </summary>
    internal static double TwoSidedQuantile(double confidence)
    {
        double z = 0, step;
        do
        {
            step = ((confidence / 2) - NormalDistribution.CentralProbability(z)) / NormalDistribution.Density(z);
            z += step;
        }
        while (step > 1e-13);
        return z;
    }

    /// <summary>z with P(Z at most z) = probability for a standard normal Z; above 0 and below 1.</summary>
    internal static double NormalQuantile(double probability)
        => Math.CopySign(TwoSidedQuantile(Math.Abs((2 * probability) - 1)), probability - 0.5);
}

/// <summary>An interval that holds the true value with the confidence it was computed for.</summary>
public sealed record ConfidenceInterval
{
    [JsonConstructor]
    internal ConfidenceInterval(double lower, double upper) => (Lower, Upper) = (lower, upper);

    /// <summary>The lower end; NaN where undefined.</summary>
    public double Lower { get; }

    /// <summary>The upper end; NaN where undefined.</summary>
    public double Upper { get; }

    /// <summary>The interval of something undefined: both ends are NaN.</summary>
    internal static ConfidenceInterval Undefined { get; } = new(double.NaN, double.NaN);

    /// <summary>The members and their values, with the numbers of the invariant culture.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => RecordText.Of(this, PrintMembers);
}
