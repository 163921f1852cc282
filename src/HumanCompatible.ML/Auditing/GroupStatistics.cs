using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Auditing;

/// <summary>
/// The statistics of one group's hard predictions (or of all rows). Rates are weighted by the example weights; a rate whose denominator is
/// zero is NaN.
/// </summary>
public sealed class GroupStatistics
{
    private readonly GroupCounts _counts;
    private readonly double _confidence;

    internal GroupStatistics(string name, GroupCounts counts, double confidence)
        => (Name, _counts, _confidence) = (name, counts, confidence);

    /// <summary>The name of the group: the value of its column, or the values of several joined by ", ".</summary>
    public string Name { get; }

    /// <summary>The number of rows.</summary>
    public int RowCount => _counts.RowCount;

    /// <summary>The number of rows whose label is positive.</summary>
    public int PositiveCount => _counts.PositiveCount;

    /// <summary>The number of rows that a quantity counts, whatever their weight.</summary>
    internal int RowsOf(RowQuantity quantity) => _counts.Rows(quantity);

    /// <summary>The sum of the example weights; the number of rows where there are none.</summary>
    public double Weight => _counts.Sum(RowQuantity.All);

    /// <summary>Share of rows whose label is positive, (TP + FN) / N; NaN where all rows have weight 0.</summary>
    public double BaseRate => _counts.Sum(RowQuantity.Positive) / Weight;

    /// <summary>A statistic, such as <c>group[GroupMetric.SelectionRate]</c>; NaN where undefined.</summary>
    /// <param name="metric">The statistic.</param>
    /// <exception cref="ArgumentNullException"><paramref name="metric"/> is null.</exception>
    public double this[GroupMetric metric] => _counts.Rate(metric);

    /// <summary>A statistic with what is known of it.</summary>
    internal RateEstimate Estimate(GroupMetric metric) => _counts.Estimate(metric);

    /// <summary>What was counted.</summary>
    internal GroupCounts Counts => _counts;

    /// <summary>
    /// The confidence interval of a statistic: Wilson's score interval for rates, the normal interval for the mean loss. Example weights
    /// enter by Kish's effective number of rows, (sum w)^2 / sum w^2.
    /// </summary>
    /// <param name="metric">The statistic.</param>
    /// <returns>The interval at the audit's confidence; undefined where the statistic is.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="metric"/> is null.</exception>
    public ConfidenceInterval Interval(GroupMetric metric)
    {
        var value = this[metric];
        return metric.IsRate
            ? Intervals.Wilson(value, _counts.EffectiveCount(metric), _confidence)
            : Intervals.OfNonnegativeMean(value, _counts.LossVariance, _counts.EffectiveCount(metric), _confidence);
    }
}
