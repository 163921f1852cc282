namespace HumanCompatible.ML.Experiments;

/// <summary>
/// The tree-structured Parzen estimator: of some candidates drawn where good runs are dense, the one where they are densest in comparison
/// with the other runs. Each dimension by itself; a dimension of choices has counts, the others truncated normal kernels and one flat one.
/// Source: Bergstra et al. (2011), Algorithms for hyper-parameter optimization.
/// </summary>
internal sealed class ParzenSampler
{
    private const int Candidates = 24;
    private const double GoodShare = 0.25;
    private const double SmallestWidth = 0.05;

    private readonly int?[] _choices;
    private readonly double[][] _good;
    private readonly double[][] _others;

    /// <param name="choices">For each dimension the number of its choices, null where it is ordered.</param>
    /// <param name="runs">The points of the runs so far, the best first; at least 1.</param>
    internal ParzenSampler(int?[] choices, IReadOnlyList<double[]> runs)
    {
        var good = Math.Max(1, (int)Math.Ceiling(GoodShare * runs.Count));
        (_choices, _good, _others) = (choices, [.. runs.Take(good)], [.. runs.Skip(good)]);
    }

    internal double[] Next(Random random) => Enumerable.Range(0, Candidates).Select(_ => Draw(random)).MaxBy(point => Gain(point))!;

    private double[] Draw(Random random) => [.. _choices.Select((choices, dimension) =>
    {
        var kernel = random.Next(_good.Length + 1);
        if (kernel == _good.Length)
            return random.NextDouble();
        var center = _good[kernel][dimension];
        if (choices is not null)
            return center;
        double value;
        do
        {
            value = center + (NormalDistribution.Draw(random) * Width(_good.Length));
        }
        while (value is < 0 or >= 1);
        return value;
    })];

    private double Gain(double[] point) => Enumerable.Range(0, point.Length)
        .Sum(dimension => Math.Log(Density(_good, dimension, point[dimension]) / Density(_others, dimension, point[dimension])));

    private double Density(double[][] runs, int dimension, double value)
    {
        if (_choices[dimension] is { } choices)
        {
            var same = runs.Count(run => (int)(run[dimension] * choices) == (int)(value * choices));
            return (same + 1.0) / (runs.Length + choices);
        }

        var width = Width(runs.Length);
        return (1 + runs.Sum(run => Kernel(value, run[dimension], width))) / (runs.Length + 1);
    }

    // The normal density within the unit interval.
    private static double Kernel(double value, double center, double width)
        => Math.Exp(-0.5 * Math.Pow((value - center) / width, 2)) / (width * Math.Sqrt(2 * Math.PI))
            / (NormalDistribution.Probability((1 - center) / width) - NormalDistribution.Probability(-center / width));

    private static double Width(int runs) => Math.Max(SmallestWidth, 0.4 * Math.Pow(Math.Max(1, runs), -0.4));
}
