using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Metrics;

/// <summary>
/// Builds the matrix Q [batch, q] of the row quantities that a set of constraints needs, each column once, differentiable in the
/// predictions and losses.
/// </summary>
internal sealed class RowQuantities
{
    private readonly ConstraintTask _task;
    private readonly QuantityKey[] _columns;

    /// <param name="task">The task.</param>
    /// <param name="metrics">The metrics that are needed, each within a class or <see cref="ConstraintTask.NoClass"/>.</param>
    internal RowQuantities(ConstraintTask task, IEnumerable<(GroupMetric Metric, int Class)> metrics)
    {
        _task = task;
        _columns = [.. metrics.SelectMany(m => new[] { QuantityKey.Of(MetricDefinition.Of(m.Metric).Numerator, m.Metric, m.Class),
            QuantityKey.Of(MetricDefinition.Of(m.Metric).Denominator, m.Metric, m.Class) })
            .Distinct().OrderBy(c => c.Quantity).ThenBy(c => c.Class)];
        UsesLoss = _columns.Any(c => c.Quantity == RowQuantity.Loss);
        UsesPredictions = _columns.Any(c => c.Quantity
            is not (RowQuantity.One or RowQuantity.Positive or RowQuantity.Negative or RowQuantity.Loss));
    }

    internal int Count => _columns.Length;

    internal bool UsesLoss { get; }

    internal bool UsesPredictions { get; }

    /// <summary>The column of the numerator of a metric within a class.</summary>
    internal int NumeratorOf(GroupMetric metric, int @class)
        => Array.IndexOf(_columns, QuantityKey.Of(MetricDefinition.Of(metric).Numerator, metric, @class));

    /// <summary>The column of its denominator.</summary>
    internal int DenominatorOf(GroupMetric metric, int @class)
        => Array.IndexOf(_columns, QuantityKey.Of(MetricDefinition.Of(metric).Denominator, metric, @class));

    /// <param name="predictions">p, [batch], or [batch, classes] for multiclass.</param>
    /// <param name="labels">y [batch].</param>
    /// <param name="losses">[batch], or null where no constraint needs losses.</param>
    internal Tensor Build(Tensor predictions, Tensor labels, Tensor? losses) =>
        _task.IsMulticlass ? BuildMulticlass(predictions, labels, losses) : BuildSingle(predictions, labels, losses);

    private Tensor BuildSingle(Tensor predictions, Tensor labels, Tensor? losses)
    {
        // Products shared by several columns are computed once. p - p y is exact for y of 0 and 1, as is every difference here.
        Tensor? product = null, negative = null;
        Tensor TruePositive() => product ??= predictions.mul(labels);
        Tensor FalsePositive() => predictions.sub(TruePositive());
        Tensor Negative() => negative ??= labels.mul(Scalars.MinusOne).add(Scalars.One, Scalars.One);
        var columns = new Tensor[_columns.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = _columns[i].Quantity switch
            {
                RowQuantity.One => torch.ones_like(labels),
                RowQuantity.Positive => labels,
                RowQuantity.Negative => Negative(),
                RowQuantity.PredictedPositive => predictions,
                RowQuantity.PredictedNegative => predictions.mul(Scalars.MinusOne).add(Scalars.One, Scalars.One),
                RowQuantity.TruePositive => TruePositive(),
                RowQuantity.FalsePositive => FalsePositive(),
                RowQuantity.TrueNegative => Negative().sub(FalsePositive()),
                RowQuantity.FalseNegative => labels.sub(TruePositive()),
                RowQuantity.Correct => TruePositive().add(Negative().sub(FalsePositive()), Scalars.One),
                RowQuantity.Incorrect => FalsePositive().add(labels.sub(TruePositive()), Scalars.One),
                RowQuantity.Loss => losses!,
                RowQuantity.Prediction => predictions,
                RowQuantity.Residual => labels.sub(predictions),
                _ => throw new InvalidOperationException($"Row quantity {_columns[i].Quantity} has no formula."),
            };
        }

        return torch.stack(columns, 1);
    }

    // Each quantity is computed for all classes at once, [batch, classes], and the columns of the classes that need it are taken: Q is one
    // row of blocks.
    private Tensor BuildMulticlass(Tensor predictions, Tensor labels, Tensor? losses)
    {
        var positive = _task.OneHot(labels, predictions.dtype);
        Tensor? product = null, negative = null;
        Tensor TruePositive() => product ??= predictions.mul(positive);
        Tensor FalsePositive() => predictions.sub(TruePositive());
        Tensor Negative() => negative ??= positive.mul(Scalars.MinusOne).add(Scalars.One, Scalars.One);
        Tensor Correct() => TruePositive().sum(dim: 1);
        var blocks = new List<Tensor>();
        for (int start = 0, count; start < _columns.Length; start += count)
        {
            var quantity = _columns[start].Quantity;
            count = _columns.Skip(start).TakeWhile(c => c.Quantity == quantity).Count();
            blocks.Add(quantity switch
            {
                RowQuantity.One => torch.ones_like(predictions.narrow(1, 0, 1)),
                RowQuantity.Positive => Take(positive, start, count),
                RowQuantity.Negative => Take(Negative(), start, count),
                RowQuantity.PredictedPositive => Take(predictions, start, count),
                RowQuantity.PredictedNegative => Take(predictions.mul(Scalars.MinusOne).add(Scalars.One, Scalars.One), start, count),
                RowQuantity.TruePositive => Take(TruePositive(), start, count),
                RowQuantity.FalsePositive => Take(FalsePositive(), start, count),
                RowQuantity.TrueNegative => Take(Negative().sub(FalsePositive()), start, count),
                RowQuantity.FalseNegative => Take(positive.sub(TruePositive()), start, count),
                RowQuantity.Correct => Correct().unsqueeze(1),
                RowQuantity.Incorrect => Correct().mul(Scalars.MinusOne).add(Scalars.One, Scalars.One).unsqueeze(1),
                RowQuantity.Loss => losses!.unsqueeze(1),
                _ => throw new InvalidOperationException($"Row quantity {quantity} has no formula for several classes."),
            });
        }

        return torch.cat([.. blocks], 1);
    }

    private Tensor Take(Tensor block, int start, int count) => count == _task.ClassNames.Count
        ? block
        : torch.stack([.. _columns.Skip(start).Take(count).Select(c => block.select(1, c.Class))], 1);
}
