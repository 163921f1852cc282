using System.Globalization;

namespace HumanCompatible.ML.Benchmarks.Hold;

/// <summary>Generated populations of 120,000 rows, each always the same.</summary>
internal static class GeneratedRows
{
    internal const int Count = 120_000;

    // How much of the mixed table's label can be told: the logistic regression gets .82 of it right, given 30,000 rows.
    private const double Sharpness = 1.6;

    /// <summary>Four groups of 40, 30, 20 and 10 percent, exactly.</summary>
    internal static PopulationRows Clean() => Biased(1, [0.4, 0.3, 0.2, 0.1], [0.7, -0.5, 0.1, -0.7], missingShare: 0);

    /// <summary>
    /// Ten groups whose sizes are a geometric series from 1 to 100, biased up or down whatever their size; 2% of the rows lack their group.
    /// </summary>
    internal static PopulationRows Ten()
    {
        double[] sizes = [.. Enumerable.Range(0, 10).Select(group => Math.Pow(100, (9 - group) / 9.0))];
        return Biased(2, [.. sizes.Select(size => size / sizes.Sum())], [0.5, -0.6, 0.2, -0.3, 0.8, -0.9, 0.4, -0.4, 0.7, -0.8], 0.02);
    }

    /// <summary>
    /// 20 columns without groups: of twelve numbers seven matter, of eight categories five; some bend, some only matter together.
    /// </summary>
    internal static PopulationRows Mixed()
    {
        var random = new Random(3);
        int[] levels = [2, 3, 5, 8, 12, 4, 6, 10];
        double[][] effects = [.. levels.Select((count, column)
            => Enumerable.Range(0, count).Select(_ => column < 5 ? 0.7 * Normal(random) : 0).ToArray())];
        string[][] rows = [.. Enumerable.Range(0, Count).Select(_ => Row())];
        return new([.. Names("n", 12)], [.. Names("c", 8)], rows);

        string[] Row()
        {
            double[] n = [.. Enumerable.Range(0, 12).Select(column => column % 4 == 3 ? Math.Exp(Normal(random)) : Normal(random))];
            int[] c = [.. levels.Select(count => random.Next(count))];
            var logit = -0.4 + 0.9 * n[0] - 0.7 * n[1] + 0.5 * n[2] + 0.5 * Math.Log(n[3]) + 0.4 * n[4] + 0.4 * (Math.Abs(n[5]) - 0.8)
                + 0.35 * n[0] * n[1] + (c[0] == 0 ? 0.4 : -0.4) * n[6] + c.Select((level, column) => effects[column][level]).Sum();
            return [.. n.Select(Text), .. c.Select(level => $"v{level}"), Label(random, Sharpness * logit)];
        }
    }

    /// <summary>Thresholds and what only matters together: ten numbers and four categories, of which seven and three matter.</summary>
    internal static PopulationRows Steps()
    {
        var random = new Random(4);
        int[] levels = [2, 4, 6, 9];
        string[][] rows = [.. Enumerable.Range(0, Count).Select(_ => Row())];
        return new([.. Names("n", 10)], [.. Names("c", 4)], rows);

        string[] Row()
        {
            double[] n = [.. Enumerable.Range(0, 10).Select(column => column % 3 == 2 ? Math.Exp(Normal(random)) : Normal(random))];
            int[] c = [.. levels.Select(count => random.Next(count))];
            var logit = (n[0] > 0.5 ? 1.2 : -0.4) + (n[1] > -0.3 && n[2] > 1 ? 1.5 : -0.5) + (n[3] > 0 == n[4] > 0.3 ? 0.8 : -0.8)
                + (n[5] is > 0.6 and < 1.8 ? 1 : -0.5) + (c[0] == 0 ? (n[6] > 0 ? 0.9 : -0.9) : 0) + (c[1] == 2 ? 0.8 : -0.2)
                + (c[2] % 2 == 0 ? 0.4 : -0.4);
            return [.. n.Select(Text), .. c.Select(level => $"v{level}"), Label(random, logit)];
        }
    }

    /// <summary>A truth that is linear in ten of fifteen numbers and in the levels of three of five categories.</summary>
    internal static PopulationRows Linear()
    {
        var random = new Random(5);
        int[] levels = [2, 3, 5, 8, 12];
        double[] slopes = [.. Enumerable.Range(0, 15).Select(column => column < 10 ? 0.5 * Normal(random) : 0)];
        double[][] effects = [.. levels.Select((count, column)
            => Enumerable.Range(0, count).Select(_ => column < 3 ? 0.5 * Normal(random) : 0).ToArray())];
        string[][] rows = [.. Enumerable.Range(0, Count).Select(_ => Row())];
        return new([.. Names("n", 15)], [.. Names("c", 5)], rows);

        string[] Row()
        {
            double[] n = [.. slopes.Select(_ => Normal(random))];
            int[] c = [.. levels.Select(count => random.Next(count))];
            var logit = n.Zip(slopes, (value, slope) => value * slope).Sum() + c.Select((level, column) => effects[column][level]).Sum();
            return [.. n.Select(Text), .. c.Select(level => $"v{level}"), Label(random, logit)];
        }
    }

    // Groups differ in what they have (x0, the trade) and in what they get for it (the bias).
    private static PopulationRows Biased(int seed, double[] shares, double[] biases, double missingShare)
    {
        var random = new Random(seed);
        var rows = new List<string[]>(Count);
        var (group, end) = (0, shares[0]);
        for (var row = 0; row < Count; row++)
        {
            while (row >= Math.Round(end * Count) && group < shares.Length - 1)
                end += shares[++group];
            double[] x = [.. Enumerable.Range(0, 6).Select(_ => Normal(random))];
            x[0] += 0.5 * biases[group];
            var trade = random.NextDouble() < 0.3 + 0.2 * biases[group] ? 0 : random.Next(1, 5);
            var logit = x[0] + 0.8 * x[1] - 0.6 * x[2] + 0.5 * x[3] + 0.4 * x[1] * x[2] + (trade - 2) * -0.25 + 0.7 * biases[group];
            var name = random.NextDouble() < missingShare ? "" : $"g{group}";
            rows.Add([.. x.Select(Text), $"t{trade}", name, Label(random, logit)]);
        }

        return new([.. Names("x", 6)], ["trade", Populations.Group], rows);
    }

    private static IEnumerable<string> Names(string prefix, int count) => Enumerable.Range(0, count).Select(index => $"{prefix}{index}");

    private static string Text(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Label(Random random, double logit) => random.NextDouble() < 1 / (1 + Math.Exp(-logit)) ? "1" : "0";

    private static double Normal(Random random)
        => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
