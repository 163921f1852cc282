using HumanCompatible.ML.Samples.Csv;

namespace HumanCompatible.ML.Tests.Samples;

[TestClass]
public sealed class RocAreaTests
{
    [TestMethod]
    public void Of_ScoresWithTies_CountsPairs()
    {
        // Pairs: (3, 1) and (3, 2) won, (2, 1) won, (2, 2) half.
        var area = RocArea.Of([(1, false, 1), (2, true, 1), (2, false, 1), (3, true, 1)]);

        Assert.AreEqual(3.5 / 4, area, 1e-12);
    }

    [TestMethod]
    public void Of_Weights_CountRowsThatOften()
    {
        var weighted = RocArea.Of([(1, true, 1), (2, false, 3), (3, true, 2), (0, false, 0)]);
        var repeated = RocArea.Of([(1, true, 1), (2, false, 1), (2, false, 1), (2, false, 1), (3, true, 1), (3, true, 1)]);

        Assert.AreEqual(2.0 / 3, weighted, 1e-12);
        Assert.AreEqual(repeated, weighted, 1e-12);
    }

    [TestMethod]
    public void Of_OneLabel_IsUndefined() => Assert.IsTrue(double.IsNaN(RocArea.Of([(1, true, 1), (2, true, 1)])));
}
