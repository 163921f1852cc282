using HumanCompatible.ML.Training.Multipliers;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Training.Multipliers;

[TestClass]
public sealed class RateSmoothingTests
{
    [TestMethod]
    public void Add_FirstBatch_IsTheAverage()
    {
        using var batch = torch.tensor(new float[] { 1, 2, 3, 4 }, [2, 2]);
        CollectionAssert.AreEqual(new double[] { 1, 2, 3, 4 }, new RateSmoothing(10).Add(batch).ToArray());
    }

    [TestMethod]
    public void Add_FirstBatches_AreAveragedPlainly()
    {
        var smoothing = new RateSmoothing(4);
        using var first = torch.tensor(new float[] { 8, 0 });
        using var second = torch.tensor(new float[] { 0, 4 });
        smoothing.Add(first);
        CollectionAssert.AreEqual(new double[] { 4, 2 }, smoothing.Add(second).ToArray());
        Assert.IsFalse(smoothing.IsFull);
    }

    [TestMethod]
    public void Add_OnceTheWindowIsFull_ForgetsTheOldest()
    {
        var smoothing = new RateSmoothing(2);
        using var ones = torch.ones(1);
        using var zeros = torch.zeros(1);
        smoothing.Add(ones);
        smoothing.Add(ones);
        Assert.IsTrue(smoothing.IsFull);
        Assert.AreEqual(0.5, smoothing.Add(zeros)[0]);
        Assert.AreEqual(0.25, smoothing.Add(zeros)[0]);
    }

    [TestMethod]
    public void Load_GoesOnAsIfItHadNeverStopped()
    {
        var first = new RateSmoothing(3);
        using var batch = torch.tensor(new float[] { 1, 5 });
        using var other = torch.tensor(new float[] { 2, -1 });
        foreach (var values in new[] { batch, other, other, batch })
            first.Add(values);
        var second = new RateSmoothing(3);
        second.Load(first.Count, first.Statistics);
        CollectionAssert.AreEqual(first.Add(other).ToArray(), second.Add(other).ToArray());
    }

    [TestMethod]
    public void Load_OfNoAverage_StartsAnew()
    {
        var smoothing = new RateSmoothing(3);
        using var batch = torch.tensor(new float[] { 1, 5 });
        smoothing.Load(2, []);
        CollectionAssert.AreEqual(new double[] { 1, 5 }, smoothing.Add(batch).ToArray());
        Assert.AreEqual(1, smoothing.Count);
    }

    [TestMethod]
    public void Add_BatchWithoutTheGroup_LeavesItsRate()
    {
        var smoothing = new RateSmoothing(2);
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
        var smoothing = new RateSmoothing(10);
        var before = torch.Tensor.TotalCount;
        smoothing.Add(batch);
        smoothing.Add(batch);
        Assert.AreEqual(before, torch.Tensor.TotalCount);
    }
}
