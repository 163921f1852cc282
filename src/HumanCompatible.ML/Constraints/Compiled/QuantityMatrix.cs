using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Constraints.Compiled;

/// <summary>
/// Builds the matrix Q [batch, q] of the row quantities that a set of constraints needs, each column once, differentiable in the
/// predictions and losses.
/// </summary>
internal sealed class QuantityMatrix
{
    private readonly ConstraintTask _task;
    private readonly (RowQuantity Quantity, int Class)[] _columns;

    /// <param name="task">The task.</param>
    /// <param name="metrics">The metrics that are needed.</param>
    internal QuantityMatrix(ConstraintTask task, IEnumerable<GroupMetric> metrics)
    {
        _task = task;
        _columns = [.. metrics
            .SelectMany(metric => new[] { Column(metric.Numerator, metric), Column(metric.Denominator, metric) })
            .Distinct().OrderBy(column => column.Quantity).ThenBy(column => column.Class)];
        AreCounts = task.Kind == LearningTask.BinaryClassification && _columns.All(column => column.Quantity.IsCount);
        UsesLoss = _columns.Any(column => column.Quantity == RowQuantity.Loss);
        UsesPredictions = _columns.Any(column => column.Quantity != RowQuantity.Loss && !column.Quantity.IsKnownFromLabels);
    }

    internal int Count => _columns.Length;

    /// <summary>Whether each counts outcomes of a binary classification.</summary>
    internal bool AreCounts { get; }

    internal bool UsesLoss { get; }

    internal bool UsesPredictions { get; }

    /// <summary>The column of the numerator of a metric.</summary>
    internal int NumeratorOf(GroupMetric metric) => Array.IndexOf(_columns, Column(metric.Numerator, metric));

    /// <summary>The column of its denominator.</summary>
    internal int DenominatorOf(GroupMetric metric) => Array.IndexOf(_columns, Column(metric.Denominator, metric));

    /// <summary>The statistics of rows that are counted by outcome, where the quantities <see cref="AreCounts"/>.</summary>
    /// <param name="outcomes">The weight of the rows of each outcome (<see cref="Outcome.IndexOf"/>), of one group after the other.</param>
    /// <param name="statistics">Receives them, [groups, q].</param>
    internal void Sum(ReadOnlySpan<double> outcomes, Span<double> statistics)
    {
        for (var group = 0; group * Outcome.Count < outcomes.Length; group++)
        {
            var own = outcomes.Slice(group * Outcome.Count, Outcome.Count);
            for (var column = 0; column < Count; column++)
                statistics[(group * Count) + column] = _columns[column].Quantity.SumOf(own);
        }
    }

    /// <param name="predictions">p, [batch], or [batch, classes] for multiclass.</param>
    /// <param name="labels">y [batch].</param>
    /// <param name="losses">[batch], or null where no constraint needs losses.</param>
    internal Tensor Build(Tensor predictions, Tensor labels, Tensor? losses)
    {
        var positive = _task.IsMulticlass ? _task.OneHot(labels, predictions.dtype) : labels;
        var counts = new Counts(positive, predictions);
        var blocks = new List<Tensor>();
        for (int start = 0, count; start < _columns.Length; start += count)
        {
            var quantity = _columns[start].Quantity;
            count = _columns.Skip(start).TakeWhile(column => column.Quantity == quantity).Count();
            blocks.Add(quantity switch
            {
                RowQuantity.Loss => losses!.unsqueeze(1),
                RowQuantity.Prediction => predictions.unsqueeze(1),
                RowQuantity.Residual => labels.sub(predictions).unsqueeze(1),
                _ when !_task.IsMulticlass => counts.Of(quantity).unsqueeze(1),
                _ => Take(counts, quantity, start, count),
            });
        }

        return torch.cat([.. blocks], 1);
    }

    // The number of rows is of no class even where the metric is of one.
    private static (RowQuantity Quantity, int Class) Column(RowQuantity quantity, GroupMetric metric)
        => (quantity, quantity == RowQuantity.All ? GroupMetric.NoClass : metric.Class);

    // Each quantity is computed for all classes at once, [batch, classes], and the columns of the classes that need it are taken; before
    // them stands the one that is of no class.
    private Tensor Take(Counts counts, RowQuantity quantity, int start, int count)
    {
        var hasOverall = _columns[start].Class == GroupMetric.NoClass;
        if (hasOverall && count == 1)
            return OverClasses(counts, quantity).unsqueeze(1);
        var block = counts.Of(quantity);
        var ofClasses = _columns.Skip(start).Take(count).Where(column => column.Class != GroupMetric.NoClass).ToArray();
        var taken = ofClasses.Length == _task.Labels.Classes.Count ? block
            : torch.stack([.. ofClasses.Select(column => block.select(1, column.Class))], 1);
        return hasOverall ? torch.cat([OverClasses(counts, quantity).unsqueeze(1), taken], 1) : taken;
    }

    // A row is correct where it is a true positive of some class.
    private static Tensor OverClasses(Counts counts, RowQuantity quantity)
    {
        if (quantity == RowQuantity.All)
            return torch.ones_like(counts.Positive.select(1, 0));
        var correct = counts.Of(RowQuantity.TruePositive).sum(dim: 1);
        return quantity == RowQuantity.Correct ? correct : Counts.OneMinus(correct);
    }

    /// <summary>
    /// The counts of outcomes as tensors; the products that several share are computed once. p - p y is exact for y of 0 and 1, as is every
    /// other difference here.
    /// </summary>
    private sealed class Counts(Tensor positive, Tensor predictions)
    {
        private Tensor? _truePositive, _negative;

        /// <summary>y.</summary>
        internal Tensor Positive => positive;

        private Tensor Negative => _negative ??= OneMinus(positive);

        private Tensor TruePositive => _truePositive ??= predictions.mul(positive);

        private Tensor FalsePositive => predictions.sub(TruePositive);

        internal static Tensor OneMinus(Tensor values) => values.mul(Scalars.MinusOne).add(Scalars.One, Scalars.One);

        internal Tensor Of(RowQuantity quantity) => quantity switch
        {
            RowQuantity.All => torch.ones_like(positive),
            RowQuantity.Positive => positive,
            RowQuantity.Negative => Negative,
            RowQuantity.PredictedPositive => predictions,
            RowQuantity.PredictedNegative => OneMinus(predictions),
            RowQuantity.TruePositive => TruePositive,
            RowQuantity.FalsePositive => FalsePositive,
            RowQuantity.TrueNegative => Negative.sub(FalsePositive),
            RowQuantity.FalseNegative => positive.sub(TruePositive),
            _ => Enumerable.Range(0, Outcome.Count).Where(outcome => quantity.Counts(outcome))
                .Select(outcome => Of((RowQuantity)(1 << outcome))).Aggregate((sum, next) => sum.add(next, Scalars.One)),
        };
    }
}
