namespace HumanCompatible.ML.Metrics;

/// <summary>
/// What is summed over the rows of a regression: weights, their squares (for the effective number of rows), and for label, prediction,
/// residual and loss the values and their squares (for the variance of a row).
/// </summary>
internal sealed class ValueCounts : IRowCounts
{
    private double _weights, _squares;
    private Moments _label, _prediction, _residual, _loss;

    public int RowCount { get; private set; }

    public double Accuracy => 1 - (_loss.Sum / _weights / Variance(_label));

    public double ConstantAccuracy => 0;

    public double Variety => Variance(_prediction) / Variance(_label);

    public void Add(in RowOutcome row)
    {
        RowCount++;
        _weights += row.Weight;
        _squares += row.Weight * row.Weight;
        _label = _label.With(row.Weight, row.Label);
        _prediction = _prediction.With(row.Weight, row.Prediction);
        _residual = _residual.With(row.Weight, row.Label - row.Prediction);
        _loss = _loss.With(row.Weight, row.Loss);
    }

    public void Add(IRowCounts other)
    {
        var added = (ValueCounts)other;
        RowCount += added.RowCount;
        _weights += added._weights;
        _squares += added._squares;
        _label = _label.With(added._label);
        _prediction = _prediction.With(added._prediction);
        _residual = _residual.With(added._residual);
        _loss = _loss.With(added._loss);
    }

    public void Replace(Func<double, double> replace)
    {
        RowCount = (int)replace(RowCount);
        (_weights, _squares) = (replace(_weights), replace(_squares));
        (_label, _prediction) = (_label.With(replace), _prediction.With(replace));
        (_residual, _loss) = (_residual.With(replace), _loss.With(replace));
    }

    /// <summary>
    /// The mean with the variance of a row, of n rows that of the sample times n / (n - 1): the standard error of the mean is
    /// sqrt(variance / n). Of weighted rows n is the effective number, (sum w)^2 / sum w^2.
    /// </summary>
    public RateEstimate Estimate(GroupMetric metric)
    {
        var values = metric.Numerator switch
        {
            RowQuantity.Prediction => _prediction,
            RowQuantity.Residual => _residual,
            RowQuantity.Loss => _loss,
            _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "A statistic of classification, not of regression."),
        };
        var size = _squares > 0 ? _weights * _weights / _squares : 0;
        return new RateEstimate(values.Sum / _weights, size,
            size > 1 ? Variance(values) * size / (size - 1) : double.PositiveInfinity);
    }

    private double Variance(Moments values) => Math.Max(0, (values.Squares / _weights) - Math.Pow(values.Sum / _weights, 2));

    private readonly record struct Moments(double Sum, double Squares)
    {
        internal Moments With(double weight, double value) => new(Sum + (weight * value), Squares + (weight * value * value));

        internal Moments With(Func<double, double> replace) => new(replace(Sum), replace(Squares));

        internal Moments With(Moments other) => new(Sum + other.Sum, Squares + other.Squares);
    }
}
