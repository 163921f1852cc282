using HumanCompatible.ML.Confidence;

namespace HumanCompatible.ML.Auditing;

/// <summary>Intervals of summaries from replicates.</summary>
internal static class Bootstrap
{
    /// <summary>The intervals of summaries.</summary>
    /// <param name="values">The summaries of the rows as they are.</param>
    /// <param name="replicate">Computes the summaries of a replicate, by its number.</param>
    /// <param name="accelerations">Computes their accelerations.</param>
    /// <param name="confidence">The confidence.</param>
    /// <param name="options">How it is done.</param>
    /// <param name="cancellation">Ends it.</param>
    internal static BootstrapInterval[] Intervals(double[] values, Func<int, double[]> replicate, Func<double[]> accelerations,
        double confidence, BootstrapOptions options, CancellationToken cancellation)
    {
        var replicates = new double[options.Replicates][];
        var done = 0;
        Parallel.For(0, replicates.Length, new ParallelOptions { CancellationToken = cancellation }, index =>
        {
            replicates[index] = replicate(index);
            options.Progress?.Report((double)Interlocked.Increment(ref done) / replicates.Length);
        });
        double[][] sorted = [.. values.Select((_, summary) => Sorted(replicates.Select(one => one[summary])))];
        var tail = (options.IsSimultaneous ? SimultaneousTail(replicates, sorted, 1 - confidence) : 1 - confidence) / 2;
        var skews = options.Method == BootstrapMethod.BiasCorrectedAccelerated ? accelerations() : new double[values.Length];
        return [.. values.Select((value, summary) => new BootstrapInterval(value,
            double.IsNaN(value) || 2 * sorted[summary].Length < replicates.Length ? ConfidenceInterval.Undefined
            : options.Method == BootstrapMethod.Percentile
                ? new ConfidenceInterval(Quantile(sorted[summary], tail), Quantile(sorted[summary], 1 - tail))
                : BiasCorrected(sorted[summary], value, skews[summary], tail),
            Deviation(sorted[summary]), sorted[summary].Length))];
    }

    /// <summary>The quantile of sorted numbers by linear interpolation between (n - 1) p and the next.</summary>
    internal static double Quantile(double[] sorted, double share)
    {
        var at = share * (sorted.Length - 1);
        var below = (int)Math.Floor(at);
        return below + 1 >= sorted.Length ? sorted[^1]
            : sorted[below] == sorted[below + 1] ? sorted[below] : sorted[below] + ((at - below) * (sorted[below + 1] - sorted[below]));
    }

    /// <summary>
    /// The quantiles at Phi(z0 + (z0 + z) / (1 - a (z0 + z))), where z0 is the normal quantile of the share of replicates below the value,
    /// ties counting half, and z that of the tail. Source: Efron and Tibshirani (1993), An introduction to the bootstrap, 14.3.
    /// </summary>
    internal static ConfidenceInterval BiasCorrected(double[] sorted, double value, double acceleration, double tail)
    {
        var share = (sorted.Count(one => one < value) + sorted.Count(one => one <= value)) / 2.0 / sorted.Length;
        var half = 0.5 / sorted.Length;
        var bias = Confidence.Intervals.NormalQuantile(Math.Clamp(share, half, 1 - half));
        double End(double z) => Quantile(sorted, NormalDistribution.Probability(
            bias + ((bias + z) / (1 - (acceleration * (bias + z))))));
        var quantile = Confidence.Intervals.NormalQuantile(tail);
        return new ConfidenceInterval(End(quantile), End(-quantile));
    }

    // The tail of each interval by itself with which all hold together: that of the replicate whose farthest summary is as far out as those
    // of all but the given share of replicates are not. Source: Beran (1988), Balanced simultaneous confidence sets.
    private static double SimultaneousTail(double[][] replicates, double[][] sorted, double tail)
    {
        double[] depths = [.. replicates.Select(values => values.Select((value, summary) => Depth(sorted[summary], value))
            .DefaultIfEmpty(1).Min()).Order()];
        return depths[(int)Math.Floor(tail * depths.Length)];
    }

    // Twice the share of replicates that are at least as far out on the same side.
    private static double Depth(double[] sorted, double value)
    {
        if (double.IsNaN(value))
            return 1;
        int Count(bool includes)
        {
            int low = 0, high = sorted.Length;
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (sorted[middle] < value || (includes && sorted[middle] == value))
                    low = middle + 1;
                else
                    high = middle;
            }

            return low;
        }

        return Math.Min(1, 2.0 * Math.Min(Count(includes: true), sorted.Length - Count(includes: false)) / (sorted.Length + 1));
    }

    private static double[] Sorted(IEnumerable<double> values) => [.. values.Where(value => !double.IsNaN(value)).Order()];

    private static double Deviation(double[] values)
    {
        if (values.Length < 2)
            return double.NaN;
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    }
}
