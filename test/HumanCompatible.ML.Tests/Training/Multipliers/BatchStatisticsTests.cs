using HumanCompatible.ML.Training.Multipliers;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Training.Multipliers;

[TestClass]
public sealed class BatchStatisticsTests
{
    [TestMethod]
    public void Of_SumsOfTwoParts_HaveTheirValueAndTheGradientOfTheOwnPart()
    {
        using var scope = torch.NewDisposeScope();
        var weight = torch.tensor(2f).requires_grad_();
        var own = new BatchStatistics([1, 2], torch.tensor(new float[] { 3, 4, 5, 6 }, [2, 2]).mul(weight));
        var other = new BatchStatistics([10, 20], torch.ones(2, 2));
        double[] sums = [.. own.Numbers.Zip(other.Numbers, (one, two) => one + two)];

        var whole = own.Of(sums);

        CollectionAssert.AreEqual(new double[] { 11, 22 }, whole.Exact);
        CollectionAssert.AreEqual(new long[] { 2, 2 }, whole.Surrogate!.shape);
        CollectionAssert.AreEqual(new float[] { 7, 9, 11, 13 }, whole.Surrogate.detach().data<float>().ToArray());
        whole.Surrogate.sum().backward();
        Assert.AreEqual(18, weight.grad!.item<float>());
    }

    [TestMethod]
    public void Numbers_WithoutSurrogates_AreTheExactOnes()
    {
        var statistics = new BatchStatistics([1, 2], null);

        CollectionAssert.AreEqual(new double[] { 1, 2 }, statistics.Numbers);
        var whole = statistics.Of([3, 5]);
        Assert.IsNull(whole.Surrogate);
        CollectionAssert.AreEqual(new double[] { 3, 5 }, whole.Exact);
    }
}
