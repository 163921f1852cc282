using HumanCompatible.ML.Experiments;

namespace HumanCompatible.ML.Tests.Experiments;

/// <summary>What several looks at the same rows cost.</summary>
[TestClass]
public sealed class SharedLooksTests
{
    private const int Parts = 200;

    [TestMethod]
    public void Tail_LooksThatAreTheSame_IsThatOfOne()
    {
        var one = Changes(1);

        Assert.AreEqual(0.5, SharedLooks.Tail([one, one, one]), 1e-9);
        Assert.AreEqual(0.5, SharedLooks.Tail([one, [.. one.Select(change => 3 * change)]]), 1e-9, "in another unit");
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(6)]
    public void Tail_LooksWithNothingInCommon_IsThatOfSoManyIndependentOnes(int looks)
    {
        // Each has parts of its own.
        double[][] changes = [.. Enumerable.Range(0, looks)
            .Select(look => (double[])[.. Changes(1).Select((change, part) => part % looks == look ? change : 0)])];

        Assert.AreEqual(1 - Math.Pow(2, -1.0 / looks), SharedLooks.Tail(changes), 0.02);
    }

    [TestMethod]
    public void Tail_LooksThatAgreeMore_IsLarger()
    {
        double TailOf(double own) => SharedLooks.Tail([.. Enumerable.Range(0, 6).Select(look
            => (double[])[.. Changes(1).Zip(Changes(2 + look), (common, alone) => common + (own * alone))])]);

        double[] tails = [.. new[] { 0.05, 0.3, 1, 3 }.Select(TailOf)];

        CollectionAssert.AreEqual(tails.OrderDescending().ToArray(), tails);
        Assert.IsTrue(tails[0] is > 0.42 and < 0.5, $"{tails[0]}");
        Assert.IsTrue(tails[3] is > 0.1 and < 0.15, $"{tails[3]}");
    }

    [TestMethod]
    public void Tail_OfOneLookNothingIsKnown_IsBonferronis()
    {
        Assert.AreEqual(0.25, SharedLooks.Tail([Changes(1), []]));
        Assert.AreEqual(0.25, SharedLooks.Tail([Changes(1), new double[Parts]]));
        Assert.AreEqual(0.5 / 3, SharedLooks.Tail([Changes(1), Changes(1), [.. Changes(1).Select(_ => double.NaN)]]));
    }

    private static double[] Changes(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Parts).Select(_ => NormalDistribution.Draw(random) / 1000)];
    }
}
