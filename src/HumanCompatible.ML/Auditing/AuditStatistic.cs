using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Auditing;

/// <summary>
/// A statistic of the rows of a group, or of all rows. Every <see cref="GroupMetric"/> is one; the others are no ratio of two sums, or have
/// no constraint. TP, FP, TN and FN are the (weighted) counts of true and false positives and negatives, N all of them.
/// </summary>
/// <remarks>
/// In multiclass classification a statistic of a class (<see cref="OfClass"/>) takes that class as the positive one. Without a class it is
/// the mean over the classes that define it (macro), but for those of all classes together: accuracy, error rate and mean loss.
/// </remarks>
public sealed class AuditStatistic
{
    // Filled by its rows, so it stands before them.
    private static readonly List<AuditStatistic> Table = [];

    private readonly Func<OneClass, double>? _ofClass;
    private readonly Func<RegressionCell, double>? _ofValues;
    private readonly Func<RegressionCell, RateEstimate>? _estimate;
    private readonly Needs _needs;

    private AuditStatistic(string name, string title, GroupMetric? metric, Func<OneClass, double>? ofClass = null,
        Func<RegressionCell, double>? ofValues = null, Needs needs = Needs.Rows, string? className = null,
        Func<RegressionCell, RateEstimate>? estimate = null) => (Name, Title, Metric, _ofClass, _ofValues, _needs, ClassName, _estimate)
            = (name, title, metric, ofClass, ofValues, needs, className, estimate);

    /// <summary>Share of rows that are positive, (TP + FN) / N.</summary>
    public static AuditStatistic BaseRate { get; }
        = Row(new GroupMetric(nameof(BaseRate), RowQuantity.Positive, RowQuantity.All), "Base rate");

    /// <inheritdoc cref="GroupMetric.SelectionRate"/>
    public static AuditStatistic SelectionRate { get; } = Row(GroupMetric.SelectionRate, "Selection");

    /// <inheritdoc cref="GroupMetric.TruePositiveRate"/>
    public static AuditStatistic TruePositiveRate { get; } = Row(GroupMetric.TruePositiveRate, "TPR");

    /// <inheritdoc cref="GroupMetric.FalsePositiveRate"/>
    public static AuditStatistic FalsePositiveRate { get; } = Row(GroupMetric.FalsePositiveRate, "FPR");

    /// <inheritdoc cref="GroupMetric.TrueNegativeRate"/>
    public static AuditStatistic TrueNegativeRate { get; } = Row(GroupMetric.TrueNegativeRate, "TNR");

    /// <inheritdoc cref="GroupMetric.FalseNegativeRate"/>
    public static AuditStatistic FalseNegativeRate { get; } = Row(GroupMetric.FalseNegativeRate, "FNR");

    /// <inheritdoc cref="GroupMetric.PositivePredictiveValue"/>
    public static AuditStatistic PositivePredictiveValue { get; } = Row(GroupMetric.PositivePredictiveValue, "PPV");

    /// <summary>Share of those predicted negative that are negative (NPV), TN / (FN + TN); in [0, 1].</summary>
    public static AuditStatistic NegativePredictiveValue { get; } = Row(
        new GroupMetric(nameof(NegativePredictiveValue), RowQuantity.TrueNegative, RowQuantity.PredictedNegative), "NPV");

    /// <inheritdoc cref="GroupMetric.FalseOmissionRate"/>
    public static AuditStatistic FalseOmissionRate { get; } = Row(GroupMetric.FalseOmissionRate, "FOR");

    /// <inheritdoc cref="GroupMetric.Accuracy"/>
    public static AuditStatistic Accuracy { get; } = Row(GroupMetric.Accuracy, "Accuracy");

    /// <inheritdoc cref="GroupMetric.ErrorRate"/>
    public static AuditStatistic ErrorRate { get; } = Row(GroupMetric.ErrorRate, "Error rate");

    /// <summary>
    /// (TPR + TNR) / 2; in multiclass classification without a class the mean of the TPR of the classes. In [0, 1].
    /// </summary>
    public static AuditStatistic BalancedAccuracy { get; } = OfClasses(nameof(BalancedAccuracy), "Balanced accuracy",
        one => (one.Counts.Rate(GroupMetric.TruePositiveRate) + one.Counts.Rate(GroupMetric.TrueNegativeRate)) / 2, Needs.BothLabels);

