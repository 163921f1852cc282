using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Reporting.Charts;

namespace HumanCompatible.ML.Reporting;

/// <summary>What the scores of a group's rows tell, as it is drawn.</summary>
internal sealed class ScoreCurve
{
    private const int MostPoints = 120;

    // From the threshold that selects nothing down, and the places of the thresholds on the axis.
    private readonly IReadOnlyList<ThresholdPoint> _points;
    private readonly double[] _places;
    private readonly double _baseRate;

    /// <param name="group">The group.</param>
    /// <param name="isOfProbabilities">Whether a threshold is one of the probability; otherwise of the score.</param>
    internal ScoreCurve(GroupStatistics group, bool isOfProbabilities)
    {
        (Group, _points, _baseRate) = (group, group.Thresholds(), group[AuditStatistic.BaseRate]);
        _places = [.. _points.Select(point => isOfProbabilities ? point.Probability : point.Threshold)];
        _places[0] = double.PositiveInfinity;
    }

    internal GroupStatistics Group { get; }

    internal string Name => Group.Name;

    /// <summary>Whether lower scores have lower thresholds: of probabilities that do not follow from the score they have not.</summary>
    internal bool IsOrdered => _places.Zip(_places.Skip(1)).All(pair => pair.First >= pair.Second);

    /// <summary>The lowest and the highest score.</summary>
    internal (double Lowest, double Highest) Range => _places.Length == 1 ? (0, 1) : (_places[^1], _places[1]);

    /// <summary>True against false positive rates, thinned to what can be seen; nothing where one of them is not defined.</summary>
    internal IReadOnlyList<LinePoint> Roc()
    {
        LinePoint[] all = [.. _points.Select(point => new LinePoint(point.FalsePositiveRate, point.TruePositiveRate))];
        if (double.IsNaN(all[^1].X + all[^1].Y))
            return [];
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
        int low = 1, high = _points.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _places[middle] >= threshold ? (middle + 1, high) : (low, middle);
        }

        var at = _points[low - 1];
        var right = _baseRate switch
        {
            0 => 1 - at.FalsePositiveRate,
            1 => at.TruePositiveRate,
            _ => _baseRate * at.TruePositiveRate + (1 - _baseRate) * (1 - at.FalsePositiveRate),
        };
        return (at.SelectionRate, at.TruePositiveRate, at.FalsePositiveRate, right);
    }
}
