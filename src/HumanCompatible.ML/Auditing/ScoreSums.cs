using HumanCompatible.ML.Confidence;

namespace HumanCompatible.ML.Auditing;

/// <summary>What is summed of the scores and probabilities of one class, against all others.</summary>
internal sealed class ScoreSums
{
    /// <summary>The number of bins of equal width of the calibration.</summary>
    internal const int BinCount = 10;

    private static readonly double[] Edges = [.. Enumerable.Range(1, BinCount - 1).Select(edge => edge * (1.0 / BinCount))];

    private readonly double[] _weights = new double[BinCount];
    private readonly double[] _squares = new double[BinCount];
    private readonly double[] _probabilities = new double[BinCount];
    private readonly double[] _positives = new double[BinCount];
    private double _brier;
    private Tuple<double, double>? _area; // null where rows were added since

    /// <param name="hasScores">Whether there are scores.</param>
    /// <param name="hasProbabilities">Whether there are probabilities.</param>
    /// <param name="isWeighted">Whether there are weights.</param>
    internal ScoreSums(bool hasScores, bool hasProbabilities, bool isWeighted)
    {
        HasProbabilities = hasProbabilities;
        Table = hasScores ? new ScoreTable(isWeighted) : null;
    }

    internal bool HasProbabilities { get; }

    /// <summary>The scores; null where there are none.</summary>
    internal ScoreTable? Table { get; }

    internal void Add(double score, double probability, bool label, double weight)
    {
        _area = null;
        Table?.Add(score, label, weight, HasProbabilities ? probability : double.NaN);
        if (!HasProbabilities)
            return;
        var bin = 0;
        while (bin < BinCount - 1 && probability > Edges[bin])
            bin++;
        _weights[bin] += weight;
        _squares[bin] += weight * weight;
        _probabilities[bin] += weight * probability;
        var error = probability;
        if (label)
        {
            _positives[bin] += weight;
            error = 1 - probability;
        }

        _brier += weight * error * error;
    }

    internal void Add(ScoreSums other)
    {
        _area = null;
        if (other.Table is { } table)
            Table?.Add(table);
        for (var bin = 0; bin < BinCount; bin++)
        {
            _weights[bin] += other._weights[bin];
            _squares[bin] += other._squares[bin];
            _probabilities[bin] += other._probabilities[bin];
            _positives[bin] += other._positives[bin];
        }

        _brier += other._brier;
    }

    /// <summary>The mean of (y - p)^2; NaN without probabilities or weight.</summary>
    internal double BrierScore => HasProbabilities ? _brier / _weights.Sum() : double.NaN;

    /// <summary>The sum over bins of (weight of the bin / weight) |mean probability - share of positives|.</summary>
    internal double CalibrationError => !HasProbabilities ? double.NaN
        : Enumerable.Range(0, BinCount).Sum(bin => Math.Abs(_probabilities[bin] - _positives[bin])) / _weights.Sum();

    /// <summary>The bins, with Wilson's intervals over the effective number of rows.</summary>
    internal CalibrationBin[] Calibration(double confidence) => !HasProbabilities ? []
        : [.. Enumerable.Range(0, BinCount).Select(bin =>
        {
            var share = _positives[bin] / _weights[bin];
            return new CalibrationBin(bin == 0 ? 0 : Edges[bin - 1], bin == BinCount - 1 ? 1 : Edges[bin], _weights[bin],
                _probabilities[bin] / _weights[bin], share, double.IsNaN(share) ? ConfidenceInterval.Undefined
                    : Intervals.Wilson(share, _weights[bin] * _weights[bin] / _squares[bin], confidence));
        })];

    /// <summary>
    /// The area under the ROC curve: the share of pairs of a positive and a negative row of which the positive one has the larger score,
    /// ties counting half; and by how much it may be wrong because neighboring scores were put together.
    /// </summary>
    internal (double Area, double Error) AreaUnderCurve()
    {
        var (area, error) = _area ??= ComputeArea().ToTuple();
        return (area, error);
    }

    private (double Area, double Error) ComputeArea()
    {
        if (Table is null)
            return (double.NaN, double.NaN);
        double below = 0, above = 0, ties = 0, positives = 0;
        foreach (var one in Table.Ordered())
        {
            above += one.Positive * below;
            ties += one.Positive * one.Negative;
            below += one.Negative;
            positives += one.Positive;
        }

        var pairs = positives * below;
        return pairs > 0 ? ((above + (ties / 2)) / pairs, Table.Shift > 0 ? ties / 2 / pairs : 0) : (double.NaN, double.NaN);
    }
}
