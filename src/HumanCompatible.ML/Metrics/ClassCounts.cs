namespace HumanCompatible.ML.Metrics;

/// <summary>
/// The counts of a multiclass classification: for each label how often each class is predicted. The metrics of a class are those of it
/// against all others.
/// </summary>
/// <param name="classCount">The number of classes.</param>
internal sealed class ClassCounts(int classCount) : IRowCounts
{
    private readonly Cell[] _cells = new Cell[classCount * classCount];
    private readonly GroupCounts?[] _ofClass = new GroupCounts?[classCount];
    private GroupCounts? _ofAll;
    private double _loss, _lossSquares;

    public int RowCount => _cells.Sum(cell => cell.Rows);

    public double Accuracy => OfAll.Rate(GroupMetric.Accuracy);

    public double ConstantAccuracy => LargestShare(RowQuantity.Positive);

    public double Variety => 1 - LargestShare(RowQuantity.PredictedPositive);

    public void Add(in RowOutcome row)
    {
        var cell = ((int)row.Label * classCount) + (int)row.Prediction;
        _cells[cell] = _cells[cell].With(new Cell(row.Weight, row.Weight * row.Weight, 1));
        _loss += row.Weight * row.Loss;
        _lossSquares += row.Weight * row.Loss * row.Loss;
        Forget();
    }

    public void Add(IRowCounts other)
    {
        var added = (ClassCounts)other;
        for (var cell = 0; cell < _cells.Length; cell++)
            _cells[cell] = _cells[cell].With(added._cells[cell]);
        _loss += added._loss;
        _lossSquares += added._lossSquares;
        Forget();
    }

    public RateEstimate Estimate(GroupMetric metric) => (metric.ClassName is null ? OfAll : OfClass(metric.Class)).Estimate(metric);

    /// <summary>The class that most rows are predicted to be, by weight, and their share.</summary>
    internal (int Class, double Share) MostPredicted => Enumerable.Range(0, classCount)
        .Select(index => (index, OfClass(index).Rate(GroupMetric.SelectionRate))).MaxBy(one => one.Item2);

    // A correct row is a true positive, any other a false negative.
    private GroupCounts OfAll => _ofAll ??= Counted((label, prediction) => (true, label == prediction));

    private GroupCounts OfClass(int index) => _ofClass[index] ??= Counted((label, prediction) => (label == index, prediction == index));

    private double LargestShare(RowQuantity quantity)
        => Enumerable.Range(0, classCount).Max(index => OfClass(index).Sum(quantity)) / OfAll.Sum(RowQuantity.All);

    private GroupCounts Counted(Func<int, int, (bool Label, bool Prediction)> outcome)
    {
        var counts = new GroupCounts();
        for (var cell = 0; cell < _cells.Length; cell++)
        {
            var (label, prediction) = outcome(cell / classCount, cell % classCount);
            counts.Add(label, prediction, _cells[cell].Weights, _cells[cell].Squares, _cells[cell].Rows);
        }

        counts.AddLosses(_loss, _lossSquares);
        return counts;
    }

    private void Forget()
    {
        _ofAll = null;
        Array.Clear(_ofClass);
    }

    private readonly record struct Cell(double Weights, double Squares, int Rows)
    {
        internal Cell With(Cell other) => new(Weights + other.Weights, Squares + other.Squares, Rows + other.Rows);
    }
}
