using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Auditing;

/// <summary>
/// The statistics of one group's predictions (or of all rows), weighted by the example weights. What is not defined is NaN, and
/// <see cref="UndefinedReason"/> says why.
/// </summary>
public sealed class GroupStatistics
{
    private readonly AuditCell _cell;
    private readonly double _confidence;

    internal GroupStatistics(string name, AuditCell cell, double confidence)
        => (Name, _cell, _confidence) = (name, cell, confidence);

    /// <summary>The name of the group: the value of its column, or the values of several joined by ", ".</summary>
    public string Name { get; }

    /// <summary>The number of rows.</summary>
    public int RowCount => _cell.Counts.RowCount;

    /// <summary>The number of rows whose label is positive, in binary classification; 0 for other tasks.</summary>
    public int PositiveCount => (_cell as BinaryCell)?.Outcomes.PositiveCount ?? 0;

    /// <summary>The number of rows that a quantity counts, whatever their weight.</summary>
    internal int RowsOf(RowQuantity quantity) => _cell is BinaryCell binary ? binary.Outcomes.Rows(quantity) : RowCount;

    /// <summary>The sum of the example weights; the number of rows where there are none.</summary>
    public double Weight => _cell switch
    {
        BinaryCell binary => binary.Outcomes.Sum(RowQuantity.All),
        RegressionCell values => values.Weight,
        _ => _cell.Of(0).Counts.Sum(RowQuantity.All),
    };

    /// <summary>
    /// Share of rows whose label is positive, (TP + FN) / N; NaN where all rows have weight 0, and for tasks other than binary
    /// classification.
    /// </summary>
    public double BaseRate => _cell is BinaryCell ? this[AuditStatistic.BaseRate] : double.NaN;

    /// <summary>A statistic, such as <c>group[GroupMetric.SelectionRate]</c>; NaN where undefined.</summary>
    /// <param name="statistic">The statistic.</param>
    /// <exception cref="ArgumentNullException"><paramref name="statistic"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The task that was audited does not have it, or has no such class.</exception>
    public double this[AuditStatistic statistic]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(statistic);
            return statistic.Of(_cell);
        }
    }

    /// <summary>Why a statistic is undefined, such as <c>no positive rows</c>.</summary>
    /// <param name="statistic">The statistic.</param>
    /// <returns>The reason; null where it is defined.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="statistic"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The task that was audited does not have it, or has no such class.</exception>
    public string? UndefinedReason(AuditStatistic statistic)
    {
        ArgumentNullException.ThrowIfNull(statistic);
        return statistic.UndefinedReason(_cell);
    }

    /// <summary>
    /// By how much <see cref="AuditStatistic.AreaUnderRocCurve"/> may be off: 0 (exact) while the group has at most 32,768 different
    /// scores (fewer where there are more than 64 combinations of groups); beyond that neighboring scores are put together, and it is half
    /// the share of pairs of a positive and a negative row that were. NaN where the area is undefined, and for tasks other than binary
    /// classification.
    /// </summary>
    public double AucError => _cell is BinaryCell ? _cell.Of(0).Scores.AreaUnderCurve().Error : double.NaN;

    /// <summary>How often probabilities came true, in ten bins of equal width.</summary>
    /// <param name="className">The class, in multiclass classification.</param>
    /// <returns>The bins from the lowest; empty where there are no probabilities.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public IReadOnlyList<CalibrationBin> Calibration(string? className = null) => ScoresOf(className).Calibration(_confidence);

    /// <summary>The receiver operating characteristic: the rates at every threshold of the score.</summary>
    /// <param name="className">The class, in multiclass classification.</param>
    /// <returns>The points from the threshold that selects nothing to the one that selects all; empty where there are no scores, or no row
    /// of one of both labels.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public IReadOnlyList<ThresholdPoint> RocCurve(string? className = null)
        => ThresholdPoint.Of(ScoresOf(className).Table) is var points
            && !double.IsNaN(points[^1].TruePositiveRate + points[^1].FalsePositiveRate) ? points : [];

    /// <summary>The rates at every threshold, also where all rows have one label; NaN where there is no row to count.</summary>
    internal IReadOnlyList<ThresholdPoint> Thresholds() => ThresholdPoint.Of(ScoresOf(null).Table);

    /// <summary>
    /// The smallest residual (label - prediction) of a regression that at least a share of the rows, by weight, do not exceed; NaN without
    /// weight, and for other tasks.
    /// </summary>
    internal double ResidualQuantile(double share) => (_cell as RegressionCell)?.ResidualQuantile(share) ?? double.NaN;

    /// <summary>A statistic with what is known of it.</summary>
    internal RateEstimate Estimate(GroupMetric metric) => _cell.Counts.Estimate(metric);

    /// <summary>What was counted.</summary>
    internal AuditCell Cell => _cell;

    /// <summary>The confidence of the intervals.</summary>
    internal double Confidence => _confidence;

    /// <summary>
    /// The confidence interval of a statistic: Wilson's score interval for rates, the normal interval for means; of the root mean squared
    /// error the roots of that of the mean squared error. Example weights enter by Kish's effective number of rows, (sum w)^2 / sum w^2.
    /// For the others see
    /// <see cref="FairnessAudit.Bootstrap(Func{FairnessAudit, double}, BootstrapOptions?, CancellationToken)"/>.
    /// </summary>
    /// <param name="statistic">The statistic.</param>
    /// <returns>The interval at the audit's confidence; undefined where the statistic is, or is no rate and no mean of rows.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="statistic"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The task that was audited does not have it, or has no such class.</exception>
    public ConfidenceInterval Interval(AuditStatistic statistic)
    {
        ArgumentNullException.ThrowIfNull(statistic);
        if (statistic == AuditStatistic.RootMeanSquaredError)
        {
            var squared = Interval(GroupMetric.MeanLoss);
            return new ConfidenceInterval(Math.Sqrt(squared.Lower), Math.Sqrt(squared.Upper));
        }

        if (statistic.Estimate(_cell) is not { } estimate)
            return ConfidenceInterval.Undefined;
        if (statistic.IsRate)
            return Intervals.Wilson(estimate.Value, estimate.Size, _confidence);
        var variance = estimate.Size > 1 ? estimate.Variance * (estimate.Size - 1) / estimate.Size : 0;
        return statistic.IsSigned ? Intervals.OfMean(estimate.Value, variance, estimate.Size, _confidence)
            : Intervals.OfNonnegativeMean(estimate.Value, variance, estimate.Size, _confidence);
    }

    private ScoreSums ScoresOf(string? className)
    {
        var classes = _cell.Task.Labels.Classes;
        if (className is null && classes.Count == 0)
            return _cell.Of(0).Scores;
        var index = classes.Index().FirstOrDefault(one => one.Item == className, (Index: -1, Item: "")).Index;
        return index >= 0 ? _cell.Of(index).Scores : throw new ArgumentOutOfRangeException(nameof(className), className,
            classes.Count == 0 ? "Only an audit of multiclass classification has classes."
                : $"There is no such class; the classes are {string.Join("; ", classes.Select(name => $"'{name}'"))}.");
    }
}
