using Microsoft.ML;
using Microsoft.ML.Data;

namespace PlatformContract.Tests.ML.Catalogs;

[TestClass]
public sealed class BinaryEvaluationTests
{
    private const double Tolerance = 1e-6;
    private readonly MLContext ml = new(seed: 1);

    private sealed class Row
    {
        public bool Label { get; set; }

        public float Score { get; set; }

        public float Probability { get; set; }

        public bool PredictedLabel { get; set; }

        public float RealLabel { get; set; }

        [KeyType(2)]
        public uint KeyLabel { get; set; }

        public int IntegerLabel { get; set; }

        public double WideScore { get; set; }
    }

    private static Row Scored(bool label, float score, float probability) => new()
    {
        Label = label,
        Score = score,
        Probability = probability,
        PredictedLabel = !label,
        RealLabel = label ? 1 : -1,
        KeyLabel = label ? 1u : 0u,
        IntegerLabel = label ? 1 : 0,
    };

    /// <summary>Scores with a tie between the classes and a zero; the predicted labels are all wrong.</summary>
    private IDataView Six() => ml.Data.LoadFromEnumerable(new[]
    {
        Scored(true, 2, 0.8f), Scored(false, 1, 0.7f), Scored(true, 1, 0.7f), Scored(false, -1, 0.3f), Scored(true, -2, 0.1f), Scored(false, 0, 0.5f),
    });

    private static double LogLoss => -(Math.Log2(0.8) + Math.Log2(0.3) + Math.Log2(0.7) + Math.Log2(0.7) + Math.Log2(0.1) + Math.Log2(0.5)) / 6;

    [TestMethod]
    public void EvaluateNonCalibrated_UsesTheSignOfScoreAndNeverThePredictedLabel()
    {
        var metrics = ml.BinaryClassification.EvaluateNonCalibrated(Six());
        Assert.AreEqual(4 / 6d, metrics.Accuracy, Tolerance);
        Assert.AreEqual(2 / 3d, metrics.PositivePrecision, Tolerance);
        Assert.AreEqual(2 / 3d, metrics.PositiveRecall, Tolerance);
        Assert.AreEqual(2 / 3d, metrics.NegativePrecision, Tolerance);
        Assert.AreEqual(2 / 3d, metrics.NegativeRecall, Tolerance);
        Assert.AreEqual(2 / 3d, metrics.F1Score, Tolerance);
    }

    [TestMethod]
    public void Areas_TiesCountHalfAndPrecisionIsInterpolated()
    {
        var metrics = ml.BinaryClassification.EvaluateNonCalibrated(Six());
        Assert.AreEqual(5.5 / 9, metrics.AreaUnderRocCurve, Tolerance);
        Assert.AreEqual((1d / 3) + (7d / 36) + 0.15, metrics.AreaUnderPrecisionRecallCurve, Tolerance);
    }

    [TestMethod]
    public void Areas_AllScoresEqual_IsOneHalf()
    {
        var data = ml.Data.LoadFromEnumerable(new[] { Scored(true, 1, 0.5f), Scored(false, 1, 0.5f), Scored(false, 1, 0.5f) });
        Assert.AreEqual(0.5, ml.BinaryClassification.EvaluateNonCalibrated(data).AreaUnderRocCurve, Tolerance);
    }

    [TestMethod]
    public void Evaluate_LogLossIsInBits()
    {
        var metrics = ml.BinaryClassification.Evaluate(Six());
        Assert.AreEqual(LogLoss, metrics.LogLoss, Tolerance);
        Assert.AreEqual(1, metrics.Entropy, Tolerance);
        Assert.AreEqual(1 - LogLoss, metrics.LogLossReduction, Tolerance);
        Assert.AreEqual(5.5 / 9, metrics.AreaUnderRocCurve, Tolerance);
    }

    [TestMethod]
    public void Entropy_OfAnUnevenPrior()
    {
        var data = ml.Data.LoadFromEnumerable(new[] { Scored(true, 1, 0.5f), Scored(false, 1, 0.5f), Scored(false, -1, 0.5f), Scored(false, -1, 0.5f) });
        double entropy = -((0.25 * Math.Log2(0.25)) + (0.75 * Math.Log2(0.75)));
        var metrics = ml.BinaryClassification.Evaluate(data);
        Assert.AreEqual(entropy, metrics.Entropy, Tolerance);
        Assert.AreEqual((entropy - 1) / entropy, metrics.LogLossReduction, Tolerance);
    }

    [TestMethod]
    public void CertainlyWrongProbability_MakesTheLogLossInfinite()
    {
        var data = ml.Data.LoadFromEnumerable(new[] { Scored(true, 1, 0), Scored(false, -1, 0.5f) });
        Assert.IsTrue(double.IsPositiveInfinity(ml.BinaryClassification.Evaluate(data).LogLoss));
    }

