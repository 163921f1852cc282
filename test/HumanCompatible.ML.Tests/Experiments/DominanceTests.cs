using HumanCompatible.ML.Experiments;

namespace HumanCompatible.ML.Tests.Experiments;

/// <summary>Which outcomes are worth having.</summary>
[TestClass]
public sealed class DominanceTests
{
    [TestMethod]
    public void Front_DominatedAndUndefined_AreDropped()
    {
        double[][] costs = [[1, 3], [2, 2], [3, 1], [2, 3], [double.NaN, 0], [2, 2]];

        var front = Dominance.Front(costs, cost => cost);

        CollectionAssert.AreEqual(new[] { costs[0], costs[1], costs[2], costs[5] }, front.ToArray());
    }

    [TestMethod]
    public void Hypervolume_TwoSteps_IsAreaOfTheirUnion()
    {
        (double, double)[] curve = [(1, 3), (2, 1), (3, 2), (5, 0)];

        // [1, 4] x [3, 4] and [2, 4] x [1, 3]; the third is dominated, the last beyond the reference.
        Assert.AreEqual(3 + 4, Dominance.Hypervolume(curve, (4, 4)), 1e-12);
    }
}
