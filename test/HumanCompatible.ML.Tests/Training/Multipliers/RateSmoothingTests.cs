using HumanCompatible.ML.Training.Multipliers;

namespace HumanCompatible.ML.Tests.Training.Multipliers;

[TestClass]
public sealed class RateSmoothingTests
{
    [TestMethod]
    public void Add_FirstBatch_IsTheAverage()
    {
        double[] batch = [1, 2, 3, 4];
        CollectionAssert.AreEqual(new double[] { 1, 2, 3, 4 }, new RateSmoothing(10).Add(batch).ToArray());
    }

    [TestMethod]
    public void Add_FirstBatches_AreAveragedPlainly()
    {
        var smoothing = new RateSmoothing(4);
        double[] first = [8, 0];
        double[] second = [0, 4];
        smoothing.Add(first);
        CollectionAssert.AreEqual(new double[] { 4, 2 }, smoothing.Add(second).ToArray());
        Assert.IsFalse(smoothing.IsFull);
    }

    [TestMethod]
    public void Add_OnceTheWindowIsFull_ForgetsTheOldest()
    {
        var smoothing = new RateSmoothing(2);
        double[] ones = [1];
        double[] zeros = [0];
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
        double[] batch = [1, 5];
        double[] other = [2, -1];
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
        double[] batch = [1, 5];
        smoothing.Load(2, []);
        CollectionAssert.AreEqual(new double[] { 1, 5 }, smoothing.Add(batch).ToArray());
        Assert.AreEqual(1, smoothing.Count);
    }

    [TestMethod]
    public void Add_BatchWithoutTheGroup_LeavesItsRate()
    {
        var smoothing = new RateSmoothing(2);
        double[] members = [3, 4];
        double[] none = [0, 0];
        smoothing.Add(members);
        var after = smoothing.Add(none);
        Assert.AreEqual(0.75, after[0] / after[1], 1e-12);
    }
}
