using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Confidence;

namespace HumanCompatible.ML.Tests.Auditing;

[TestClass]
public sealed class ScoreTableTests
{
    private static (double Score, bool Label)[] Rows(int count, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextDouble()).Select(score
            => (Math.Log(score / (1 - score)), random.NextDouble() < score))];
    }

    private static ScoreSums Sums(IEnumerable<(double Score, bool Label)> rows, int limit = ScoreTable.LargestLimit, double weight = 1)
    {
        var sums = new ScoreSums(hasScores: true, hasProbabilities: false, isWeighted: weight != 1);
        sums.Table!.Limit = limit;
        foreach (var (score, label) in rows)
            sums.Add(score, 0, label, weight);
        return sums;
    }

    private static double NaiveArea((double Score, bool Label)[] rows)
    {
        var (positives, negatives) = (rows.Where(row => row.Label).ToList(), rows.Where(row => !row.Label).ToList());
        return positives.Sum(one => negatives.Sum(other => one.Score > other.Score ? 1 : one.Score == other.Score ? 0.5 : 0))
            / positives.Count / negatives.Count;
    }

    [TestMethod]
    public void Area_OfFewScores_IsExact()
    {
        (double, bool)[] rows =
            [.. Rows(500), (double.NegativeInfinity, false), (double.PositiveInfinity, true), (0.0, true), (-0.0, false)];

        var (area, error) = Sums(rows).AreaUnderCurve();

        Assert.AreEqual(NaiveArea(rows), area, 1e-12);
        Assert.AreEqual(0, error);
    }

    [TestMethod]
    public void Area_OfMoreScoresThanAreKept_IsWithinItsError_AndDoesNotDependOnTheOrder()
    {
        var rows = Rows(3000);

        var sums = Sums(rows, limit: 256);
        var (area, error) = sums.AreaUnderCurve();

        Assert.IsGreaterThan(0, sums.Table!.Shift);
        Assert.IsInRange(1, 256, sums.Table.Ordered().Length);
        Assert.IsInRange(1e-9, 0.01, error);
        Assert.IsLessThanOrEqualTo(error, Math.Abs(NaiveArea(rows) - area));
        var reversed = Sums(rows.Reverse(), limit: 256);
        CollectionAssert.AreEqual(sums.Table.Ordered(), reversed.Table!.Ordered());
    }

    [TestMethod]
    public void Add_OfTables_IsThatOfTheirRows()
    {
        var rows = Rows(3000);
        var all = Sums(rows, limit: 256);
        var sum = Sums(rows[..2900], limit: 256);

        sum.Add(Sums(rows[2900..]));

        CollectionAssert.AreEqual(all.Table!.Ordered(), sum.Table!.Ordered());
    }

    [TestMethod]
    public void Calibration_Bins_HaveTheIntervalOfTheirEffectiveRows()
    {
        var sums = new ScoreSums(hasScores: false, hasProbabilities: true, isWeighted: true);
        foreach (var (probability, label, weight) in new[] { (0.55, true, 1.0), (0.58, false, 3.0), (1.0, true, 1.0) })
            sums.Add(0, probability, label, weight);

        var bins = sums.Calibration(0.95);

        Assert.HasCount(10, bins);
        Assert.AreEqual((4.0, 0.25), (bins[5].Weight, bins[5].PositiveShare));
        Assert.AreEqual(0.5725, bins[5].MeanProbability, 1e-12);
        Assert.AreEqual(Intervals.Wilson(0.25, 1.6, 0.95), bins[5].Interval);
        Assert.AreEqual(1, bins[9].PositiveShare);
        Assert.AreEqual(double.NaN, bins[0].Interval.Lower);
    }

    [TestMethod]
    public void Ordered_KeepsTheLowestProbabilityOfEachScore()
    {
        var sums = new ScoreSums(hasScores: true, hasProbabilities: true, isWeighted: false);
        foreach (var (score, probability) in new[] { (1.0, 0.75), (1.0, 0.7), (-1.0, 0.25) })
            sums.Add(score, probability, label: true, 1);
        var other = new ScoreSums(hasScores: true, hasProbabilities: true, isWeighted: false);
        other.Add(1, 0.6, label: false, 1);

        sums.Add(other);

        double[] probabilities = [.. sums.Table!.Ordered().Select(one => one.Probability)];
        CollectionAssert.AreEqual(new[] { 0.25, 0.6 }, probabilities);
    }

    [TestMethod]
    public void Add_OfWeightedRows_CountsRowsAndSquares()
    {
        var table = Sums([(0.5, true), (0.5, true), (0.25, false)], weight: 3).Table!.Ordered();

        Assert.AreEqual((0.25, 3.0, new WeightedSlot(0, 1, 0, 9)), (table[0].Score, table[0].Negative, table[0].Rows));
        Assert.AreEqual((0.5, 6.0, new WeightedSlot(2, 0, 18, 0)), (table[1].Score, table[1].Positive, table[1].Rows));
    }
}
