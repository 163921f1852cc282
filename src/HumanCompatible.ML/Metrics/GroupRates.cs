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

    /// <summary>See <see cref="TaskLabels.UnitOf"/>.</summary>
    double UnitOf(GroupMetric metric) => 1;

    double IGroupRates.Rate(GroupMetric metric, int group) => Estimate(metric, group).Value;

    double IGroupRates.OverallRate(GroupMetric metric) => Estimate(metric, Overall).Value;
}

/// <summary>How far apart the statistics of groups are; an undefined one is NaN.</summary>
internal static class RateSpread
{
    /// <summary>max - min of the groups that define the statistic; NaN where fewer than two do: nothing is compared.</summary>
    internal static double Difference(IEnumerable<double> rates)
    {
        (var min, var max, var count) = Extremes(rates);
        return count < 2 ? double.NaN : max - min;
    }

    /// <summary>
    /// min / max of the groups that define the statistic, 1 where all are zero; NaN where fewer than two do: nothing is compared.
    /// </summary>
    internal static double Ratio(IEnumerable<double> rates)
    {
        (var min, var max, var count) = Extremes(rates);
        return count < 2 ? double.NaN : Ratio(min, max);
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

    /// <summary>The largest of the groups that define a statistic; NaN where none does.</summary>
    internal static double MaxOfDefined(IEnumerable<double> rates) => Extremes(rates).Max;

    /// <summary>The smallest of the groups that define a statistic; NaN where none does.</summary>
    internal static double MinOfDefined(IEnumerable<double> rates) => Extremes(rates).Min;

    /// <summary>The mean of those that are defined; NaN where none is.</summary>
    internal static double MeanOfDefined(IEnumerable<double> rates)
        => rates.Where(rate => !double.IsNaN(rate)).DefaultIfEmpty(double.NaN).Average();

    /// <summary>The largest of several statistics; NaN where one of them is not defined: it might be the largest.</summary>
    internal static double Max(IEnumerable<double> values) => values.Aggregate(Math.Max);

    /// <summary>The smallest of several statistics; NaN where one of them is not defined: it might be the smallest.</summary>
    internal static double Min(IEnumerable<double> values) => values.Aggregate(Math.Min);

    private static (double Min, double Max, int Count) Extremes(IEnumerable<double> rates)
    {
        double min = double.NaN, max = double.NaN;
        var count = 0;
        foreach (var rate in rates)
        {
            if (double.IsNaN(rate))
                continue;
            min = min <= rate ? min : rate;
            max = max >= rate ? max : rate;
            count++;
        }

        return (min, max, count);
    }
}