    /// <summary>2 TP / (2 TP + FP + FN), the harmonic mean of PPV and TPR; in [0, 1]. Undefined where no row is or is predicted
    /// positive.</summary>
    public static AuditStatistic F1Score { get; } = OfClasses(nameof(F1Score), "F1", F1, Needs.AnyPositive);

    /// <summary>
    /// The area under the ROC curve: the share of pairs of a positive and a negative row in which the positive one has the larger score,
    /// ties counting half; in [0, 1]. See <see cref="GroupStatistics.AucError"/> for when it is not exact.
    /// </summary>
    public static AuditStatistic AreaUnderRocCurve { get; } = OfClasses(nameof(AreaUnderRocCurve), "AUC",
        one => one.Scores.AreaUnderCurve().Area, Needs.BothLabels | Needs.Scores);

    /// <inheritdoc cref="GroupMetric.MeanLoss"/>
    public static AuditStatistic MeanLoss { get; } = Row(GroupMetric.MeanLoss, "Log loss", Needs.Probabilities);

    /// <summary>Mean of (y - p)^2, y the label (0 or 1) and p the probability; in [0, 1].</summary>
    public static AuditStatistic BrierScore { get; } = OfClasses(nameof(BrierScore), "Brier", one => one.Scores.BrierScore,
        Needs.Probabilities);

    /// <summary>
    /// The expected calibration error: the mean over ten bins of equal width of |mean probability - share of positives|, by the weight of
    /// the bins (<see cref="GroupStatistics.Calibration"/>); in [0, 1].
    /// </summary>
    public static AuditStatistic CalibrationError { get; } = OfClasses(nameof(CalibrationError), "ECE",
        one => one.Scores.CalibrationError, Needs.Probabilities);

    /// <summary>Mean label of a regression.</summary>
    public static AuditStatistic MeanLabel { get; } = OfValues(nameof(MeanLabel), "Mean label",
        cell => cell.LabelEstimate.Value, estimate: cell => cell.LabelEstimate);

    /// <summary>Mean prediction of a regression.</summary>
    public static AuditStatistic MeanPrediction { get; } = Row(GroupMetric.MeanPrediction, "Mean prediction");

    /// <summary>Mean of label - prediction of a regression: positive where predictions are too low.</summary>
    public static AuditStatistic MeanResidual { get; } = Row(GroupMetric.MeanResidual, "Mean residual");

    /// <summary>Mean of |label - prediction| of a regression (MAE).</summary>
    public static AuditStatistic MeanAbsoluteError { get; } = OfValues(nameof(MeanAbsoluteError), "MAE",
        cell => cell.AbsoluteErrorEstimate.Value, estimate: cell => cell.AbsoluteErrorEstimate);

    /// <summary>Square root of the mean of (label - prediction)^2 of a regression (RMSE).</summary>
    public static AuditStatistic RootMeanSquaredError { get; } = OfValues(nameof(RootMeanSquaredError), "RMSE",
        cell => Math.Sqrt(cell.Counts.Rate(GroupMetric.MeanLoss)));

    /// <summary>
    /// 1 - sum (y - f)^2 / sum (y - mean y)^2 of a regression, y the label and f the prediction; at most 1. Undefined where all labels are
    /// the same.
    /// </summary>
    public static AuditStatistic RSquared { get; } = OfValues(nameof(RSquared), "R2", cell => cell.RSquared, Needs.DifferentLabels);

    /// <summary>The name, such as <c>SelectionRate</c>.</summary>
    public string Name { get; }

    /// <summary>The class whose statistic it is, in multiclass classification; null where none was named.</summary>
    public string? ClassName { get; }

    /// <summary>What heads its column in a table.</summary>
    internal string Title { get; }

    /// <summary>The ratio of two sums that it is; null where it is none.</summary>
    internal GroupMetric? Metric { get; }

