using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Tests.Metrics;

[TestClass]
public sealed class TaskLabelsTests
{
    private static readonly string[] Classes = ["a", "b", "c"];

    [TestMethod]
    public void Outcome_OfLogits_IsTheFirstOfTheLargestAndItsCrossEntropy()
    {
        var task = TaskLabels.Multiclass(Classes);

        var row = task.Outcome(2, [1, 3, 3], 2);
        var large = task.Outcome(0, [-2000, 1000, 0], 1);

        Assert.AreEqual((2.0, 1.0, 2.0), (row.Label, row.Prediction, row.Weight));
        Assert.AreEqual(Math.Log(Math.Exp(1) + 2 * Math.Exp(3)) - 3, row.Loss, 1e-12);
        Assert.AreEqual(3000, large.Loss, 1e-9);
    }

    [TestMethod]
    public void ScaledTo_WeightedLabels_HasTheirMeanAndDeviation()
    {
        var scaled = TaskLabels.Regression().ScaledTo([10, 20, 40], [1, 2, 1]);

        Assert.AreEqual(22.5, scaled.Mean, 1e-12);
        Assert.AreEqual(Math.Sqrt((12.5 * 12.5 + 2 * 2.5 * 2.5 + 17.5 * 17.5) / 4), scaled.Deviation, 1e-12);
        Assert.AreEqual(scaled.Deviation, scaled.UnitOf(GroupMetric.MeanResidual));
        Assert.AreEqual(scaled.Deviation * scaled.Deviation, scaled.UnitOf(GroupMetric.MeanLoss));
        Assert.AreEqual(1, TaskLabels.Multiclass(Classes).UnitOf(GroupMetric.MeanLoss));
        Assert.AreSame(TaskLabels.Binary, TaskLabels.Binary.ScaledTo([0, 1], null));
    }

    [TestMethod]
    [DataRow(1f, 2f, 1, 1)]
    [DataRow(1f, -2f, 1, 0)]
    [DataRow(0f, 2f, 0, 1)]
    [DataRow(0f, -2f, 0, 0)]
    [DataRow(1f, 0f, 1, 0)]
    [DataRow(0f, 0f, 0, 0)]
    public void Outcome_OfALogit_IsItsSignAndTheLogLossOfItsProbability(float label, float logit, int positive, int predicted)
    {
        var probability = 1 / (1 + Math.Exp(-logit));

        var row = TaskLabels.Binary.Outcome(label, [logit], 3);

        Assert.AreEqual(((double)positive, (double)predicted, 3.0), (row.Label, row.Prediction, row.Weight));
        Assert.AreEqual(-Math.Log(label > 0 ? probability : 1 - probability), row.Loss, 1e-12);
    }

    [TestMethod]
    public void Outcome_OfALargeLogit_HasAFiniteLoss()
    {
        Assert.AreEqual(1000, TaskLabels.Binary.Outcome(0, [1000], 1).Loss, 1e-9);
        Assert.AreEqual(0, TaskLabels.Binary.Outcome(1, [1000], 1).Loss, 1e-9);
        Assert.AreEqual(1000, TaskLabels.Binary.Outcome(1, [-1000], 1).Loss, 1e-9);
    }

    [TestMethod]
    public void Outcome_OfANumber_HasTheSquaredErrorAsLoss()
        => Assert.AreEqual(new RowOutcome(3, 5.5, 2, 6.25), TaskLabels.Regression(1, 4).Outcome(3, [5.5f], 2));

    [TestMethod]
    public void OutputCount_IsTheClassesOrOne()
    {
        Assert.AreEqual(3, TaskLabels.Multiclass(Classes).OutputCount);
        Assert.AreEqual((1, 1), (TaskLabels.Binary.OutputCount, TaskLabels.Regression().OutputCount));
    }

    [TestMethod]
    public void Equals_IsByTaskClassesAndScale()
    {
        TaskLabels[] all = [TaskLabels.Binary, TaskLabels.Multiclass(Classes), TaskLabels.Multiclass(["a", "c", "b"]),
            TaskLabels.Multiclass(["a", "b"]), TaskLabels.Regression(), TaskLabels.Regression(1), TaskLabels.Regression(0, 2)];
        TaskLabels[] again = [new(LearningTask.BinaryClassification), TaskLabels.Multiclass([.. Classes]),
            TaskLabels.Multiclass(["a", "c", "b"]), TaskLabels.Multiclass(["a", "b"]), TaskLabels.Regression(0),
            TaskLabels.Regression(1, 1), TaskLabels.Regression(0, 2)];

        for (var one = 0; one < all.Length; one++)
        {
            for (var other = 0; other < all.Length; other++)
                Assert.AreEqual(one == other, all[one].Equals(again[other]), $"{one} {other}");
            Assert.AreEqual(all[one].GetHashCode(), again[one].GetHashCode());
            Assert.IsFalse(all[one].Equals(null));
        }
    }
}
