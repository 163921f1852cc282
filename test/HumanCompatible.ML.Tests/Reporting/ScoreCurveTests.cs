using HumanCompatible.ML.Reporting;
using HumanCompatible.ML.Reporting.Charts;

namespace HumanCompatible.ML.Tests.Reporting;

[TestClass]
public sealed class ScoreCurveTests
{
    private static readonly ScoreCurve Curve = new("all",
    [
        (0.9f, true, 1), (0.8f, true, 1), (0.7f, false, 1), (0.6f, true, 1), (0.6f, false, 1), (0.3f, false, 1), (0.05f, false, 1),
    ], 0.95);

    [TestMethod]
    public void Auc_Ties_CountHalf() => Assert.AreEqual((4 + 4 + 2 + 0.5) / 12, Curve.Auc, 1e-12);

    [TestMethod]
    public void Auc_Weights_CountPairsByTheirProduct()
    {
        var curve = new ScoreCurve("all", [(2, true, 3), (1, false, 2), (-1, true, 1), (-2, false, 5)], 0.95);

        Assert.AreEqual((3 * 2 + 3 * 5 + 1 * 5) / (4.0 * 7), curve.Auc, 1e-12);
    }

    [TestMethod]
    public void Auc_OneClass_IsNotDefined()
    {
        var curve = new ScoreCurve("all", [(1, true, 1), (2, true, 1)], 0.95);

        Assert.AreEqual(double.NaN, curve.Auc);
        Assert.IsEmpty(curve.Roc());
    }

    [TestMethod]
    public void Roc_Scores_HasAPointForEachScore()
        => CollectionAssert.AreEqual(
            new LinePoint[] { new(0, 0), new(0, 1 / 3.0), new(0, 2 / 3.0), new(0.25, 2 / 3.0), new(0.5, 1), new(0.75, 1), new(1, 1) },
            Curve.Roc().ToList());

    [TestMethod]
    public void Roc_ManyRows_IsThinnedFromCornerToCorner()
    {
        var random = new Random(1);
        var curve = new ScoreCurve("all", Enumerable.Range(0, 20000).Select(_ => random.NextDouble())
            .Select(score => ((float)score, random.NextDouble() < score, 1.0)), 0.95);

        var roc = curve.Roc();

        Assert.IsLessThan(130, roc.Count);
        Assert.AreEqual(new LinePoint(0, 0), roc[0]);
        Assert.AreEqual(new LinePoint(1, 1), roc[^1]);
        Assert.AreEqual(curve.Auc, roc.Zip(roc.Skip(1), (from, to) => (to.X - from.X) * (to.Y + from.Y) / 2).Sum(), 2e-3);
    }

    [TestMethod]
    [DataRow(0.6, 5 / 7.0, 1.0, 0.5, 5 / 7.0)]
    [DataRow(0.61, 3 / 7.0, 2 / 3.0, 0.25, 5 / 7.0)]
    [DataRow(0.0, 1.0, 1.0, 1.0, 3 / 7.0)]
    [DataRow(1.0, 0.0, 0.0, 0.0, 4 / 7.0)]
    public void At_AThreshold_CountsScoresFromIt(double threshold, double selection, double truePositive, double falsePositive,
        double accuracy)
    {
        var at = Curve.At(threshold);

        Assert.AreEqual(selection, at.Selection, 1e-12);
        Assert.AreEqual(truePositive, at.TruePositive, 1e-12);
        Assert.AreEqual(falsePositive, at.FalsePositive, 1e-12);
        Assert.AreEqual(accuracy, at.Accuracy, 1e-12);
    }

    [TestMethod]
    public void Calibration_Tenths_HavePredictedAndObserved()
    {
        var curve = new ScoreCurve("all", [(0.5f, true, 1), (0.52f, false, 3), (1, true, 1)], 0.95);

        Assert.HasCount(2, curve.Calibration);
        Assert.AreEqual(0.515, curve.Calibration[0].Predicted, 1e-6);
        Assert.AreEqual(0.25, curve.Calibration[0].Observed, 1e-12);
        Assert.AreEqual(2, curve.Calibration[0].Rows);
        Assert.AreEqual(1, curve.Calibration[1].Observed);
        Assert.IsTrue(curve.Calibration[0].Interval.Lower < 0.25 && curve.Calibration[0].Interval.Upper > 0.25);
    }
}
