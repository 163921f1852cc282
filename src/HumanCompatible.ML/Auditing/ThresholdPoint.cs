namespace HumanCompatible.ML.Auditing;

/// <summary>The rates of a group when the rows whose score is at least a threshold are predicted positive.</summary>
public sealed record ThresholdPoint
{
    private ThresholdPoint(double threshold, double probability, double truePositiveRate, double falsePositiveRate, double selectionRate)
        => (Threshold, Probability, TruePositiveRate, FalsePositiveRate, SelectionRate)
            = (threshold, probability, truePositiveRate, falsePositiveRate, selectionRate);

    /// <summary>The threshold; infinite for the point at which nothing is predicted positive.</summary>
    public double Threshold { get; }

    /// <summary>The lowest probability of a row with this score; NaN where there are no probabilities.</summary>
    internal double Probability { get; }

    /// <summary>Share of the positives whose score is at least the threshold.</summary>
    public double TruePositiveRate { get; }

    /// <summary>Share of the negatives whose score is at least the threshold.</summary>
    public double FalsePositiveRate { get; }

    /// <summary>Share of all rows whose score is at least the threshold.</summary>
    public double SelectionRate { get; }

    /// <summary>The members and their values, with the numbers of the invariant culture.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => RecordText.Of(this, PrintMembers);

    /// <summary>The points from the threshold that selects nothing; a rate of no row is NaN.</summary>
    internal static IReadOnlyList<ThresholdPoint> Of(ScoreTable? table)
    {
        var scores = table?.Ordered() ?? [];
        double positives = scores.Sum(one => one.Positive), negatives = scores.Sum(one => one.Negative);
        var points = new List<ThresholdPoint>
        {
            new(double.PositiveInfinity, double.NaN, 0 / positives, 0 / negatives, 0 / (positives + negatives)),
        };
        double above = 0, wrong = 0;
        foreach (var one in Enumerable.Reverse(scores))
        {
            above += one.Positive;
            wrong += one.Negative;
            points.Add(new ThresholdPoint(one.Score, double.IsFinite(one.Probability) ? one.Probability : double.NaN, above / positives,
                wrong / negatives, (above + wrong) / (positives + negatives)));
        }

        return points;
    }
}
