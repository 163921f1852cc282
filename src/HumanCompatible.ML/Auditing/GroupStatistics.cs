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

    /// <summary>The sum of the example weights; the number of rows where there are none.</summary>
    public double Weight => _counts.Sum(RowQuantity.All);

    /// <summary>Share of rows whose label is positive, (TP + FN) / N.</summary>
    public double BaseRate => _counts.Sum(RowQuantity.Positive) / Weight;

    /// <summary>Share of rows predicted positive, (TP + FP) / N.</summary>
    public double SelectionRate => this[GroupMetric.SelectionRate];

    /// <summary>Share of the positives predicted positive, TP / (TP + FN).</summary>
    public double TruePositiveRate => this[GroupMetric.TruePositiveRate];

    /// <summary>Share of the negatives predicted positive, FP / (FP + TN).</summary>
    public double FalsePositiveRate => this[GroupMetric.FalsePositiveRate];

    /// <summary>Share of the negatives predicted negative, TN / (FP + TN).</summary>
    public double TrueNegativeRate => this[GroupMetric.TrueNegativeRate];

    /// <summary>Share of the positives predicted negative, FN / (TP + FN).</summary>
    public double FalseNegativeRate => this[GroupMetric.FalseNegativeRate];

    /// <summary>Share of those predicted positive that are positive, TP / (TP + FP).</summary>
    public double PositivePredictiveValue => this[GroupMetric.PositivePredictiveValue];

    /// <summary>Share of those predicted negative that are positive, FN / (FN + TN).</summary>
    public double FalseOmissionRate => this[GroupMetric.FalseOmissionRate];

    /// <summary>Share of rows predicted correctly, (TP + TN) / N.</summary>
    public double Accuracy => this[GroupMetric.Accuracy];

    /// <summary>Share of rows predicted wrongly, (FP + FN) / N.</summary>
    public double ErrorRate => this[GroupMetric.ErrorRate];

    /// <summary>Mean log loss in nats; NaN where no probabilities were given.</summary>
    public double MeanLoss => this[GroupMetric.MeanLoss];

    /// <summary>A statistic by its name; NaN where undefined.</summary>
    /// <param name="metric">The statistic.</param>
    /// <exception cref="ArgumentNullException"><paramref name="metric"/> is null.</exception>
    public double this[GroupMetric metric] => _counts.Rate(metric);

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
