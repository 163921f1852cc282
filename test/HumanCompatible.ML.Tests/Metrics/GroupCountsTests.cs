using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Tests.Metrics;

[TestClass]
public sealed class GroupCountsTests
{
    [TestMethod]
    public void Estimate_OfARate_IsItsValueOverTheRowsBehindIt()
    {
        var counts = Counts(7, 3, 20, 5);

        Assert.AreEqual(RateEstimate.Proportion(10 / 35.0, 35), counts.Estimate(GroupMetric.SelectionRate));
        Assert.AreEqual(RateEstimate.Proportion(7 / 12.0, 12), counts.Estimate(GroupMetric.TruePositiveRate));
        Assert.AreEqual(RateEstimate.Proportion(3 / 23.0, 23), counts.Estimate(GroupMetric.FalsePositiveRate));
    }

    [TestMethod]
    public void Estimate_OfPredictedRows_KnowsHowManyTheLabelsSay()
    {
        var counts = Counts(7, 3, 20, 5);

        Assert.AreEqual(RateEstimate.Proportion(0.7, 10) with { SizeByLabels = 12 },
            counts.Estimate(GroupMetric.PositivePredictiveValue), "as many as are positive");
        Assert.AreEqual(RateEstimate.Proportion(0.2, 25) with { SizeByLabels = 23 },
            counts.Estimate(GroupMetric.FalseOmissionRate), "as many as are negative");
    }

    [TestMethod]
    public void Estimate_WithoutRowsBehindIt_IsNotDefinedButKnowsTheLabels()
    {
        var none = Counts(0, 0, 20, 5).Estimate(GroupMetric.PositivePredictiveValue);

        Assert.IsFalse(none.IsDefined);
        Assert.AreEqual((double.NaN, 0, 5), (none.Value, none.Size, none.SizeByLabels));
        Assert.IsFalse(Counts(0, 3, 20, 0).Estimate(GroupMetric.TruePositiveRate).IsDefined);
    }

    [TestMethod]
    public void Estimate_OfWeightedRows_HasEffectiveSizes()
    {
        var counts = new GroupCounts();
        foreach (var (label, prediction, weight) in new[] { (true, true, 1.0), (true, false, 3.0), (true, false, 1.0), (false, true, 2.0) })
            counts.Add(label, prediction, weight, 0);

        var estimate = counts.Estimate(GroupMetric.PositivePredictiveValue);

        Assert.AreEqual(1 / 3.0, estimate.Value, 1e-12);
        Assert.AreEqual(9 / 5.0, estimate.Size, 1e-12, "(1 + 2)^2 / (1 + 4)");
        Assert.AreEqual(25 / 11.0, estimate.SizeByLabels, 1e-12, "(1 + 3 + 1)^2 / (1 + 9 + 1)");
    }

    [TestMethod]
    public void Estimate_OfTheMeanLoss_HasTheVarianceOfASample()
    {
        var counts = new GroupCounts();
        foreach (var loss in new[] { 1.0, 2, 4, 5 })
            counts.Add(true, true, 2, loss);

        var estimate = counts.Estimate(GroupMetric.MeanLoss);

        Assert.AreEqual((3, 4), (estimate.Value, estimate.Size));
        Assert.AreEqual((4 + 1 + 1 + 4) / 3.0, estimate.Variance, 1e-12);
        Assert.IsFalse(estimate.IsProportion);
    }

    [TestMethod]
    public void Estimate_OfOneLoss_HasNoFiniteVariance()
    {
        var counts = new GroupCounts();
        counts.Add(true, true, 1, 0.3);

        Assert.AreEqual(new RateEstimate(0.3, 1, double.PositiveInfinity), counts.Estimate(GroupMetric.MeanLoss));
        Assert.IsFalse(new GroupCounts().Estimate(GroupMetric.MeanLoss).IsDefined);
    }

    [TestMethod]
    public void Sum_OfGroups_IsThatOfTheirUnion()
    {
        var (first, second) = (Counts(7, 3, 20, 5), Counts(1, 2, 3, 4));

        var sum = GroupCounts.Sum([first, second]);

        Assert.AreEqual((45, 17), (sum.RowCount, sum.PositiveCount));
        foreach (var metric in GroupMetric.Every.Where(metric => metric.IsRate))
            Assert.AreEqual(Counts(8, 5, 23, 9).Estimate(metric), sum.Estimate(metric), metric.Name);
        Assert.AreEqual((35, 10), (first.RowCount, second.RowCount), "the parts are as they were");
    }

    // TP, FP, TN, FN.
    private static GroupCounts Counts(params int[] outcomes)
    {
        (bool Label, bool Prediction)[] cells = [(true, true), (false, true), (false, false), (true, false)];
        var counts = new GroupCounts();
        foreach (var (cell, number) in cells.Zip(outcomes))
        {
            for (var row = 0; row < number; row++)
                counts.Add(cell.Label, cell.Prediction, 1, 0);
        }

        return counts;
    }
}