    /// <summary>Whether it is a share of rows.</summary>
    internal bool IsRate => Metric is { IsRate: true };

    /// <summary>Whether it may be negative.</summary>
    internal bool IsSigned => Metric?.IsSigned ?? this == MeanLabel;

    /// <summary>Whether it is of the labels, whatever was predicted: it need not be the same in all groups.</summary>
    internal bool IsOfLabels => Name is nameof(BaseRate) or nameof(MeanLabel);

    /// <summary>The statistics of a task.</summary>
    internal static IEnumerable<AuditStatistic> Of(LearningTask task) => Table.Where(statistic => statistic.Suits(task));

    /// <summary>A statistic that constraints bound.</summary>
    /// <param name="metric">It.</param>
    /// <returns>The same statistic.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="metric"/> is null.</exception>
    public static implicit operator AuditStatistic(GroupMetric metric) => FromGroupMetric(metric);

    /// <inheritdoc cref="op_Implicit(GroupMetric)"/>
    public static AuditStatistic FromGroupMetric(GroupMetric metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        var statistic = Table.Find(one => one.Metric == metric.Unclassed)
            ?? new AuditStatistic(metric.Name, metric.Name, metric.Unclassed);
        return metric.ClassName is null ? statistic : statistic.OfClass(metric.ClassName);
    }

    /// <summary>The statistic of one class against all others, in multiclass classification.</summary>
    /// <param name="className">The name of the class.</param>
    /// <returns>Its statistic; the same one where it is of all classes together (accuracy, error rate and mean loss).</returns>
    /// <exception cref="ArgumentNullException"><paramref name="className"/> is null.</exception>
    public AuditStatistic OfClass(string className)
    {
        ArgumentNullException.ThrowIfNull(className);
        return IsOfAllClasses ? this : new AuditStatistic(Name, Title, Metric, _ofClass, _ofValues, _needs, className, _estimate);
    }

    /// <summary>The name.</summary>
    /// <returns><see cref="Name"/>, of a class with the class.</returns>
    public override string ToString() => ClassName is null ? Name : $"{Name} of {ClassName}";

    /// <summary>Whether a task has it.</summary>
    internal bool Suits(LearningTask task) => Metric?.Suits(task) ?? (task == LearningTask.Regression) == _ofValues is not null;

    /// <summary>Whether in multiclass classification it is of all classes together.</summary>
    internal bool IsOfAllClasses => _ofValues is not null || Metric is { IsPerClass: false };

    /// <summary>Whether in multiclass classification its mean over the classes is a usual statistic.</summary>
    internal bool HasMacro => this == BalancedAccuracy || this == F1Score || this == AreaUnderRocCurve;

    /// <summary>The statistic of some rows; NaN where undefined.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The task does not have it, or no such class.</exception>
    internal double Of(AuditCell cell)
    {
        Check(cell.Task);
        if (cell is RegressionCell values)
            return _ofValues is null ? cell.Counts.Rate(Metric!) : _ofValues(values);
        if (IsOfAllClasses)
            return cell.Counts.Rate(Metric!);
        if (cell is BinaryCell || ClassName is not null)
            return OfOne(cell.Of(IndexOf(ClassName, cell.Task)));
        return RateSpread.MeanOfDefined(cell.Task.Labels.Classes.Select((_, index) => Macro.OfOne(cell.Of(index))));
    }

    /// <summary>What is known of it, where it is a ratio of sums or a mean; null otherwise.</summary>
    internal RateEstimate? Estimate(AuditCell cell)
    {
        Check(cell.Task);
        if (Metric is null)
            return cell is RegressionCell values && _estimate is not null ? _estimate(values) : null;
        if (cell is RegressionCell || IsOfAllClasses)
            return cell.Counts.Estimate(Metric);
        return cell is BinaryCell || ClassName is not null ? cell.Of(IndexOf(ClassName, cell.Task)).Counts.Estimate(Metric) : null;
    }

