using HumanCompatible.ML.Constraints;
using TorchSharp;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Constraints;

[TestClass]
public sealed class ConstraintBatchTests
{
    // Five rows: two of a with weights 1 and 3, two of b with weight 1, one of no group; nobody is in c.
    private static ConstraintBatch Batch() => new(
        torch.tensor([0.5f, 0.1f, 0.2f, 0.8f, 1f]),
        torch.tensor([0f, -1f, -0.5f, 0.5f, 3f]),
        torch.tensor([1f, 0f, 1f, 1f, 0f]),
        torch.tensor([1f, 3f, 1f, 1f, 2f]),
        torch.tensor([1f, 0f, 0f, 3f, 0f, 0f, 0f, 1f, 0f, 0f, 1f, 0f, 0f, 0f, 0f], [5, 3]),
        ["a", "b", "c"],
        isExact: false);

    private static void AreEqual(double[] expected, Tensor actual)
    {
        var values = actual.data<float>().ToArray();
        Assert.AreEqual(expected.Length, values.Length);
        for (var i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], values[i], 1e-6);
    }

    [TestMethod]
    public void Means_AreTheHandComputedWeightedOnes_AndZeroWithoutRows()
    {
        using var scope = torch.NewDisposeScope();
        var batch = Batch();

        AreEqual([(0.5 + 0.3) / 4, 0.5, 0], batch.GroupMeans(batch.Predictions));
        AreEqual([0.5, 0.5, 0], batch.GroupMeans(batch.Predictions, batch.Labels));
        AreEqual([0.1, 0, 0], batch.GroupMeans(batch.Predictions, batch.Labels.mul(-1).add(1)));
        AreEqual([(0.5 + 0.3 + 0.2 + 0.8 + 2) / 8], batch.Mean(batch.Predictions));
    }

    [TestMethod]
    public void Means_LeaveNothingButTheResult()
    {
        using var scope = torch.NewDisposeScope();
        var batch = Batch();
        var before = torch.Tensor.TotalCount;

        using (batch.GroupMeans(batch.Predictions))
        using (batch.GroupMeans(batch.Predictions, batch.Labels))
        using (batch.Mean(batch.Predictions))
            Assert.AreEqual(before + 3, torch.Tensor.TotalCount);
        Assert.AreEqual(before, torch.Tensor.TotalCount);
    }

    [TestMethod]
    public void ShapesThatDoNotFit_AreErrorsNotACrash()
    {
        using var scope = torch.NewDisposeScope();
        var batch = Batch();

        var means = Assert.ThrowsExactly<ArgumentException>(() => batch.GroupMeans(torch.zeros(4)));
        var among = Assert.ThrowsExactly<ArgumentException>(() => batch.GroupMeans(batch.Predictions, torch.zeros(5, 1)));
        var mean = Assert.ThrowsExactly<ArgumentException>(() => batch.Mean(torch.zeros(1)));
        var membership = Assert.ThrowsExactly<ArgumentException>(()
            => new ConstraintBatch(torch.zeros(2), torch.zeros(2), torch.zeros(2), torch.ones(2), torch.ones(2, 2), ["a"], true));
        var scores = Assert.ThrowsExactly<ArgumentException>(()
            => new ConstraintBatch(torch.zeros(2), torch.zeros(3), torch.zeros(2), torch.ones(2), torch.ones(2, 1), ["a"], true));

        Assert.AreEqual("The tensor is [4], but must be [5], one number per row. (Parameter 'perRow')", means.Message);
        Assert.AreEqual("The tensor is [5, 1], but must be [5], one number per row. (Parameter 'among')", among.Message);
        Assert.AreEqual("The tensor is [1], but must be [5], one number per row. (Parameter 'perRow')", mean.Message);
        Assert.AreEqual("Membership is [2, 2], but must be [2, 1]. (Parameter 'membership')", membership.Message);
        Assert.AreEqual("Predictions [2] and scores [3] must be alike and have 2 rows. (Parameter 'predictions')", scores.Message);
    }
}
