namespace HumanCompatible.ML.Confidence;

/// <summary>
/// The beta distribution: the distribution function is the regularized incomplete beta function I_x(a, b), from which exact limits of
/// proportions follow.
/// </summary>
/// <param name="a">The first parameter, above 0.</param>
/// <param name="b">The second parameter, above 0.</param>
internal sealed class BetaDistribution(double a, double b)
{
    private const double Precision = 1e-15;
    private const int MostTerms = 100_000;

    // Stirling's series holds to 1e-15 from here on.
    private const double StirlingFrom = 10;
    private readonly double _logScale = LogGamma(a + b) - LogGamma(a) - LogGamma(b);

    /// <summary>
    /// I_x(a, b) = P(X at most x), by the continued fraction of DLMF 8.17.22, on the side of the mean where it converges fast.
    /// </summary>
    /// <exception cref="ArithmeticException">The fraction does not converge: the parameters are beyond 1e9.</exception>
    internal double Cumulative(double x)
    {
        x = Math.Clamp(x, 0, 1);
        var front = Math.Exp(_logScale + a * Math.Log(x) + b * Math.Log(1 - x));
        return x <= (a + 1) / (a + b + 2) ? front / (a * Fraction(a, b, x)) : 1 - front / (b * Fraction(b, a, 1 - x));
    }

    /// <summary>
    /// The least x with P(X at most x) of at least <paramref name="probability"/>, by bisection down to neighboring numbers: about 53
    /// steps, and more for a quantile near 0.
    /// </summary>
    /// <exception cref="ArithmeticException">A parameter or the probability is NaN or out of range.</exception>
    internal double Quantile(double probability)
    {
        if (probability is not (>= 0 and <= 1))
            throw new ArithmeticException(FormattableString.Invariant($"The {probability} quantile of Beta({a}, {b}) cannot be found."));
        double low = 0, high = 1;
        for (var middle = 0.5; low < middle && middle < high; middle = (low + high) / 2)
        {
            if (Cumulative(middle) < probability)
                low = middle;
            else
                high = middle;
        }

        return high;
    }

    // 1 + d1 / (1 + d2 / (1 + ...)) by Lentz's method. On this side of the mean c and d stay above 0.
    private static double Fraction(double a, double b, double x)
    {
        double value = 1, c = 1, d = 0;
        for (var step = 1; step < MostTerms; step++)
        {
            var m = step / 2;
            var coefficient = step % 2 == 0
                ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
                : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / (1 + coefficient * d);
            c = 1 + coefficient / c;
            value *= c * d;
            if (Math.Abs(c * d - 1) < Precision)
                return value;
        }

        throw new ArithmeticException(FormattableString.Invariant($"The continued fraction of Beta({a}, {b}) at {x} does not converge."));
    }

    /// <summary>ln Gamma(x) for x above 0: Stirling's series, reached by Gamma(x + 1) = x Gamma(x).</summary>
    internal static double LogGamma(double x)
    {
        double product = 1;
        while (x < StirlingFrom)
            product *= x++;
        double inverse = 1 / x, square = inverse * inverse;
        var series = inverse * (1 / 12.0 - square * (
            1 / 360.0 - square * (1 / 1260.0 - square * (1 / 1680.0 - square * (1 / 1188.0 - square * (691 / 360360.0))))));
        return (x - 0.5) * Math.Log(x) - x + 0.5 * Math.Log(2 * Math.PI) + series - Math.Log(product);
    }
}
