namespace HumanCompatible.ML.Auditing;

/// <summary>Tests of whether groups have the same rate.</summary>
internal static class IndependenceTests
{
    // As scipy: tables as likely as the one seen up to rounding count as at most as likely.
    private const double Rounding = 1e-7;

    /// <summary>Fisher's exact test of the table [[a, b], [c, d]], two-sided; NaN where a row of the table is empty.</summary>
    internal static double Fisher(int a, int b, int c, int d)
    {
        int first = a + b, second = c + d, selected = a + c;
        if (first == 0 || second == 0)
            return double.NaN;
        int least = Math.Max(0, selected - second), most = Math.Min(first, selected);

        // The logarithms of the hypergeometric probabilities, up to a constant, by their ratios.
        var logs = new double[most - least + 1];
        for (var k = least + 1; k <= most; k++)
        {
            logs[k - least] = logs[k - least - 1] + Math.Log((double)(first - k + 1) * (selected - k + 1))
                - Math.Log((double)k * (second - selected + k));
        }

        var largest = logs.Max();
        var seen = logs[a - least] - largest + Math.Log(1 + Rounding);
        double total = 0, extreme = 0;
        foreach (var log in logs)
        {
            var probability = Math.Exp(log - largest);
            total += probability;
            extreme += log - largest <= seen ? probability : 0;
        }

        return Math.Min(1, extreme / total);
    }

    /// <summary>The G-test of equal rates; NaN where fewer than two groups have rows, or all rows have one outcome.</summary>
    /// <param name="groups">The rows of either outcome of each group.</param>
    internal static (double Statistic, double PValue) GTest(IReadOnlyList<(double Selected, double Others)> groups)
    {
        (double Selected, double Others)[] counted = [.. groups.Where(group => group.Selected + group.Others > 0)];
        double selected = counted.Sum(group => group.Selected), others = counted.Sum(group => group.Others), all = selected + others;
        if (counted.Length < 2 || selected == 0 || others == 0)
            return (double.NaN, double.NaN);
        static double Term(double seen, double expected) => seen > 0 ? seen * Math.Log(seen / expected) : 0;
        var statistic = Math.Max(0, 2 * counted.Sum(group => Term(group.Selected, (group.Selected + group.Others) * selected / all)
            + Term(group.Others, (group.Selected + group.Others) * others / all)));
        return (statistic, ChiSquaredTail(statistic, counted.Length - 1));
    }

    /// <summary>P(X above x) for chi-squared X: the upper regularized gamma function Q(degrees / 2, x / 2).</summary>
    internal static double ChiSquaredTail(double x, int degrees)
    {
        double a = degrees / 2.0, z = x / 2;
        if (z <= 0)
            return 1;

        // Q(a + 1, z) = Q(a, z) + z^a e^-z / Gamma(a + 1), from Q(1/2, z) = erfc(sqrt z) or Q(1, z) = e^-z: all terms are positive.
        var isOdd = degrees % 2 == 1;
        var order = isOdd ? 0.5 : 1.0;
        var result = isOdd ? Erfc(Math.Sqrt(z)) : Math.Exp(-z);
        var logTerm = isOdd ? (0.5 * Math.Log(z)) - z - (0.5 * Math.Log(Math.PI / 4)) : Math.Log(z) - z;
        for (; order < a; order++)
        {
            result += Math.Exp(logTerm);
            logTerm += Math.Log(z / (order + 1));
        }

        return Math.Min(1, result);
    }

    // 1 - erf by its series below 2, by its continued fraction above. Source: Abramowitz and Stegun 7.1.6, 7.1.14.
    private static double Erfc(double x)
    {
        var density = Math.Exp(-x * x) / Math.Sqrt(Math.PI);
        if (x < 2)
        {
            double term = x, sum = x;
            for (var n = 1; term > sum * 1e-17; n++)
            {
                term *= 2 * x * x / ((2 * n) + 1);
                sum += term;
            }

            return 1 - (2 * density * sum);
        }

        var fraction = 0.0;
        for (var n = 200; n >= 1; n--)
            fraction = n / 2.0 / (x + fraction);
        return density / (x + fraction);
    }
}
