using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Reporting;
using HumanCompatible.ML.Reporting.Charts;
using HumanCompatible.ML.Tests.Auditing;

namespace HumanCompatible.ML.Tests.Reporting;

[TestClass]
public sealed class ScoreCurveTests
{
    private static readonly ScoreCurve Curve = Of(
    [
        (0.9f, true), (0.8f, true), (0.7f, false), (0.6f, true), (0.6f, false), (0.3f, false), (0.05f, false),
    ]);

    private static ScoreCurve Of((float Score, bool Label)[] rows)
    {
        var labels = Array.ConvertAll(rows, row => row.Label);
        return new ScoreCurve(ListAudit.Of(labels, labels, [new GroupColumn("G", new int[rows.Length], ["a"])],
            Array.ConvertAll(rows, row => row.Score)).Overall, isOfProbabilities: true);
    }

    [TestMethod]
    public void Roc_OneClass_IsEmpty() => Assert.IsEmpty(Of([(0.5f, true), (0.7f, true)]).Roc());

    [TestMethod]
    public void Roc_Scores_HasAPointForEachScore()
        => CollectionAssert.AreEqual(
            new LinePoint[] { new(0, 0), new(0, 1 / 3.0), new(0, 2 / 3.0), new(0.25, 2 / 3.0), new(0.5, 1), new(0.75, 1), new(1, 1) },
            Curve.Roc().ToList());

    [TestMethod]
    public void Roc_ManyRows_IsThinnedFromCornerToCorner()
    {
        var random = new Random(1);
        var curve = Of([.. Enumerable.Range(0, 20000).Select(_ => random.NextDouble())
            .Select(score => ((float)score, random.NextDouble() < score))]);

        var roc = curve.Roc();

        Assert.IsLessThan(130, roc.Count);
        Assert.AreEqual(new LinePoint(0, 0), roc[0]);
        Assert.AreEqual(new LinePoint(1, 1), roc[^1]);
        Assert.AreEqual(curve.Group[AuditStatistic.AreaUnderRocCurve],
            roc.Zip(roc.Skip(1), (from, to) => (to.X - from.X) * (to.Y + from.Y) / 2).Sum(), 2e-3);
    }

    [TestMethod]
    [DataRow(0.59, 5 / 7.0, 1.0, 0.5, 5 / 7.0)]
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
    public void At_OneClass_IsRightWhereItIsPredicted()
    {
        var (selection, truePositive, falsePositive, accuracy) = Of([(0.5f, true), (0.7f, true)]).At(0.6);

        Assert.AreEqual((0.5, 0.5, double.NaN, 0.5), (selection, truePositive, falsePositive, accuracy));
    }
}
