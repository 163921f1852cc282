namespace HumanCompatible.ML.Metrics;

/// <summary>
/// What is summed over the rows of a group: weights by outcome, their squares (for the effective number of rows), and losses. Sums of
/// groups are the sums of their union.
/// </summary>
internal sealed class GroupCounts
{
    // Index: 2 x label + prediction, so TN, FP, FN, TP.
    private readonly double[] _weights = new double[4];
    private readonly double[] _squares = new double[4];
    private double _loss, _lossSquares;

    internal int RowCount { get; private set; }

    internal int PositiveCount { get; private set; }

    internal void Add(bool label, bool prediction, double weight, double loss)
    {
        var outcome = (label ? 2 : 0) + (prediction ? 1 : 0);
        _weights[outcome] += weight;
        _squares[outcome] += weight * weight;
        _loss += weight * loss;
        _lossSquares += weight * loss * loss;
        RowCount++;
        if (label) PositiveCount++;
    }

    internal void Add(GroupCounts other)
    {
        for (var i = 0; i < 4; i++)
        {
            _weights[i] += other._weights[i];
            _squares[i] += other._squares[i];
        }
        _loss += other._loss;
        _lossSquares += other._lossSquares;
        RowCount += other.RowCount;
        PositiveCount += other.PositiveCount;
    }

    internal double Sum(RowQuantity quantity) => quantity == RowQuantity.Loss ? _loss : Sum(_weights, quantity);

    internal double Rate(GroupMetric metric)
    {
        if (!MetricDefinition.Suits(metric, LearningTask.BinaryClassification))
            throw new ArgumentOutOfRangeException(nameof(metric), metric, "A statistic of regression, not of binary classification.");
        var definition = MetricDefinition.Of(metric);
        var denominator = Sum(definition.Denominator);
        return denominator > 0 ? Sum(definition.Numerator) / denominator : double.NaN;
    }

    /// <summary>
    /// Kish's effective number of rows behind a metric's denominator, (sum w)^2 / sum w^2: the number of rows where all weights are the
    /// same.
    /// </summary>
    internal double EffectiveCount(GroupMetric metric)
    {
        var denominator = MetricDefinition.Of(metric).Denominator;
        double sum = Sum(_weights, denominator), squares = Sum(_squares, denominator);
        return squares > 0 ? sum * sum / squares : 0;
    }

    /// <summary>The (population) variance of the losses.</summary>
    internal double LossVariance
    {
        get
        {
            double weight = Sum(RowQuantity.One), mean = _loss / weight;
            return Math.Max(0, _lossSquares / weight - mean * mean);
        }
    }

    private static double Sum(double[] outcomes, RowQuantity quantity)
    {
        double trueNegative = outcomes[0], falsePositive = outcomes[1], falseNegative = outcomes[2], truePositive = outcomes[3];
        return quantity switch
        {
            RowQuantity.One => truePositive + falsePositive + trueNegative + falseNegative,
            RowQuantity.Positive => truePositive + falseNegative,
            RowQuantity.Negative => falsePositive + trueNegative,
            RowQuantity.PredictedPositive => truePositive + falsePositive,
            RowQuantity.PredictedNegative => trueNegative + falseNegative,
            RowQuantity.TruePositive => truePositive,
            RowQuantity.FalsePositive => falsePositive,
            RowQuantity.TrueNegative => trueNegative,
            RowQuantity.FalseNegative => falseNegative,
            RowQuantity.Correct => truePositive + trueNegative,
            RowQuantity.Incorrect => falsePositive + falseNegative,
            _ => throw new ArgumentOutOfRangeException(nameof(quantity), quantity, "Not a sum of outcomes."),
        };
    }
}
