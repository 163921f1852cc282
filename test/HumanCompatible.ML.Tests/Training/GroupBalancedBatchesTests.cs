using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Training;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Training;

[TestClass]
public sealed class GroupBalancedBatchesTests
{
    private static readonly GroupPartition Groups = new(["Sex"], [0, 0, 0, 1], ["m", "f"], [3, 1]);

    [TestMethod]
    public void Weigh_MultipliesTheWeightsOfTheLossAndTheMembership()
    {
        using var scope = torch.NewDisposeScope();
        using var balanced = new GroupBalancedBatches(Rows(null), 4, torch.CPU);
        var numbers = torch.tensor(new long[] { 3, 0 });

        var batch = balanced.Weigh(Batch(torch.tensor(new float[] { 2, 4 }), torch.tensor(new float[] { 0, 1, 1, 0 }, [2, 2])), numbers);
        var unweighted = balanced.Weigh(Batch(null, null), numbers);

        // Half of a batch is of each group, which is 3/4 and 1/4 of the rows.
        CollectionAssert.AreEqual(new[] { 1f, 6f }, batch.Weights!.data<float>().ToArray());
        CollectionAssert.AreEqual(new[] { 0f, 0.5f, 1.5f, 0f }, batch.Membership!.contiguous().data<float>().ToArray());
        CollectionAssert.AreEqual(new[] { 0.5f, 1.5f }, unweighted.Weights!.data<float>().ToArray());
        Assert.IsNull(unweighted.Membership);
    }

    [TestMethod]
    public void Order_IsThatOfThePlan()
    {
        using var scope = torch.NewDisposeScope();
        using var balanced = new GroupBalancedBatches(Rows(null), 2, torch.CPU);

        CollectionAssert.AreEqual(new GroupBalancedOrder(Groups.GroupOfRow, 2).Epoch(11), balanced.Order(11).data<long>().ToArray());
    }

    [TestMethod]
    public void Dispose_LeavesNoTensor()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (torch.NewDisposeScope())
        {
            using var balanced = new GroupBalancedBatches(Rows(null), 2, torch.CPU);
            balanced.Weigh(Batch(null, null), balanced.Order(1).narrow(0, 0, 2));
        }

        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static TrainingRows Rows(float[]? weights) => new([1, 2, 3, 4], 1, [0, 0, 1, 1], weights, [Groups]);

    private static EncodedRows.Batch Batch(torch.Tensor? weights, torch.Tensor? membership)
        => new(NetworkInputs.Of(torch.zeros(2, 1)), torch.zeros(2), weights, membership);
}
