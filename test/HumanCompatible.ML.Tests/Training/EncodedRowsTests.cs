using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Training;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Training;

[TestClass]
public sealed class EncodedRowsTests
{
    [TestMethod]
    public void Gather_TakesTheRowsInTheAskedOrder()
    {
        using var scope = torch.NewDisposeScope();
        using var rows = Rows([1, 3, 2]);
        var batch = rows.Gather(torch.tensor(new long[] { 2, 0 }));
        CollectionAssert.AreEqual(new float[] { 5, 6, 1, 2 }, batch.Inputs.Dense!.contiguous().data<float>().ToArray());
        CollectionAssert.AreEqual(new float[] { 1, 0 }, batch.Labels.contiguous().data<float>().ToArray());
        CollectionAssert.AreEqual(new float[] { 0, 2, 1, 0 }, batch.Membership!.contiguous().data<float>().ToArray());
    }

    [TestMethod]
    public void Weights_AreScaledToMeanOne()
    {
        using var scope = torch.NewDisposeScope();
        using var rows = Rows([1, 3, 2]);
        CollectionAssert.AreEqual(new[] { 0.5f, 1.5f, 1f }, rows.Slice(0, 3).Weights!.contiguous().data<float>().ToArray());
    }

    [TestMethod]
    public void Weights_NoneGiven_AreAbsent()
    {
        using var scope = torch.NewDisposeScope();
        using var rows = Rows(null);
        Assert.IsNull(rows.Slice(0, 3).Weights);
    }

    [TestMethod]
    public void Dispose_LeavesNoTensor()
    {
        var before = torch.Tensor.TotalCount;
        Rows([1, 3, 2]).Dispose();
        Assert.AreEqual(before, torch.Tensor.TotalCount);
    }

    private static EncodedRows Rows(float[]? weights)
    {
        GroupPartitions groups = [new GroupPartition(["Sex"], [0, 1, 1], ["m", "f"], [1, 2])];
        return new EncodedRows(new TrainingRows([1, 2, 3, 4, 5, 6], 2, [0, 0, 1], weights, groups),
            new MembershipLayout([Fairness.DemographicParity("Sex", 0.1)], groups), torch.CPU);
    }
}