    [TestMethod]
    public void ConfusionMatrix_RowsAreTheTruthPositiveFirst()
    {
        var matrix = ml.BinaryClassification.EvaluateNonCalibrated(Six()).ConfusionMatrix;
        Assert.AreEqual(2, matrix.NumberOfClasses);
        CollectionAssert.AreEqual(new[] { 2d, 1d }, matrix.Counts[0].ToArray());
        CollectionAssert.AreEqual(new[] { 1d, 2d }, matrix.Counts[1].ToArray());
        Assert.AreEqual(1, matrix.GetCountForClassPair(predictedClassIndicatorIndex: 1, actualClassIndicatorIndex: 0));
        Assert.AreEqual(2 / 3d, matrix.PerClassPrecision[0], Tolerance);
        Assert.AreEqual(2 / 3d, matrix.PerClassRecall[1], Tolerance);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => matrix.GetCountForClassPair(2, 0));
    }

    [TestMethod]
    public void ConfusionMatrix_AsText()
    {
        string text = ml.BinaryClassification.EvaluateNonCalibrated(Six()).ConfusionMatrix.GetFormattedConfusionTable().ReplaceLineEndings("\n");
        Assert.AreEqual(
            "TEST POSITIVE RATIO:\t0.5000 (3.0/(3.0+3.0))\n"
            + "Confusion table\n"
            + "          ||======================\n"
            + "PREDICTED || positive | negative | Recall\n"
            + "TRUTH     ||======================\n"
            + " positive ||        2 |        1 | 0.6667\n"
            + " negative ||        1 |        2 | 0.6667\n"
            + "          ||======================\n"
            + "Precision ||   0.6667 |   0.6667 |\n", text);
    }

    [TestMethod]
    [DataRow("RealLabel")]
    [DataRow("KeyLabel")]
    public void Label_MayBeARealNumberOrAKeyOfTwo(string label) =>
        Assert.AreEqual(5.5 / 9, ml.BinaryClassification.EvaluateNonCalibrated(Six(), label).AreaUnderRocCurve, Tolerance);

    [TestMethod]
    public void RowsWithoutFiniteScoreOrLabel_AreLeftOut()
    {
        var rows = ml.Data.CreateEnumerable<Row>(Six(), reuseRowObject: false).ToList();
        rows.Add(Scored(true, float.NaN, 0.9f));
        rows.Add(Scored(true, float.PositiveInfinity, 0.9f));
        var missing = Scored(true, 3, 0.9f);
        missing.RealLabel = float.NaN;
        rows.Add(missing);
        Assert.AreEqual(5.5 / 9, ml.BinaryClassification.Evaluate(ml.Data.LoadFromEnumerable(rows), "RealLabel").AreaUnderRocCurve, Tolerance);
    }

    [TestMethod]
    public void MissingColumns_AreNamed()
    {
        var withoutProbability = ml.Transforms.DropColumns("Probability").Fit(Six()).Transform(Six());
        Assert.IsNotNull(ml.BinaryClassification.EvaluateNonCalibrated(withoutProbability).ConfusionMatrix);
        AssertSchemaError("Probability column 'Probability' not found", () => ml.BinaryClassification.Evaluate(withoutProbability));
        AssertSchemaError("Nope column 'Label' not found", () => ml.BinaryClassification.Evaluate(Six(), "Nope"));
        AssertSchemaError("Nope column 'Score' not found", () => ml.BinaryClassification.Evaluate(Six(), "Label", "Nope"));
        var withoutPrediction = ml.Transforms.DropColumns("PredictedLabel").Fit(Six()).Transform(Six());
        AssertSchemaError("PredictedLabel column 'PredictedLabel' not found", () => ml.BinaryClassification.EvaluateNonCalibrated(withoutPrediction));
    }

    [TestMethod]
    public void WrongTypes_AreNamed()
    {
        AssertSchemaError("Schema mismatch for label column 'IntegerLabel': expected Single, Double, Boolean, or a Key with cardinality 2, got Int32",
            () => ml.BinaryClassification.EvaluateNonCalibrated(Six(), "IntegerLabel"));
        AssertSchemaError("Schema mismatch for score column 'WideScore': expected Single, got Double",
            () => ml.BinaryClassification.EvaluateNonCalibrated(Six(), "Label", "WideScore"));
        AssertSchemaError("Schema mismatch for probability column 'WideScore': expected Single, got Double",
            () => ml.BinaryClassification.Evaluate(Six(), "Label", "Score", "WideScore"));
    }

    [TestMethod]
    public void OneClassOnly_HasNoAreaUnderTheCurve()
    {
        var positives = ml.Data.LoadFromEnumerable(new[] { Scored(true, 1, 0.5f) });
        AssertSchemaError("AUC is not defined when there is no negative class in the data", () => ml.BinaryClassification.EvaluateNonCalibrated(positives));
        var negatives = ml.Data.LoadFromEnumerable(new[] { Scored(false, 1, 0.5f) });
        AssertSchemaError("AUC is not defined when there is no positive class in the data", () => ml.BinaryClassification.Evaluate(negatives));
    }

    private static void AssertSchemaError(string message, Func<object> evaluate) =>
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => evaluate()).Message, message);
}
