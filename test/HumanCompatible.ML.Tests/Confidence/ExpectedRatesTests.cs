using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Tests.Confidence;

[TestClass]
public sealed class ExpectedRatesTests
{
    // 2 positive rows of 10 of a, 1 of 6 of b, and 4 rows of no group, all positive: 7 of 20.
    private static readonly float[] Labels = [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1];

    private static readonly GroupPartition Groups
        = new(["G"], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1], ["a", "b"], [10, 6]);

    [TestMethod]
    public void Of_ComparedRates_AreTheShareOfPositivesOverTheRowsThatTheLabelsSay()
    {
        var odds = Of(Fairness.EqualizedOdds("G", 0.1));

        Assert.AreEqual(RateEstimate.Proportion(0.35, 2), odds.Estimate(GroupMetric.TruePositiveRate, 0));
        Assert.AreEqual(RateEstimate.Proportion(0.35, 5), odds.Estimate(GroupMetric.FalsePositiveRate, 1));
        Assert.AreEqual(RateEstimate.Proportion(0.35, 16),
            Of(Fairness.DemographicParity("G", 0.1)).Estimate(GroupMetric.SelectionRate, IRateEstimates.Overall));
        Assert.AreEqual(RateEstimate.Proportion(0.35, 2),
            Of(Fairness.PredictiveParity("G", 0.1)).Estimate(GroupMetric.PositivePredictiveValue, 0), "as many as are positive");
    }

    [TestMethod]
    public void Of_ABoundedRate_IsNearItsBound()
    {
        Assert.AreEqual(RateEstimate.Proportion(0.8, 2),
            Of(Fairness.RateAtLeast(GroupMetric.TruePositiveRate, "G", 0.8)).Estimate(GroupMetric.TruePositiveRate, 0));
        Assert.AreEqual(new RateEstimate(0.4, 10, 0.4 * 0.4), Of(Fairness.BoundedGroupLoss("G", 0.4)).Estimate(GroupMetric.MeanLoss, 0));
    }

    [TestMethod]
    public void Of_ComparedMeanLosses_AreThoseOfGuessingTheShareOfPositives()
    {
        var loss = Of(Fairness.LossParity("G", 0.1)).Estimate(GroupMetric.MeanLoss, 1);

        Assert.AreEqual(-(0.35 * Math.Log(0.35)) - (0.65 * Math.Log(0.65)), loss.Value, 1e-12);
        Assert.AreEqual((6, loss.Value * loss.Value), (loss.Size, loss.Variance));
    }

    [TestMethod]
    [DataRow(0f, 0.01)]
    [DataRow(1f, 0.99)]
    public void Of_LabelsOfOneKind_LeavesAHundredthToTheOther(float label, double expected)
        => Assert.AreEqual(expected, ExpectedRates.Of(Fairness.DemographicParity("G", 0.1), TaskLabels.Binary, [label, label], null,
            new GroupPartition(["G"], [0, 1], ["a", "b"], [1, 1])).Estimate(GroupMetric.SelectionRate, 0).Value);

    [TestMethod]
    public void Of_WeightedRows_HasEffectiveSizes()
    {
        float[] weights = [3, 1, .. Enumerable.Repeat(1f, 18)];
        var rows = new TrainingRows([], 0, Labels, weights, [Groups]);

        Assert.AreEqual(16 / 10.0,
            ExpectedRates.Of(Fairness.EqualOpportunity("G", 0.1), rows, Groups).Estimate(GroupMetric.TruePositiveRate, 0).Size, 1e-12);
    }

    private static EstimatedRates Of(FairnessConstraint constraint)
        => ExpectedRates.Of(constraint, TaskLabels.Binary, Labels, null, Groups);
}
