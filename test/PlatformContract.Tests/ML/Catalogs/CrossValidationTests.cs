using Microsoft.ML;
using Microsoft.ML.Data;

namespace PlatformContract.Tests.ML.Catalogs;

[TestClass]
public sealed class CrossValidationTests
{
    private readonly MLContext ml = new(seed: 1);

    private sealed class Row
    {
        public bool Label { get; set; }

        public float Logit { get; set; }

        public float Chance { get; set; }

        public float Real { get; set; }

        [KeyType(2)]
        public uint Class { get; set; }

        [VectorType(2)]
        public float[] Chances { get; set; } = [];
    }

    private IDataView Rows() => ml.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(i =>
    {
        float chance = ((i * 37) % 59 + 1) / 61f;
        bool label = (i * 11) % 7 < 3;
        return new Row
        {
            Label = label,
            Logit = MathF.Log(chance / (1 - chance)),
            Chance = chance,
            Real = i,
            Class = label ? 1u : 0u,
            Chances = [1 - chance, chance],
        };
    }));

    [TestMethod]
    public void Binary_MetricsOfEachFoldAreThoseOfItsHeldOutRows()
    {
        var pipeline = ml.Transforms.CopyColumns("Score", "Logit").Append(ml.Transforms.CopyColumns("Probability", "Chance"))
            .Append(ml.Transforms.CopyColumns("PredictedLabel", "Label"));
        var results = ml.BinaryClassification.CrossValidate(Rows(), pipeline, numberOfFolds: 3, seed: 2);

        Assert.HasCount(3, results);
        CollectionAssert.AreEqual(new[] { 0, 1, 2 }, results.Select(result => result.Fold).ToArray());
        var folds = ml.Data.CrossValidationSplit(Rows(), 3, seed: 2);
        foreach (var (result, fold) in results.Zip(folds))
        {
            CollectionAssert.AreEqual(Observed.Floats(fold.TestSet, "Real"), Observed.Floats(result.ScoredHoldOutSet, "Real"));
            Assert.AreEqual(ml.BinaryClassification.Evaluate(result.ScoredHoldOutSet).LogLoss, result.Metrics.LogLoss);
            Assert.IsTrue(result.Metrics.Accuracy is > 0 and < 1);
        }

        var uncalibrated = ml.BinaryClassification.CrossValidateNonCalibrated(Rows(), pipeline, numberOfFolds: 3, seed: 2);
        Assert.AreEqual(results[1].Metrics.AreaUnderRocCurve, uncalibrated[1].Metrics.AreaUnderRocCurve);
    }

    [TestMethod]
    public void Regression_ModelsAreFittedOnTheOtherFolds()
    {
        var pipeline = ml.Transforms.NormalizeMinMax("Score", "Real", fixZero: false).Append(ml.Transforms.CopyColumns("Label", "Real"));
        var results = ml.Regression.CrossValidate(Rows(), pipeline, numberOfFolds: 4, seed: 2);
        var folds = ml.Data.CrossValidationSplit(Rows(), 4, seed: 2);
        for (int i = 0; i < 4; i++)
        {
            float largest = Observed.Floats(folds[i].TrainSet, "Real").Max();
            var probe = results[i].Model.Transform(Rows());
            Assert.AreEqual(1f, Observed.Floats(probe, "Score")[(int)largest], 1e-6f);
            Assert.IsTrue(results[i].Metrics.MeanAbsoluteError > 10);
        }
    }

    [TestMethod]
    public void Multiclass_SamplingKeyIsRespected()
    {
        var pipeline = ml.Transforms.CopyColumns("Score", "Chances").Append(ml.Transforms.CopyColumns("PredictedLabel", "Class"));
        var results = ml.MulticlassClassification.CrossValidate(Rows(), pipeline, numberOfFolds: 2, labelColumnName: "Class", samplingKeyColumnName: "Class");
        Assert.HasCount(2, results);
        foreach (var result in results)
        {
            Assert.HasCount(1, Observed.Keys(result.ScoredHoldOutSet, "Class").Distinct().ToArray());
        }
    }

    [TestMethod]
    public void BadArguments_AreNamed()
    {
        var pipeline = ml.Transforms.CopyColumns("Score", "Logit");
        Assert.AreEqual("numFolds", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Regression.CrossValidate(Rows(), pipeline, 1)).ParamName);
    }
}
