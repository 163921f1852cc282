using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Training.Multipliers;

namespace HumanCompatible.ML.Tests.Training.Multipliers;

[TestClass]
public sealed class SmoothingWindowTests
{
    [TestMethod]
    [DataRow(0.5, 1000, 26000, 10.0, DisplayName = "large groups: the least window")]
    [DataRow(0.02, 1000, 26000, 20.0, DisplayName = "20 rows a batch: as many batches as make 400")]
    [DataRow(0.001, 1000, 26000, 26.0, DisplayName = "1 row a batch: an epoch")]
    [DataRow(1.0, 200, 1600, 4.0, DisplayName = "few batches: half an epoch")]
    [DataRow(0.5, 800, 800, 1.0, DisplayName = "one batch: no averaging")]
    public void Batches_Cases(double share, int batchSize, int rows, double expected)
        => Assert.AreEqual(expected, SmoothingWindow.Batches(share, batchSize, rows), 1e-9);

    [TestMethod]
    public void BatchesPerDualStep_GrowsWithTheWindow()
    {
        Assert.AreEqual(1, SmoothingWindow.BatchesPerDualStep(4));
        Assert.AreEqual(1, SmoothingWindow.BatchesPerDualStep(10));
        Assert.AreEqual(3, SmoothingWindow.BatchesPerDualStep(26));
    }

    [TestMethod]
    public void SmallestShare_IsThatOfTheSmallestDenominator()
    {
        // Group a: 4 rows, 1 positive; group b: 6 rows, 3 positives.
        int[] groups = [0, 0, 0, 0, 1, 1, 1, 1, 1, 1];
        float[] labels = [1, 0, 0, 0, 1, 1, 1, 0, 0, 0];
        var partition = new GroupPartition(["g"], groups, ["a", "b"], [4, 6]);
        var rows = new TrainingRows([], 0, labels, null, [partition]);
        Assert.AreEqual(0.4, SmoothingWindow.SmallestShare([Fairness.DemographicParity("g", 0.1)], rows), 1e-12);
        Assert.AreEqual(0.1, SmoothingWindow.SmallestShare([Fairness.EqualOpportunity("g", 0.1)], rows), 1e-12);
        Assert.AreEqual(0.3, SmoothingWindow.SmallestShare([Fairness.PredictiveEquality("g", 0.1)], rows), 1e-12);
        Assert.AreEqual(0.4, SmoothingWindow.SmallestShare([Fairness.Custom("mine", ["g"], 0.1, batch => batch.Mean(batch.Predictions))],
            rows), 1e-12);
        Assert.AreEqual(1, SmoothingWindow.SmallestShare([], rows));
    }

    [TestMethod]
    public void SmallestShare_CountsWeights()
    {
        var partition = new GroupPartition(["g"], [0, 1], ["a", "b"], [1, 1]);
        var rows = new TrainingRows([], 0, [1, 0], [3f, 1f], [partition]);
        Assert.AreEqual(0.25, SmoothingWindow.SmallestShare([Fairness.DemographicParity("g", 0.1)], rows), 1e-12);
    }

    [TestMethod]
    public void SmallestShare_LeavesOutGroupsWithoutSuchRows()
    {
        var partition = new GroupPartition(["g"], [0, 0, 1, 1], ["a", "b"], [2, 2]);
        var rows = new TrainingRows([], 0, [1, 0, 0, 0], null, [partition]);
        Assert.AreEqual(0.25, SmoothingWindow.SmallestShare([Fairness.EqualOpportunity("g", 0.1)], rows), 1e-12);
    }

    [TestMethod]
    public void SmallestShare_CountsWeightsOfAllRows()
    {
        // Without weights b has half of the rows.
        var partition = new GroupPartition(["g"], [0, 1, GroupPartition.Excluded], ["a", "b"], [1, 1]);
        var rows = new TrainingRows([], 0, [1, 0, 0], [2f, 1f, 7f], [partition]);
        Assert.AreEqual(0.1, SmoothingWindow.SmallestShare([Fairness.DemographicParity("g", 0.1)], rows), 1e-12);
    }
}
