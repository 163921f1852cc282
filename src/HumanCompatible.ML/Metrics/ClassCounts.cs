namespace HumanCompatible.ML.Metrics;

/// <summary>
/// The counts of a multiclass classification: for each class how often it is predicted rightly, missed, and predicted wrongly. The metrics
/// of a class are those of it against all others.
/// </summary>
/// <param name="classCount">The number of classes.</param>
internal sealed class ClassCounts(int classCount) : IRowCounts
{
    private readonly Cell[] _found = new Cell[classCount];
    private readonly Cell[] _missed = new Cell[classCount];
    private readonly Cell[] _wronglyPredicted = new Cell[classCount];
    private Cell _correct, _incorrect;
    private double _loss, _lossSquares;

    public int RowCount => _correct.Rows + _incorrect.Rows;

    public double Accuracy => OfAll().Rate(GroupMetric.Accuracy);

    public double ConstantAccuracy
        => Enumerable.Range(0, classCount).Max(index => (_found[index] + _missed[index]).Weights) / Total.Weights;

    public double Variety => 1 - MostPredicted.Share;

    /// <summary>The class that most rows are predicted to be, by weight, and their share.</summary>
    internal (int Class, double Share) MostPredicted => Enumerable.Range(0, classCount)
        .Select(index => (index, (_found[index] + _wronglyPredicted[index]).Weights / Total.Weights)).MaxBy(one => one.Item2);

    private Cell Total => _correct + _incorrect;

    public void Add(in RowOutcome row)
    {
        var cell = new Cell(row.Weight, row.Weight * row.Weight, 1);
        var (label, prediction) = ((int)row.Label, (int)row.Prediction);
        if (label == prediction)
        {
            _found[label] += cell;
            _correct += cell;
        }
        else
        {
            _missed[label] += cell;
            _wronglyPredicted[prediction] += cell;
            _incorrect += cell;
        }

        _loss += row.Weight * row.Loss;
        _lossSquares += row.Weight * row.Loss * row.Loss;
    }

    public void Add(IRowCounts other)
    {
        var added = (ClassCounts)other;
        for (var index = 0; index < classCount; index++)
        {
            _found[index] += added._found[index];
            _missed[index] += added._missed[index];
            _wronglyPredicted[index] += added._wronglyPredicted[index];
        }

        _correct += added._correct;
        _incorrect += added._incorrect;
        _loss += added._loss;
        _lossSquares += added._lossSquares;
    }

    public void Replace(Func<double, double> replace)
    {
        for (var index = 0; index < classCount; index++)
        {
            _found[index] = _found[index].With(replace);
            _missed[index] = _missed[index].With(replace);
            _wronglyPredicted[index] = _wronglyPredicted[index].With(replace);
        }

        (_correct, _incorrect) = (_correct.With(replace), _incorrect.With(replace));
        (_loss, _lossSquares) = (replace(_loss), replace(_lossSquares));
    }

    public RateEstimate Estimate(GroupMetric metric) => (metric.ClassName is null ? OfAll() : OfClass(metric.Class)).Estimate(metric);

    // A correct row is a true positive, any other a false negative.
    private GroupCounts OfAll()
    {
        var counts = new GroupCounts();
        Add(counts, label: true, prediction: true, _correct);
        Add(counts, label: true, prediction: false, _incorrect);
        counts.AddLosses(_loss, _lossSquares);
        return counts;
    }

    /// <summary>One class against all others; losses are of all classes together.</summary>
    internal GroupCounts OfClass(int index)
    {
        var counts = new GroupCounts();
        Add(counts, label: true, prediction: true, _found[index]);
        Add(counts, label: true, prediction: false, _missed[index]);
        Add(counts, label: false, prediction: true, _wronglyPredicted[index]);
        Add(counts, label: false, prediction: false, Total - _found[index] - _missed[index] - _wronglyPredicted[index]);
        return counts;
    }

    private static void Add(GroupCounts counts, bool label, bool prediction, Cell cell)
        => counts.Add(label, prediction, cell.Weights, cell.Squares, cell.Rows);

    // What is left of no row is exactly zero.
    private readonly record struct Cell(double Weights, double Squares, int Rows)
    {
        public Cell With(Func<double, double> replace) => new(replace(Weights), replace(Squares), (int)replace(Rows));

        public static Cell operator +(Cell first, Cell second)
            => new(first.Weights + second.Weights, first.Squares + second.Squares, first.Rows + second.Rows);

        public static Cell operator -(Cell first, Cell second) => first.Rows == second.Rows ? default
            : new(first.Weights - second.Weights, first.Squares - second.Squares, first.Rows - second.Rows);
    }
}
