using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>What the trainers of several classes and of numbers learn, and how they go on from a model.</summary>
[TestClass]
public sealed class TaskTrainerTests
{
    private static readonly MLContext ML = new(1);
    private static readonly IDataView Data = Worker.View(ML, 1500);

    [TestMethod]
    public void Multiclass_LearnsAsWellAsMLNet()
    {
        var test = Worker.View(ML, 1500, seed: 2);
        var normalized = ML.Transforms.NormalizeMeanVariance("Features").Fit(Data);
        var (train, unseen) = (normalized.Transform(Data), normalized.Transform(test));

        var own = ML.MulticlassClassification.Evaluate(Classifier(20).Fit(train).Transform(unseen));
        var theirs = ML.MulticlassClassification.Evaluate(
            ML.MulticlassClassification.Trainers.LbfgsMaximumEntropy().Fit(train).Transform(unseen));

        Assert.IsGreaterThan(theirs.MicroAccuracy - 0.03, own.MicroAccuracy);
        Assert.IsGreaterThan(0.6, own.MicroAccuracy);
        Assert.IsLessThan(theirs.LogLoss + 0.05, own.LogLoss);
    }

    [TestMethod]
    public void Regression_LearnsAsWellAsMLNet()
    {
        var test = Worker.View(ML, 1500, seed: 2);
        var normalized = ML.Transforms.NormalizeMeanVariance("Features").Fit(Data);
        var (train, unseen) = (normalized.Transform(Data), normalized.Transform(test));

        var own = ML.Regression.Evaluate(Regression(20).Fit(train).Transform(unseen), "Wage");
        var theirs = ML.Regression.Evaluate(ML.Regression.Trainers.Sdca("Wage").Fit(train).Transform(unseen), "Wage");

        Assert.IsLessThan(1.05 * theirs.RootMeanSquaredError, own.RootMeanSquaredError);
        Assert.IsGreaterThan(0.8, own.RSquared);
    }

    [TestMethod]
    public void Multiclass_UnderParity_KeepsTheBoundThatItMissesWithout()
    {
        var parity = Fairness.DemographicParity("Sex", 0.1);

        var data = Worker.View(ML, 6000);
        var free = ScoredRow.ValueOf(parity, ScoredRow.Of(Classifier(20).Fit(data).Transform(data), null));
        var model = Classifier(20, parity).Fit(data);

        Assert.IsGreaterThan(0.2, free);
        Assert.IsLessThan(0.1, ScoredRow.ValueOf(parity, ScoredRow.Of(model.Transform(data), null)));
        var told = model.Model.Summary.Constraints[0];
        Assert.AreEqual(HumanCompatible.ML.Confidence.Verdict.Kept, told.Verdict, told.ToString());
        Assert.HasCount(6, model.Model.Duals);
        Assert.IsGreaterThan(0.5, model.Model.Summary.ValidationAccuracy);
    }

    [TestMethod]
    public void Regression_UnderParity_KeepsTheBoundThatItMissesWithout()
    {
        var parity = Fairness.MeanParity("Sex", 3_000);

        var free = ScoredRow.ValueOf(parity, ScoredRow.Of(Regression(20).Fit(Data).Transform(Data), null));
        var model = Regression(20, parity).Fit(Data);

        Assert.IsGreaterThan(5_000, free);
        Assert.IsLessThan(3_000, ScoredRow.ValueOf(parity, ScoredRow.Of(model.Transform(Data), null)));
        Assert.AreEqual(HumanCompatible.ML.Confidence.Verdict.Kept, model.Model.Summary.Constraints[0].Verdict);
        StringAssert.Contains(model.Model.Summary.ToString(), "R squared 0.");
        StringAssert.Contains(model.Model.Summary.ToString(), "predicting the mean 0.0000");
    }

    [TestMethod]
    public void Regression_InAnotherUnit_IsTheSameInThatUnit()
    {
        FairnessConstraint[] Constraints(double unit) => [Fairness.MeanParity("Sex", 3_000 * unit),
            Fairness.LossParity("Region", 5_000_000 * unit * unit)];
        var model = Regression(3, Constraints(1)).Fit(Data);
        var inMillions = ML.Transforms.CustomMapping<Worker, Worker>((source, target) =>
            (target.Wage, target.Features, target.Sex, target.Region)
                = (source.Wage / 1024, source.Features, source.Sex, source.Region), null)
            .Fit(Data).Transform(Data);

        var other = Regression(3, Constraints(1 / 1024.0)).Fit(inMillions);

        // A power of two, so that nothing is rounded otherwise.
        foreach (var (first, second) in Scores(model, Data).Zip(Scores(other, inMillions)))
            Assert.AreEqual(first, second * 1024, 1e-3 * Math.Abs(first));
        foreach (var (first, second) in model.Model.Duals.Zip(other.Model.Duals))
            Assert.AreEqual(first.Value, second.Value, 1e-4);
        var (own, theirs) = (model.Model.Summary, other.Model.Summary);
        Assert.AreEqual(own.ValidationAccuracy, theirs.ValidationAccuracy, 1e-4);
        Assert.AreEqual(own.Constraints[0].Interval.Upper, theirs.Constraints[0].Interval.Upper * 1024, 10);
        Assert.AreEqual(own.Constraints[1].Value, theirs.Constraints[1].Value * 1024 * 1024, 1e-3 * own.Constraints[1].Value);
    }

