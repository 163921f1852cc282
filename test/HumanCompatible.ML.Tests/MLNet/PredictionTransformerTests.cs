using System.Reflection;
using HumanCompatible.ML.Tests.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using LogisticModel = Microsoft.ML.Calibrators.CalibratedModelParametersBase<
    Microsoft.ML.Trainers.LinearBinaryModelParameters, Microsoft.ML.Calibrators.PlattCalibrator>;

namespace HumanCompatible.ML.Tests.MLNet;

/// <summary>What ML.NET's own transformer of a binary classifier does with the model inside it, and what its metrics look at.</summary>
[TestClass]
public sealed class PredictionTransformerTests
{
    private static readonly MLContext ML = new(1);
    private static readonly IDataView Data = Census.View(ML, 200);
    private static readonly LbfgsLogisticRegressionBinaryTrainer Trainer = ML.BinaryClassification.Trainers.LbfgsLogisticRegression();
    private static readonly BinaryPredictionTransformer<LogisticModel> Trained = Trainer.Fit(Data);

    [TestMethod]
    public void Constructor_AroundAModel_ScoresAsTheTrainersTransformerDoes()
    {
        var made = Make(0, "Score");

        Assert.AreEqual("Features", made.FeatureColumnName);
        CollectionAssert.AreEqual(Scored.Of(Trained.Transform(Data)), Scored.Of(made.Transform(Data)));
    }

    [TestMethod]
    public void Constructor_Threshold_IsWhatTheNamedColumnIsComparedWith()
    {
        var rows = Scored.Of(Make(0.8f, "Probability").Transform(Data));

        foreach (var row in rows)
            Assert.AreEqual(row.Probability > 0.8f, row.PredictedLabel);
        Assert.IsTrue(rows.Any(row => row.PredictedLabel) && rows.Any(row => !row.PredictedLabel && row.Score > 0));
    }

    [TestMethod]
    public void ChangeModelThreshold_SharesTheModel()
    {
        var strict = ML.BinaryClassification.ChangeModelThreshold(Trained, 1000f);

        Assert.AreSame(Trained.Model, strict.Model);
        Assert.IsFalse(Scored.Of(strict.Transform(Data)).Any(row => row.PredictedLabel));
    }

    [TestMethod]
    public void PredictionEngine_Disposed_LeavesAModelThatIsNotDisposableUsable()
    {
        var person = Census.People(1)[0];
        using (var first = ML.Model.CreatePredictionEngine<Person, Scored>(Trained))
            first.Predict(person);

        using var second = ML.Model.CreatePredictionEngine<Person, Scored>(Trained);

        Assert.AreEqual(Scored.Of(Trained.Transform(Data))[0], second.Predict(person));
    }

    [TestMethod]
    public void PromiseAndSchema_OfABinaryClassifier_AreTheseColumnsWithTheseAnnotations()
    {
        var shape = Schemas.Shape(Data.Schema);

        var promised = Schemas.Describe(Trainer.GetOutputSchema(shape)).Except(Schemas.Describe(shape)).ToArray();
        var given = Schemas.Describe(Schemas.Shape(Trained.GetOutputSchema(Data.Schema))).Except(Schemas.Describe(shape)).ToArray();

        const string Set = "ScoreColumnKind: Scalar String []; ScoreColumnSetId: Scalar UInt32 key []; ScoreValueKind: Scalar String []";
        CollectionAssert.AreEqual(
            new[]
            {
                $"PredictedLabel: Scalar Boolean [{Set}]",
                $"Probability: Scalar Single [IsNormalized: Scalar Boolean []; {Set}]",
                $"Score: Scalar Single [{Set}]",
            },
            promised);
        CollectionAssert.AreEqual(promised, given);
    }

    [TestMethod]
    public void Evaluate_TakesTheSignOfScoreForThePrediction_NotPredictedLabel()
    {
        bool[] labels = [true, false, true, false];
        var rows = labels.Select(label => new Judged { Label = label, PredictedLabel = !label, Score = label ? 1 : -1 });

        Assert.AreEqual(1, ML.BinaryClassification.EvaluateNonCalibrated(ML.Data.LoadFromEnumerable(rows)).Accuracy);
    }

    private static BinaryPredictionTransformer<LogisticModel> Make(float threshold, string column)
    {
        var constructor = typeof(BinaryPredictionTransformer<LogisticModel>).GetConstructor(
            BindingFlags.Instance | BindingFlags.NonPublic,
            [typeof(IHostEnvironment), typeof(LogisticModel), typeof(DataViewSchema), typeof(string), typeof(float), typeof(string)])!;
        object[] arguments = [ML, Trained.Model, Data.Schema, "Features", threshold, column];
        return (BinaryPredictionTransformer<LogisticModel>)constructor.Invoke(arguments);
    }

    private sealed class Judged
    {
        public bool Label { get; set; }

        public bool PredictedLabel { get; set; }

        public float Score { get; set; }
    }
}
