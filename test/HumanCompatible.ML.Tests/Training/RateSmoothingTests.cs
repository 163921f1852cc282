using HumanCompatible.ML.Training;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Training;

[TestClass]
public sealed class RateSmoothingTests
{
    [TestMethod]
    public void Add_FirstBatch_IsTheAverage()
    {
        using var batch = torch.tensor(new float[] { 1, 2, 3, 4 }, [2, 2]);
        CollectionAssert.AreEqual(new double[] { 1, 2, 3, 4 }, new RateSmoothing(0.9).Add(batch).ToArray());
    }

    [TestMethod]
    public void Add_LaterBatch_MovesByTheComplementOfTheDecay()
    {
        var smoothing = new RateSmoothing(0.75);
        using var first = torch.tensor(new float[] { 8, 0 });
        using var second = torch.tensor(new float[] { 0, 4 });
        smoothing.Add(first);
        CollectionAssert.AreEqual(new double[] { 6, 1 }, smoothing.Add(second).ToArray());
    }

    [TestMethod]
    public void Add_BatchWithoutTheGroup_LeavesItsRate()
    {
        var smoothing = new RateSmoothing(0.5);
        using var members = torch.tensor(new float[] { 3, 4 });
        using var none = torch.zeros(2);
        smoothing.Add(members);
        var after = smoothing.Add(none);
        Assert.AreEqual(0.75, after[0] / after[1], 1e-12);
    }

    [TestMethod]
    public void Add_LeavesNoTensor()
    {
        using var batch = torch.ones(3, 2);
        var smoothing = new RateSmoothing(0.9);
        var before = torch.Tensor.TotalCount;
        smoothing.Add(batch);
        smoothing.Add(batch);
        Assert.AreEqual(before, torch.Tensor.TotalCount);
    }
}
