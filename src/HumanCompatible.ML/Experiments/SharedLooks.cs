namespace HumanCompatible.ML.Experiments;

/// <summary>
/// What it costs to look at the same rows several times: models that agree on nearly every row are nearly one look, as chance favors them
/// together.
/// </summary>
/// <remarks>
/// Let d_ib be by how much the statistic of look i changes without part b of the rows (the grouped jackknife), and x_b be standard normal.
/// Then the z_i = sum_b x_b d_ib / sqrt(sum_b d_ib^2) vary together as the errors of the statistics do, and with z the median of their
/// largest, all limits of z standard errors hold together as likely as not. With one look, or several equal ones, z is 0; with n that have
/// nothing in common it is that of the tail 1 - 2^(-1/n), near the 0.5 / n of Bonferroni.
/// Source: Romano and Wolf (2005), Stepwise multiple testing as formalized data snooping; the multiplier bootstrap.
/// </remarks>
internal static class SharedLooks
{
    /// <summary>The probability of what is as likely as not.</summary>
    internal const double EvenChance = 0.5;

    private const int Draws = 2000;
    private const int Seed = 1;

    /// <summary>The probability with which each limit may fail, so that all of them together fail with that of one value without a limit.
    /// </summary>
    /// <param name="changes">Of each look d_ib, of each part; looks of which nothing is known have none in common with others.</param>
    /// <returns>At least 0.5 / n, at most 0.5.</returns>
    internal static double Tail(IReadOnlyList<double[]> changes)
    {
        var unknown = changes.Any(look => !(look.Sum(change => change * change) is > 0 and < double.PositiveInfinity));
        if (unknown)
            return EvenChance / changes.Count;
        double[][] looks = [.. changes.Select(look => Scaled(look, Math.Sqrt(look.Sum(change => change * change))))];
        var random = new Random(Seed);
        var parts = new double[looks[0].Length];
        var largest = new double[2 * Draws];
        for (var draw = 0; draw < Draws; draw++)
        {
            for (var part = 0; part < parts.Length; part++)
                parts[part] = NormalDistribution.Draw(random);
            double[] errors = [.. looks.Select(look => look.Zip(parts, (change, x) => change * x).Sum())];
            (largest[2 * draw], largest[(2 * draw) + 1]) = (errors.Max(), -errors.Min()); // the opposite draw is as likely
        }

        Array.Sort(largest);
        var median = (largest[Draws - 1] + largest[Draws]) / 2;
        return Math.Clamp(1 - NormalDistribution.Probability(median), EvenChance / changes.Count, EvenChance);
    }

    private static double[] Scaled(double[] look, double deviation) => [.. look.Select(change => change / deviation)];
}
