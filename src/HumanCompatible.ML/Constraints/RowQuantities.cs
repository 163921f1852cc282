using TorchSharp;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Constraints;

/// <summary>Builds the matrix Q [batch, q] of the row quantities that a set of constraints needs, each column once, differentiable in the predictions and losses.</summary>
internal sealed class RowQuantities
{
    private readonly RowQuantity[] _columns;

    internal RowQuantities(IEnumerable<GroupMetric> metrics)
    {
        _columns = [.. metrics.Select(MetricDefinition.Of).SelectMany(d => new[] { d.Numerator, d.Denominator }).Distinct().Order()];
        UsesLoss = IndexOf(RowQuantity.Loss) >= 0;
        UsesPredictions = _columns.Any(c => c is not (RowQuantity.One or RowQuantity.Positive or RowQuantity.Negative or RowQuantity.Loss));
    }

    internal int Count => _columns.Length;

    internal bool UsesLoss { get; }

    internal bool UsesPredictions { get; }

    internal int IndexOf(RowQuantity quantity) => Array.IndexOf(_columns, quantity);

    /// <param name="predictions">p [batch].</param>
    /// <param name="labels">y [batch].</param>
    /// <param name="losses">[batch], or null where no constraint needs losses.</param>
    internal Tensor Build(Tensor predictions, Tensor labels, Tensor? losses)
    {
        // Products shared by several columns are computed once. p - p y is exact for y of 0 and 1, as is every difference here.
        Tensor? product = null, negative = null;
        Tensor TruePositive() => product ??= predictions.mul(labels);
        Tensor FalsePositive() => predictions.sub(TruePositive());
        Tensor Negative() => negative ??= labels.mul(-1).add(1);
        var columns = new Tensor[_columns.Length];
        for (int i = 0; i < columns.Length; i++)
            columns[i] = _columns[i] switch
            {
                RowQuantity.One => torch.ones_like(labels),
                RowQuantity.Positive => labels,
                RowQuantity.Negative => Negative(),
                RowQuantity.PredictedPositive => predictions,
                RowQuantity.PredictedNegative => predictions.mul(-1).add(1),
                RowQuantity.TruePositive => TruePositive(),
                RowQuantity.FalsePositive => FalsePositive(),
                RowQuantity.TrueNegative => Negative().sub(FalsePositive()),
                RowQuantity.FalseNegative => labels.sub(TruePositive()),
                RowQuantity.Correct => TruePositive().add(Negative().sub(FalsePositive())),
                RowQuantity.Incorrect => FalsePositive().add(labels.sub(TruePositive())),
                RowQuantity.Loss => losses!,
                _ => throw new InvalidOperationException($"Row quantity {_columns[i]} has no formula."),
            };
        return torch.stack(columns, 1);
    }
}
