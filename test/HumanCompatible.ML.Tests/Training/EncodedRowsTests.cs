using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
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
        CollectionAssert.AreEqual(new[] { 0, 1, 0.5f, 0 }, batch.Membership!.contiguous().data<float>().ToArray());
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
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Rows([1, 3, 2]).Dispose();
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [TestMethod]
    public void Constraints_ThatCannotBeCompiled_LeaveNoTensor()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Assert.ThrowsExactly<InvalidOperationException>(() => Rows(null,
            Fairness.DemographicParity("g", 0.1) with { Baseline = GroupBaseline.ReferenceGroup, ReferenceGroup = "c" }));
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    // Three rows of two inputs, the first of group a, the others of group b.
    private static EncodedRows Rows(float[]? weights, FairnessConstraint? constraint = null) => new(
        new TrainingRows([1, 2, 3, 4, 5, 6], 2, [0, 0, 1], weights, [new GroupPartition(["g"], [0, 1, 1], ["a", "b"], [1, 2])]),
        [constraint ?? Fairness.DemographicParity("g", 0.1)], torch.CPU);
}
