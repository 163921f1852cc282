using Microsoft.ML;
using Microsoft.ML.Data;

namespace PlatformContract.Tests.ML.Catalogs;

[TestClass]
public sealed class MulticlassEvaluationTests
{
    private const double Tolerance = 1e-6;
    private readonly MLContext ml = new(seed: 1);

    private sealed class Row
    {
        [KeyType(3)]
        public uint Label { get; set; }

        public float RealLabel { get; set; }

        [VectorType(3)]
        public float[] Score { get; set; } = [];

        [KeyType(3)]
        public uint PredictedLabel { get; set; }
    }

    private static Row Scored(int label, params float[] score) => new() { Label = (uint)label, RealLabel = label, Score = score };

    private IDataView Five() => ml.Data.LoadFromEnumerable(new[]
    {
        Scored(0, 0.7f, 0.2f, 0.1f), Scored(1, 0.5f, 0.3f, 0.2f), Scored(2, 0.1f, 0.1f, 0.8f), Scored(0, 0.2f, 0.5f, 0.3f), Scored(0, 0.6f, 0.3f, 0.1f),
    });

    [TestMethod]
    public void Accuracies_MicroOverRowsMacroOverClasses()
    {
        var metrics = ml.MulticlassClassification.Evaluate(Five());
        Assert.AreEqual(3 / 5d, metrics.MicroAccuracy, Tolerance);
        Assert.AreEqual(((2 / 3d) + 0 + 1) / 3, metrics.MacroAccuracy, Tolerance);
        Assert.AreEqual(0, metrics.TopKAccuracy);
        Assert.AreEqual(0, metrics.TopKPredictionCount);
        Assert.IsNull(metrics.TopKAccuracyForAllK);
    }

    [TestMethod]
    public void LogLoss_OverallAndPerClassAndReduction()
    {
        var metrics = ml.MulticlassClassification.Evaluate(Five());
        double logLoss = -(Math.Log(0.7) + Math.Log(0.3) + Math.Log(0.8) + Math.Log(0.2) + Math.Log(0.6)) / 5;
        double entropy = -((0.6 * Math.Log(0.6)) + (0.4 * Math.Log(0.2)));
        Assert.AreEqual(logLoss, metrics.LogLoss, Tolerance);
        Assert.AreEqual((entropy - logLoss) / entropy, metrics.LogLossReduction, Tolerance);
        Assert.AreEqual(-(Math.Log(0.7) + Math.Log(0.2) + Math.Log(0.6)) / 3, metrics.PerClassLogLoss[0], Tolerance);
        Assert.AreEqual(-Math.Log(0.3), metrics.PerClassLogLoss[1], Tolerance);
        Assert.AreEqual(-Math.Log(0.8), metrics.PerClassLogLoss[2], Tolerance);
    }

    [TestMethod]
    public void TopK_CountsTheRankOfTheTruth()
    {
        var metrics = ml.MulticlassClassification.Evaluate(Five(), topKPredictionCount: 3);
        Assert.AreEqual(3, metrics.TopKPredictionCount);
        Samples.AssertClose([3 / 5d, 4 / 5d, 1], metrics.TopKAccuracyForAllK.Select(value => (float)value));
        Assert.AreEqual(1, metrics.TopKAccuracy, Tolerance);
    }

    [TestMethod]
    public void ConfusionMatrix_RowsAreTheTruth()
    {
        var matrix = ml.MulticlassClassification.Evaluate(Five()).ConfusionMatrix;
        CollectionAssert.AreEqual(new[] { 2d, 1d, 0d }, matrix.Counts[0].ToArray());
        CollectionAssert.AreEqual(new[] { 1d, 0d, 0d }, matrix.Counts[1].ToArray());
        CollectionAssert.AreEqual(new[] { 0d, 0d, 1d }, matrix.Counts[2].ToArray());
        StringAssert.Contains(matrix.GetFormattedConfusionTable(), "PREDICTED ||     0 |     1 |     2 | Recall");
    }

    [TestMethod]
    public void RealLabels_WorkAndRowsWithoutUsableLabelAreLeftOut()
    {
        var rows = ml.Data.CreateEnumerable<Row>(Five(), reuseRowObject: false).ToList();
        foreach (float unusable in new[] { float.NaN, -1f, 0.5f })
        {
            var row = Scored(0, 1, 0, 0);
            row.RealLabel = unusable;
            rows.Add(row);
        }

        rows.Add(Scored(0, float.NaN, 0, 0));
        Assert.AreEqual(3 / 5d, ml.MulticlassClassification.Evaluate(ml.Data.LoadFromEnumerable(rows), "RealLabel").MicroAccuracy, Tolerance);
    }

    [TestMethod]
    public void LabelBeyondTheScores_CountsAsWrongWithTheLargestLoss()
    {
        var row = Scored(0, 0.9f, 0.05f, 0.05f);
        row.RealLabel = 7;
        var metrics = ml.MulticlassClassification.Evaluate(ml.Data.LoadFromEnumerable(new[] { row, Scored(0, 0.9f, 0.05f, 0.05f) }), "RealLabel");
        Assert.AreEqual(0.5, metrics.MicroAccuracy, Tolerance);
        Assert.AreEqual((-Math.Log(1e-15) - Math.Log(0.9)) / 2, metrics.LogLoss, 1e-4);
    }

    [TestMethod]
    public void WrongTypes_AreNamed()
    {
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.MulticlassClassification.Evaluate(Five(), "Label", "RealLabel")).Message,
            "Schema mismatch for score column 'RealLabel': expected vector of two or more items of type Single, got Single");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.MulticlassClassification.Evaluate(Five(), "Score")).Message,
            "Schema mismatch for label column 'Score': expected Single or Key");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.MulticlassClassification.Evaluate(Five(), "Nope")).Message,
            "Nope column 'Label' not found");
    }
}
