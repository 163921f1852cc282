using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Confidence;

/// <summary>
/// What training rows tell of a rate of other rows: each counts as <paramref name="Weight"/> held-out ones, and the rate of both together
/// is <paramref name="Shift"/> more than their counts say.
/// </summary>
/// <param name="Weight">From 0 to 1.</param>
/// <param name="Shift">In the unit of the rate.</param>
internal readonly record struct FlatteredRate(double Weight, double Shift)
{
    /// <summary>Below it a probability loses its digits.</summary>
    private const double FarBelow = -6;

    /// <summary>Rows that do not flatter.</summary>
    internal static FlatteredRate None { get; } = new(1, 0);

    /// <summary>
    /// The posterior of a rate R that is seen as t in n training rows and as h in m held-out ones, t ~ N(R - s B, v / n) and h ~ N(R,
    /// v / m), where training brought the rate nearer to what it is asked for by B &gt;= 0, of a half-normal distribution of scale b: with
    /// x = s (h - t) ~ N(B, e^2), e^2 = v / n + v / m, B is normal with the mean x b^2 / (b^2 + e^2), the variance b^2 e^2 / (b^2 + e^2),
    /// cut off at 0. R is then the mean of t + s E[B] and h by their rows, with the variance v / (n + m) + (n / (n + m))^2 var(B), which is
    /// that of <see cref="Weight"/> n + m rows. Where held-out rows are much further from what is asked for, that is 1 / (1 + b^2 n / v),
    /// and no <see cref="Shift"/>, as in a prior that looks both ways. Where training rows are, they count in full: nothing flatters.
    /// </summary>
    /// <param name="training">t and n.</param>
    /// <param name="heldOut">h and m.</param>
    /// <param name="variance">v, of a row.</param>
    /// <param name="flattery">b, with the sign s of what is to be added to t; of 0 nothing flatters.</param>
    internal static FlatteredRate Of(RateEstimate training, RateEstimate heldOut, double variance, double flattery)
    {
        if (flattery == 0)
            return None;
        if (variance == 0)
            return new(0, 0); // any flattery is more than chance
        var (n, m, b2, sign) = (training.Size, heldOut.Size, flattery * flattery, Math.Sign(flattery));
        if (!heldOut.IsDefined)
            return new(1 / (1 + (b2 * n / variance)), 0);
        var e2 = (variance / n) + (variance / m);
        var (bias, unknown) = CutOff(sign * (heldOut.Value - training.Value) * b2 / (b2 + e2), b2 * e2 / (b2 + e2));
        var share = n / (n + m);
        var rows = 1 / ((1 / (n + m)) + (share * share * unknown / variance));
        var weight = Math.Clamp((rows - m) / n, 0, 1);
        double Pooled(double rate, double counted) => ((counted * rate) + (m * heldOut.Value)) / (counted + m);
        return new(weight, Pooled(training.Value + (sign * bias), n) - Pooled(training.Value, weight * n));
    }

    /// <summary>
    /// Of a rate of too few rows to tell the bound: as if it may be flattered either way. What is expected of such a rate is itself mostly
    /// chance, and to follow it costs all groups.
    /// </summary>
    /// <inheritdoc cref="Of" path="/param"/>
    internal static FlatteredRate OfUnmeasurable(RateEstimate training, double variance, double flattery) => flattery == 0 ? None
        : new(variance == 0 ? 0 : 1 / (1 + (flattery * flattery * training.Size / variance)), 0);

    /// <summary>The same where a training row counts as no more than <paramref name="most"/>.</summary>
    /// <param name="most">From 0 to 1.</param>
    internal FlatteredRate AtMost(double most) => Weight <= most ? this : new(most, Shift * most / Weight);

    // The mean and the variance of a normal distribution that is cut off below 0; far below, their expansions.
    private static (double Mean, double Variance) CutOff(double mean, double variance)
    {
        var deviation = Math.Sqrt(variance);
        var z = mean / deviation;
        if (z < FarBelow)
        {
            var u = 1 / (z * z);
            return (deviation / -z * (1 - (2 * u) + (10 * u * u)), variance * u * (1 - (6 * u) + (50 * u * u)));
        }

        var hazard = NormalDistribution.Density(z) / NormalDistribution.Probability(z);
        return (mean + (deviation * hazard), variance * (1 - (hazard * (z + hazard))));
    }
}
