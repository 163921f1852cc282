namespace HumanCompatible.ML;

/// <summary>The standard normal distribution, exact to rounding.</summary>
internal static class NormalDistribution
{
    /// <summary>P(Z &lt;= z).</summary>
    internal static double Probability(double z) => Math.Abs(z) > 8 ? (z > 0 ? 1 : 0) : 0.5 + CentralProbability(z);

    /// <summary>
    /// P(0 &lt;= Z &lt;= z), negative where z is: density(z) (z + z^3/3 + z^5/(3 5) + ...). Source: Marsaglia (2004), Evaluating the normal
    /// distribution.
    /// </summary>
    internal static double CentralProbability(double z)
    {
        double term = z, sum = z;
        for (var k = 3; Math.Abs(term) > Math.Abs(sum) * 1e-17; k += 2)
        {
            term *= z * z / k;
            sum += term;
        }

        return sum * Density(z);
    }

    /// <summary>A random number of this distribution. Source: Box and Muller (1958).</summary>
    internal static double Draw(Random random)
        => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>exp(-z^2 / 2) / sqrt(2 pi).</summary>
    internal static double Density(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
}
