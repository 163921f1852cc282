using HumanCompatible.ML.Confidence;

namespace HumanCompatible.ML.Tests.Confidence;

[TestClass]
public sealed class TrainingPushTests
{
    // A rate of half of 1,000 rows, one of two groups: N / (k n) is 1, v / n is .0005.
    [TestMethod]
    public void Flattery_GrowsWithTheEpochsAndTheSquareOfThePush()
    {
        Assert.AreEqual(100 * 10 * 0.09 * 0.0005, Push(10, 5000).Flattery(0.3, 500, 0.25, 2), 1e-12);
        Assert.AreEqual(-100 * 20 * 0.09 * 0.0005, Push(20, 5000).Flattery(-0.3, 500, 0.25, 2), 1e-12, "with the sign of the push");
        Assert.AreEqual(0, Push(20, 5000, 0.1).Flattery(0, 500, 0.25, 2));
    }

    [TestMethod]
    public void Flattery_GrowsWithTheOptimismAndThePush()
    {
        var expected = Push(10, 5000).Flattery(0.3, 500, 0.25, 2);

        Assert.AreEqual(expected + (4 * 0.02 * 0.3), Push(10, 5000, 0.02).Flattery(0.3, 500, 0.25, 2), 1e-12);
        Assert.AreEqual(-expected - (4 * 0.04 * 0.3), Push(10, 5000, 0.04).Flattery(-0.3, 500, 0.25, 2), 1e-12);
    }

    [TestMethod]
    public void Flattery_GrowsWithTheRootOfTheWeightsOfALargeNetwork()
    {
        var usual = Push(10, 5000).Flattery(0.5, 500, 0.25, 2);

        Assert.AreEqual(4 * usual, Push(10, 128_000).Flattery(0.5, 500, 0.25, 2), 1e-12);
        Assert.AreEqual(usual, Push(10, 13).Flattery(0.5, 500, 0.25, 2), 1e-12);
    }

    [TestMethod]
    public void Flattery_OfFewOfTheRows_IsOfHowHardEachIsPushed()
    {
        var ofHalf = Push(10, 5000, 0.02).Flattery(0.2, 500, 0.25, 2);

        Assert.AreEqual(5 * ofHalf, Push(10, 5000, 0.02).Flattery(0.2, 100, 0.05, 2), 1e-12, "of the same variance of the rate");
        Assert.AreEqual(ofHalf / 2, Push(10, 5000, 0.02).Flattery(0.2, 1000, 0.5, 2), 1e-12);
        Assert.AreEqual(ofHalf, Push(10, 5000, 0.02).Flattery(0.2, 100, 0.05, 10), 1e-12,
            "a tenth of the rows is what one of ten groups has");
    }

    [TestMethod]
    public void Of_TakesTheMultipliersOfOneConstraint()
    {
        CollectionAssert.AreEqual(new double[] { 2, 3 }, Push(1, 1).Of(1, 2).Multipliers.ToArray());
        CollectionAssert.AreEqual(new double[3], TrainingPush.None.Of(4, 3).Multipliers.ToArray());
        Assert.AreEqual(7, Push(7, 1).Of(1, 2).Epochs);
    }

    private static TrainingPush Push(int epochs, long parameters, double optimism = 0)
        => new(new double[] { 1, 2, 3, 4 }, epochs, parameters, 1000, optimism);
}