    /// <summary>Why it is undefined for some rows; null where it is defined.</summary>
    internal string? UndefinedReason(AuditCell cell)
    {
        if (!double.IsNaN(Of(cell)))
            return null;
        if (cell.Counts.RowCount == 0)
            return "no rows";
        if (_needs.HasFlag(Needs.Scores) && !cell.Task.HasScores)
            return "no scores in the data";
        if (_needs.HasFlag(Needs.Probabilities) && cell is not RegressionCell && !cell.Task.HasProbabilities)
            return "no probabilities in the data";
        if (cell is RegressionCell)
        {
            return _needs == Needs.DifferentLabels && ((RegressionCell)cell).Weight > 0 ? "all labels are the same"
                : UndefinedRate.Reason(new RateRows(RowQuantity.All), cell.Counts.RowCount);
        }

        if (cell is MulticlassCell && ClassName is null)
            return IsOfAllClasses ? UndefinedRate.Reason(new RateRows(RowQuantity.All), cell.Counts.RowCount) : "no class defines it";
        var counts = cell.Of(IndexOf(ClassName, cell.Task)).Counts;
        if (_needs == Needs.AnyPositive)
            return ClassName is null ? "no row is, or is predicted, positive" : $"no row is, or is predicted, of class '{ClassName}'";
        var lacks = Metric is not null ? Metric.Denominator
            : !_needs.HasFlag(Needs.BothLabels) ? RowQuantity.All
            : counts.Sum(RowQuantity.Positive) > 0 ? RowQuantity.Negative : RowQuantity.Positive;
        return UndefinedRate.Reason(new RateRows(lacks, ClassName: ClassName), counts.Rows(lacks));
    }

    private AuditStatistic Macro => this == BalancedAccuracy ? TruePositiveRate : this;

    private static double F1(OneClass one)
    {
        var positives = one.Counts.Sum(RowQuantity.Positive) + one.Counts.Sum(RowQuantity.PredictedPositive);
        return positives > 0 ? 2 * one.Counts.Sum(RowQuantity.TruePositive) / positives : double.NaN;
    }

    private double OfOne(OneClass one) => Metric is not null ? one.Counts.Rate(Metric) : _ofClass!(one);

    private void Check(AuditTask task)
    {
        if (!Suits(task.Task))
        {
            throw OutOfRange(this, "A statistic of "
                + $"{(task.Task == LearningTask.Regression ? "classification, not of regression"
                    : task.Task == LearningTask.MulticlassClassification ? "regression, not of multiclass classification"
                    : "regression, not of binary classification")}.");
        }

        IndexOf(ClassName, task);
    }

    private static ArgumentOutOfRangeException OutOfRange(AuditStatistic statistic, string message)
        => new(nameof(statistic), statistic, message);

    private int IndexOf(string? className, AuditTask task)
    {
        if (className is null)
            return GroupMetric.NoClass;
        var index = task.Labels.Classes.Index().FirstOrDefault(one => one.Item == className, (Index: -1, Item: "")).Index;
        return index >= 0 ? index : throw OutOfRange(this, $"There is no class '{className}'; "
            + (task.Task == LearningTask.MulticlassClassification
                ? $"the classes are {string.Join("; ", task.Labels.Classes.Select(name => $"'{name}'"))}."
                : "only an audit of multiclass classification has classes."));
    }

    private static AuditStatistic Row(GroupMetric metric, string title, Needs needs = Needs.Rows)
        => Add(new AuditStatistic(metric.Name, title, metric, needs: needs));

    private static AuditStatistic OfClasses(string name, string title, Func<OneClass, double> value, Needs needs)
        => Add(new AuditStatistic(name, title, null, value, needs: needs));

    private static AuditStatistic OfValues(string name, string title, Func<RegressionCell, double> value, Needs needs = Needs.Rows,
        Func<RegressionCell, RateEstimate>? estimate = null)
        => Add(new AuditStatistic(name, title, null, ofValues: value, needs: needs, estimate: estimate));

    private static AuditStatistic Add(AuditStatistic statistic)
    {
        Table.Add(statistic);
        return statistic;
    }

    // What must be there for it to be defined.
    [Flags]
    private enum Needs
    {
        Rows = 0,
        BothLabels = 1,
        Scores = 2,
        Probabilities = 4,
        AnyPositive = 8,
        DifferentLabels = 16,
    }
}
