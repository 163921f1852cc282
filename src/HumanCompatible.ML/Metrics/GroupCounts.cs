namespace HumanCompatible.ML.Metrics;

/// <summary>
/// What is summed over the rows of a group: weights by outcome, their squares (for the effective number of rows), and losses. Sums of
/// groups are the sums of their union.
/// </summary>
internal sealed class GroupCounts : IRowCounts
{
    private readonly double[] _weights = new double[Outcome.Count];
    private readonly double[] _squares = new double[Outcome.Count];
    private readonly int[] _rows = new int[Outcome.Count];
    private double _loss, _lossSquares;

    public int RowCount { get; private set; }

    internal int PositiveCount { get; private set; }

    public double Accuracy => Rate(GroupMetric.Accuracy);

    public double ConstantAccuracy
    {
        get
        {
            var positives = Sum(RowQuantity.Positive) / Sum(RowQuantity.All);
            return Math.Max(positives, 1 - positives);
        }
    }

    public double Variety
    {
        get
        {
            var positive = Rate(GroupMetric.SelectionRate);
            return Math.Min(positive, 1 - positive);
        }
    }

    public void Add(in RowOutcome row) => Add(row.Label > 0, row.Prediction > 0, row.Weight, row.Loss);

    public void Add(IRowCounts other) => Add((GroupCounts)other);

    internal void Add(bool label, bool prediction, double weight, double loss)
    {
        var outcome = Outcome.IndexOf(label, prediction);
        _weights[outcome] += weight;
        _squares[outcome] += weight * weight;
        _rows[outcome]++;
        _loss += weight * loss;
        _lossSquares += weight * loss * loss;
        RowCount++;
        PositiveCount += label ? 1 : 0;
    }

    /// <summary>Counts rows of one outcome together.</summary>
    /// <param name="label">Their label.</param>
    /// <param name="prediction">Their prediction.</param>
    /// <param name="weights">The sum of their weights.</param>
    /// <param name="squares">The sum of the squares of their weights.</param>
    /// <param name="rows">Their number.</param>
    internal void Add(bool label, bool prediction, double weights, double squares, int rows)
    {
        var outcome = Outcome.IndexOf(label, prediction);
        _weights[outcome] += weights;
        _squares[outcome] += squares;
        _rows[outcome] += rows;
        RowCount += rows;
        PositiveCount += label ? rows : 0;
    }

    /// <summary>Adds the weighted losses of rows that are counted, and their squares.</summary>
    internal void AddLosses(double losses, double squares)
    {
        _loss += losses;
        _lossSquares += squares;
    }

    /// <summary>Adds the losses of rows that are counted.</summary>
    internal void AddLossesOf(GroupCounts other) => AddLosses(other._loss, other._lossSquares);

    internal void Add(GroupCounts other)
    {
        for (var outcome = 0; outcome < Outcome.Count; outcome++)
        {
            _weights[outcome] += other._weights[outcome];
            _squares[outcome] += other._squares[outcome];
            _rows[outcome] += other._rows[outcome];
        }

        _loss += other._loss;
        _lossSquares += other._lossSquares;
        RowCount += other.RowCount;
        PositiveCount += other.PositiveCount;
    }

    public void Replace(Func<double, double> replace)
    {
        for (var outcome = 0; outcome < Outcome.Count; outcome++)
        {
            _weights[outcome] = replace(_weights[outcome]);
            _squares[outcome] = replace(_squares[outcome]);
            _rows[outcome] = (int)replace(_rows[outcome]);
        }

        (_loss, _lossSquares) = (replace(_loss), replace(_lossSquares));
        (RowCount, PositiveCount) = ((int)replace(RowCount), (int)replace(PositiveCount));
    }

    /// <summary>The number of rows that a count is taken over, also those of weight 0.</summary>
    internal int Rows(RowQuantity quantity) => (int)quantity.SumOf(Array.ConvertAll(_rows, count => (double)count));

    internal double Sum(RowQuantity quantity) => quantity == RowQuantity.Loss ? _loss : quantity.SumOf(_weights);

    /// <summary>The metric of these rows; NaN where its denominator is zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is a metric of regression.</exception>
    public double Rate(GroupMetric metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        if (!metric.Suits(LearningTask.BinaryClassification))
            throw new ArgumentOutOfRangeException(nameof(metric), metric, "A statistic of regression, not of binary classification.");
        return Sum(metric.Numerator) / Sum(metric.Denominator);
    }

    /// <summary>
    /// Kish's effective number of rows behind a metric's denominator, (sum w)^2 / sum w^2: the number of rows where all weights are the
    /// same.
    /// </summary>
    internal double EffectiveCount(GroupMetric metric) => EffectiveCount(metric.Denominator);

    private double EffectiveCount(RowQuantity denominator)
    {
        double sum = denominator.SumOf(_weights), squares = denominator.SumOf(_squares);
        return squares > 0 ? sum * sum / squares : 0;
    }

    /// <summary>The metric with what is known of it.</summary>
    public RateEstimate Estimate(GroupMetric metric)
    {
        var (value, size) = (Rate(metric), EffectiveCount(metric.Denominator));
        return new RateEstimate(value, size, metric.IsRate ? double.NaN
            : size > 1 ? LossVariance * size / (size - 1) : double.PositiveInfinity)
        {
            SizeByLabels = EffectiveCount(metric.Denominator switch
            {
                RowQuantity.PredictedPositive => RowQuantity.Positive,
                RowQuantity.PredictedNegative => RowQuantity.Negative,
                _ => metric.Denominator,
            }),
        };
    }

    /// <summary>The (population) variance of the losses.</summary>
    internal double LossVariance
    {
        get
        {
            double weight = Sum(RowQuantity.All), mean = _loss / weight;
            return Math.Max(0, _lossSquares / weight - mean * mean);
        }
    }
}
