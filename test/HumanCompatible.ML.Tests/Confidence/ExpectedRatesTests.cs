using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Tests.Confidence;

[TestClass]
public sealed class ExpectedRatesTests
{
    // The last row is in no group.
    private static readonly GroupPartition Partition = new(["Group"], [0, 0, 0, 0, 1, 1, 1, -1], ["a", "b"], [4, 3]);
    private static readonly float[] Labels = [1, 0, 0, 0, 1, 1, 0, 1];

    [TestMethod]
    public void Of_ComparedRates_IsTheShareOfPositivesOverTheCountsOfTheLabels()
    {
        var rates = ExpectedRates.Of(Fairness.EqualizedOdds("Group", 0.1), Labels, null, Partition);

        Assert.AreEqual(RateEstimate.Proportion(0.5, 1), rates.Estimate(GroupMetric.TruePositiveRate, 0));
        Assert.AreEqual(RateEstimate.Proportion(0.5, 3), rates.Estimate(GroupMetric.FalsePositiveRate, 0));
        Assert.AreEqual(RateEstimate.Proportion(0.5, 2), rates.Estimate(GroupMetric.TruePositiveRate, 1));
        Assert.AreEqual(RateEstimate.Proportion(0.5, 4), rates.Estimate(GroupMetric.FalsePositiveRate, RateTerm.Overall));
    }

    [TestMethod]
    public void Of_PredictedRows_CountsAsManyAsArePositive()
    {
        var rates = ExpectedRates.Of(Fairness.PredictiveParity("Group", 0.1), Labels, null, Partition);
        Assert.AreEqual(1, rates.Estimate(GroupMetric.PositivePredictiveValue, 0).Size);
        Assert.AreEqual(2, rates.Estimate(GroupMetric.PositivePredictiveValue, 1).Size);
    }

    [TestMethod]
    public void Of_BoundedRates_IsTheBound()
        => Assert.AreEqual(RateEstimate.Proportion(0.7, 4), ExpectedRates.Of(
            Fairness.RateAtLeast(GroupMetric.SelectionRate, "Group", 0.7), Labels, null, Partition).Estimate(GroupMetric.SelectionRate, 0));

    [TestMethod]
    public void Of_MeanLosses_IsTheEntropyOfThatGuess()
    {
        float[] labels = [1, 0, 0, 0, 0, 0, 0, 1];
        var expected = -0.25 * Math.Log(0.25) - 0.75 * Math.Log(0.75);

        var loss = ExpectedRates.Of(Fairness.LossParity("Group", 0.1), labels, null, Partition).Estimate(GroupMetric.MeanLoss, 0);

        Assert.AreEqual((expected, 4, expected * expected), (loss.Value, loss.Size, loss.Variance));
    }

    [TestMethod]
    public void Of_WeightedRows_CountsTheEffectiveNumber()
    {
        var rows = new TrainingRows([], 0, Labels, [1, 2, 3, 1, 1, 1, 4, 9], [Partition]);
        var rates = ExpectedRates.Of(Fairness.DemographicParity("Group", 0.1), rows, Partition);
        Assert.AreEqual(49 / 15.0, rates.Estimate(GroupMetric.SelectionRate, 0).Size, 1e-12);
        Assert.AreEqual(36 / 18.0, rates.Estimate(GroupMetric.SelectionRate, 1).Size, 1e-12);
    }

    [TestMethod]
    [DataRow(0f, 0.01)]
    [DataRow(1f, 0.99)]
    public void Of_OneClass_IsNotQuiteCertain(float label, double rate)
    {
        float[] labels = [.. Enumerable.Repeat(label, 8)];
        Assert.AreEqual(rate, ExpectedRates.Of(Fairness.DemographicParity("Group", 0.1), labels, null, Partition)
            .Estimate(GroupMetric.SelectionRate, 0).Value);
    }
}
