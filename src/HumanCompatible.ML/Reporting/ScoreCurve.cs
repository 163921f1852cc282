using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Reporting.Charts;

namespace HumanCompatible.ML.Reporting;

/// <summary>Rows whose probability lies in a range.</summary>
/// <param name="Rows">How many they are.</param>
/// <param name="Predicted">Their mean probability.</param>
/// <param name="Observed">The share of them that is positive.</param>
/// <param name="Interval">The interval of that share.</param>
internal sealed record CalibrationBin(int Rows, double Predicted, double Observed, ConfidenceInterval Interval);

/// <summary>What the scores of a group's rows tell.</summary>
internal sealed class ScoreCurve
{
    private const int BinCount = 10;
    private const int MostPoints = 120;

    // From the highest score down; the sums are over the rows up to and including each.
    private readonly double[] _scores, _positives, _negatives;

    /// <param name="name">The name of the group.</param>
    /// <param name="rows">Score, label and weight of its rows.</param>
    /// <param name="confidence">That of the intervals.</param>
    internal ScoreCurve(string name, IEnumerable<(float Score, bool Label, double Weight)> rows, double confidence)
    {
        Name = name;
        var sorted = rows.OrderByDescending(row => row.Score).ToArray();
        _scores = Array.ConvertAll(sorted, row => (double)row.Score);
        (_positives, _negatives) = (new double[sorted.Length], new double[sorted.Length]);
        double positives = 0, negatives = 0;
        foreach (var (index, (_, label, weight)) in sorted.Index())
        {
            (_positives[index], _negatives[index]) = (positives += label ? weight : 0, negatives += label ? 0 : weight);
        }

        Calibration = [.. sorted.GroupBy(row => Math.Clamp((int)(row.Score * BinCount), 0, BinCount - 1)).OrderBy(bin => bin.Key)
            .Select(bin => Bin([.. bin], confidence))];
    }

    internal string Name { get; }

    /// <summary>Of each tenth of the probabilities that has rows; without meaning for other scores.</summary>
    internal IReadOnlyList<CalibrationBin> Calibration { get; }

    /// <summary>The rows.</summary>
    internal int RowCount => _scores.Length;

    /// <summary>The probability that a positive row scores higher than a negative one, ties counting half; NaN without either.</summary>
    internal double Auc
    {
        get
        {
            double area = 0, positives = 0, negatives = 0;
            foreach (var index in Steps())
            {
                area += (_negatives[index] - negatives) * (_positives[index] + positives) / 2;
                (positives, negatives) = (_positives[index], _negatives[index]);
            }

            return area / (positives * negatives);
        }
    }

    /// <summary>True against false positive rates, thinned to what can be seen; nothing where one of them is not defined.</summary>
    internal IReadOnlyList<LinePoint> Roc()
    {
        if (double.IsNaN(Auc))
            return [];
        LinePoint[] all = [new(0, 0), .. Steps().Select(index => new LinePoint(_negatives[index] / _negatives[^1],
            _positives[index] / _positives[^1]))];
        if (all.Length <= MostPoints)
            return all;
        List<LinePoint> kept = [all[0]];
        foreach (var point in all)
        {
            if (Math.Abs(point.X - kept[^1].X) + Math.Abs(point.Y - kept[^1].Y) >= 2.0 / (MostPoints - 2))
                kept.Add(point);
        }

        return kept[^1] == all[^1] ? kept : [.. kept, all[^1]];
    }

    /// <summary>The shares of all, of the positive and of the negative rows that score at least <paramref name="threshold"/>, and that are
    /// then predicted correctly.</summary>
    internal (double Selection, double TruePositive, double FalsePositive, double Accuracy) At(double threshold)
    {
        int low = 0, high = _scores.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _scores[middle] >= threshold ? (middle + 1, high) : (low, middle);
        }

        if (_scores.Length == 0)
            return (double.NaN, double.NaN, double.NaN, double.NaN);
        var (positives, negatives) = low == 0 ? (0, 0) : (_positives[low - 1], _negatives[low - 1]);
        double allPositives = _positives[^1], allNegatives = _negatives[^1], all = allPositives + allNegatives;
        return ((positives + negatives) / all, positives / allPositives, negatives / allNegatives,
            (positives + allNegatives - negatives) / all);
    }

    /// <summary>The lowest and the highest score.</summary>
    internal (double Lowest, double Highest) Range => _scores.Length == 0 ? (0, 1) : (_scores[^1], _scores[0]);

    // The last row of each score.
    private IEnumerable<int> Steps() => Enumerable.Range(0, _scores.Length)
        .Where(index => index == _scores.Length - 1 || _scores[index] != _scores[index + 1]);

    private static CalibrationBin Bin((float Score, bool Label, double Weight)[] rows, double confidence)
    {
        var weight = rows.Sum(row => row.Weight);
        var observed = rows.Sum(row => row.Label ? row.Weight : 0) / weight;
        return new CalibrationBin(rows.Length, rows.Sum(row => row.Score * row.Weight) / weight, observed,
            Intervals.Wilson(observed, weight * weight / rows.Sum(row => row.Weight * row.Weight), confidence));
    }
}
