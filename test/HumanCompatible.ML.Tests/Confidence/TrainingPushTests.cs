using HumanCompatible.ML.Confidence;

namespace HumanCompatible.ML.Tests.Confidence;

[TestClass]
public sealed class TrainingPushTests
{
    [TestMethod]
    public void OfRate_GrowsWithTheEpochsAndTheSquareOfThePush()
    {
        Assert.AreEqual(100 * 10 * 0.09, Push(10, 5000).OfRate(0.3, 500, 2), 1e-9);
        Assert.AreEqual(100 * 20 * 0.09, Push(20, 5000).OfRate(-0.3, 500, 2), 1e-9);
        Assert.AreEqual(0, Push(20, 5000).OfRate(0, 500, 2));
    }

    [TestMethod]
    public void OfRate_GrowsWithTheRootOfTheWeightsOfALargeNetwork()
    {
        var usual = Push(10, 5000).OfRate(0.5, 500, 2);

        Assert.AreEqual(4 * usual, Push(10, 128_000).OfRate(0.5, 500, 2), 1e-9);
        Assert.AreEqual(usual, Push(10, 13).OfRate(0.5, 500, 2), 1e-9);
    }

    [TestMethod]
    public void OfRate_OfFewOfTheRows_IsOfHowHardEachIsPushed()
    {
        var ofHalf = Push(10, 5000).OfRate(0.2, 500, 2);

        Assert.AreEqual(5 * ofHalf, Push(10, 5000).OfRate(0.2, 100, 2), 1e-9);
        Assert.AreEqual(ofHalf / 2, Push(10, 5000).OfRate(0.2, 1000, 2), 1e-9);
        Assert.AreEqual(ofHalf, Push(10, 5000).OfRate(0.2, 100, 10), 1e-9, "a tenth of the rows is what one of ten groups has");
    }

    [TestMethod]
    public void Of_TakesTheMultipliersOfOneConstraint()
    {
        CollectionAssert.AreEqual(new double[] { 2, 3 }, Push(1, 1).Of(1, 2).Multipliers.ToArray());
        CollectionAssert.AreEqual(new double[3], TrainingPush.None.Of(4, 3).Multipliers.ToArray());
        Assert.AreEqual(7, Push(7, 1).Of(1, 2).Epochs);
    }

    private static TrainingPush Push(int epochs, long parameters) => new(new double[] { 1, 2, 3, 4 }, epochs, parameters, 1000);
}
