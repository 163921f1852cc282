using HumanCompatible.ML.Networks;

namespace HumanCompatible.ML.Tests.Networks;

[TestClass]
public sealed class NetworkWeightsTests
{
    [TestMethod]
    public void Constructor_KeepsTheOrder()
    {
        NetworkWeights weights = new([new("b", [2], new float[2]), new("a", [], new float[] { 7 })]);
        CollectionAssert.AreEqual(new[] { "b", "a" }, weights.Arrays.Select(array => array.Name).ToArray());
        Assert.AreEqual(7f, weights.Find("a")!.Values.Span[0]);
        Assert.IsNull(weights.Find("c"));
    }

    [TestMethod]
    public void Constructor_RepeatedNameOrWrongCount_Throws()
    {
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => new NetworkWeights([new("a", [2, 3], new float[5])])).Message,
                "[2, 3] must have 6 values, got 5");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(()
                => new NetworkWeights([new("a", [1], new float[1]), new("a", [1], new float[1])])).Message, "occurs twice");
    }
}