    [TestMethod]
    public void Fit_GoingOnWithTheState_IsOneLongerTraining()
    {
        var parity = Fairness.DemographicParity("Sex", 0.1);
        var classes = Classifier(2, parity).Fit(Data, Classifier(2, parity).Fit(Data).Model);
        var numbers = Regression(2, Fairness.MeanParity("Sex", 3_000));

        CollectionAssert.AreEqual(ScoredText.Of(Classifier(4, parity).Fit(Data).Transform(Data)),
            ScoredText.Of(classes.Transform(Data)));
        CollectionAssert.AreEqual(Scores(Regression(4, Fairness.MeanParity("Sex", 3_000)).Fit(Data), Data),
            Scores(numbers.Fit(Data, numbers.Fit(Data).Model), Data));
    }

    [TestMethod]
    public void Fit_GoingOnWithOtherClasses_IsRefused()
    {
        var model = Classifier(1).Fit(Data).Model;
        var other = ML.Transforms.Conversion.MapValueToKey("Label", "Region").Fit(Data).Transform(Data);

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Classifier(1).Fit(other, model));
        var validation = Assert.ThrowsExactly<InvalidOperationException>(() => Classifier(1).Fit(Data, other));

        StringAssert.Contains(error.Message,
            "but the model to go on from [low, mid, high]: keys must have the same values in the same order");
        StringAssert.Contains(validation.Message, "but the training data [low, mid, high]");
    }

    [TestMethod]
    public void CrossValidate_OfMLNet_TakesBothTrainers()
    {
        var classes = ML.MulticlassClassification.CrossValidate(Data, Classifier(5, Fairness.DemographicParity("Sex", 0.1)), 3);
        var numbers = ML.Regression.CrossValidate(Data, Regression(5, Fairness.MeanParity("Sex", 3_000)), 3, "Wage");

        Assert.HasCount(3, classes.Select(fold => fold.Metrics.MicroAccuracy).Where(accuracy => accuracy > 0.45).ToArray());
        Assert.HasCount(3, numbers.Select(fold => fold.Metrics.RSquared).Where(value => value > 0.3).ToArray());
    }

    [TestMethod]
    public void Catalogs_OfMLNet_HaveTheTrainersToo()
    {
        var (first, second) = (new MLContext(7), new MLContext(7));
        var classes = new ConstrainedMulticlassClassificationTrainer.Options { NumberOfEpochs = 1, BatchSize = 100 };
        var numbers = new ConstrainedRegressionTrainer.Options { LabelColumnName = "Wage", NumberOfEpochs = 1, BatchSize = 100 };

        CollectionAssert.AreEqual(
            ScoredText.Of(first.Constrained().Trainers.MulticlassClassification(classes).Fit(Data).Transform(Data)),
            ScoredText.Of(second.MulticlassClassification.Trainers.Constrained(numberOfEpochs: 1, batchSize: 100).Fit(Data)
                .Transform(Data)));
        CollectionAssert.AreEqual(Scores(first.Constrained().Trainers.Regression(numbers).Fit(Data), Data),
            Scores(second.Regression.Trainers.Constrained("Wage", numberOfEpochs: 1, batchSize: 100).Fit(Data), Data));
    }

    [TestMethod]
    public void PredictionEngine_ScoresWithoutTorch_NaNWhereAFeatureIs()
    {
        var engine = ML.Model.CreatePredictionEngine<Worker, Level>(Classifier(2).Fit(Data));
        var number = ML.Model.CreatePredictionEngine<Worker, Wage>(Regression(2).Fit(Data));

        Assert.AreEqual(1, engine.Predict(new Worker { Features = [1, 40, 30, 0, 1] }).Score.Sum(), 1e-5);
        Assert.IsTrue(engine.Predict(new Worker { Features = [1, float.NaN, 30, 0, 1] }).Score.All(float.IsNaN));
        Assert.IsTrue(float.IsFinite(number.Predict(new Worker { Features = [1, 40, 30, 0, 1] }).Score));
        Assert.IsTrue(float.IsNaN(number.Predict(new Worker { Features = [1, float.NaN, 30, 0, 1] }).Score));
    }

    private static ConstrainedMulticlassClassificationTrainer Classifier(int epochs, params FairnessConstraint[] constraints)
    {
        var options = Worker.Small(new ConstrainedMulticlassClassificationTrainer.Options());
        (options.NumberOfEpochs, options.Constraints, options.KeepTrainingState) = (epochs, constraints, true);
        return ML.Constrained().Trainers.MulticlassClassification(options);
    }

    private static ConstrainedRegressionTrainer Regression(int epochs, params FairnessConstraint[] constraints)
    {
        var options = Worker.Small(new ConstrainedRegressionTrainer.Options { LabelColumnName = "Wage" });
        (options.NumberOfEpochs, options.Constraints, options.KeepTrainingState) = (epochs, constraints, true);
        return ML.Constrained().Trainers.Regression(options);
    }

    private static float[] Scores(RegressionPredictionTransformer<ConstrainedRegressionModelParameters> model, IDataView data)
        => [.. model.Transform(data).GetColumn<float>("Score")];

    private sealed class Level
    {
        public float[] Score { get; set; } = [];
    }

    private sealed class Wage
    {
        public float Score { get; set; }
    }
}
