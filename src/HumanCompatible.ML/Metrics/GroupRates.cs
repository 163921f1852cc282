namespace HumanCompatible.ML.Metrics;

/// <summary>The statistics of a partition's groups, from which a declaration computes its audited value; undefined ones are NaN.</summary>
internal interface IGroupRates
{
    IReadOnlyList<string> GroupNames { get; }

    double Rate(GroupMetric metric, int group);

    /// <summary>The statistic of the rows of all groups together.</summary>
    double OverallRate(GroupMetric metric);
}

/// <summary>The same with what is known of each statistic.</summary>
internal interface IRateEstimates : IGroupRates
{
    /// <summary>The estimate of the statistic of a group, or of the rows of all groups together for <see cref="Overall"/>.</summary>
    RateEstimate Estimate(GroupMetric metric, int group);

    /// <summary>Stands for the rows of all groups together.</summary>
    const int Overall = -1;

    double IGroupRates.Rate(GroupMetric metric, int group) => Estimate(metric, group).Value;

    double IGroupRates.OverallRate(GroupMetric metric) => Estimate(metric, Overall).Value;
}

/// <summary>How far apart the rates of groups are. Undefined rates (NaN) are left out; NaN where none is defined.</summary>
internal static class RateSpread
{
    /// <summary>max - min.</summary>
    internal static double Difference(IEnumerable<double> rates)
    {
        (var min, var max) = Extremes(rates);
        return max - min;
    }

    /// <summary>min / max; 1 where all are zero.</summary>
    internal static double Ratio(IEnumerable<double> rates)
    {
        (var min, var max) = Extremes(rates);
        return Ratio(min, max);
    }

    /// <summary>
    /// The smaller by the larger of two rates; 1 where both are zero. Where a mean is negative: the smaller by the larger magnitude, so
    /// that it is negative too.
    /// </summary>
    internal static double Ratio(double a, double b)
    {
        var larger = Math.Max(a, b); // NaN if either is
        var smaller = Math.Min(a, b);
        if (smaller < 0)
            return smaller / Math.Max(Math.Abs(a), Math.Abs(b));
        return larger == 0 ? 1 : smaller / larger;
    }

    internal static double Max(IEnumerable<double> values) => Extremes(values).Max;

    internal static double Min(IEnumerable<double> values) => Extremes(values).Min;

    private static (double Min, double Max) Extremes(IEnumerable<double> values)
    {
        double min = double.NaN, max = double.NaN;
        foreach (var value in values)
        {
            if (double.IsNaN(value))
                continue;
            min = min <= value ? min : value;
            max = max >= value ? max : value;
        }

        return (min, max);
    }
}
