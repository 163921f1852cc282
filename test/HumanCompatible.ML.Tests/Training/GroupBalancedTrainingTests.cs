using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Tests.Persistence;
using HumanCompatible.ML.Tests.Trainers;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Training;

/// <summary>Training on batches that are balanced by group.</summary>
[TestClass]
public sealed class GroupBalancedTrainingTests
{
    [TestMethod]
    public void Fit_FromAModelWithState_IsOneLongerTraining()
    {
        var context = new MLContext(1);
        var data = Census.View(context, 1500);
        var whole = Fit(context, data, options => options.NumberOfEpochs = 5);
        var half = Fit(context, data, options => options.NumberOfEpochs = 2);

        var from = ModelRoundTripTests.Unwrap(ModelArchive.Save(context, half, data.Schema).Load()).Model;
        var continued = Trainer(context, options => options.NumberOfEpochs = 3).Fit(data, from);

        CollectionAssert.AreEqual(whole.Model.History.Select(epoch => epoch.ValidationLoss).ToArray(),
            continued.Model.History.Select(epoch => epoch.ValidationLoss).ToArray());
        CollectionAssert.AreEqual(whole.Transform(data).GetColumn<float>("Score").ToArray(),
            continued.Transform(data).GetColumn<float>("Score").ToArray());
    }

    [TestMethod]
    public void Fit_Balanced_LearnsAsWellAndKeepsTheBound()
    {
        var context = new MLContext(1);
        var data = Census.View(context, 4000);
        static void Longer(ConstrainedBinaryClassificationTrainer.Options options) => options.NumberOfEpochs = 10;
        var shuffled = Fit(context, data, options => (options.NumberOfEpochs, options.Groups.Sampling) = (10, BatchSampling.Shuffled));

        var balanced = Fit(context, data, Longer);

        Assert.AreNotEqual(shuffled.Model.History[0].ValidationLoss, balanced.Model.History[0].ValidationLoss);
        Assert.AreEqual(shuffled.Model.Summary.ValidationAccuracy, balanced.Model.Summary.ValidationAccuracy, 0.03);
        Assert.AreEqual(Verdict.Kept, balanced.Model.Summary.Verdict, balanced.Model.Summary.ToString());
    }

    [TestMethod]
    public void Fit_BalancedWithoutConstraint_EstimatesTheLossOfAllRows()
    {
        // Next to no learning: the loss of the epoch's batches is that of the initial network on all training rows, which also choose the
        // epoch.
        var context = new MLContext(1);
        var data = Census.View(context, 4000);

        var model = Fit(context, data, options
            => (options.LearningRate, options.ValidationFraction, options.NumberOfEpochs, options.DualOptimizer.WarmUpEpochs) =
            (1e-12, 0, 1, 1));

        Assert.AreEqual(model.Model.History[0].ValidationLoss, model.Model.History[0].TrainingLoss, 0.01);
    }

    [TestMethod]
    public void Fit_BalancedWithExampleWeights_MultipliesBoth()
    {
        var context = new MLContext(1);
        var data = Census.View(context, 4000);

        var model = Fit(context, data, options =>
        {
            (options.LearningRate, options.ValidationFraction, options.NumberOfEpochs, options.DualOptimizer.WarmUpEpochs) =
                (1e-12, 0, 1, 1);
            options.ExampleWeightColumnName = "Weight";
        });

        Assert.AreEqual(model.Model.History[0].ValidationLoss, model.Model.History[0].TrainingLoss, 0.01);
    }

    [TestMethod]
    public void Fit_TwelveCellsAndSeveralConstraints_BoundsThemAll()
    {
        var context = new MLContext(1);
        var data = Census.View(context, 6000);
        foreach (var sampling in Enum.GetValues<BatchSampling>())
        {
            var options = Census.Options(
                Fairness.DemographicParity(["Region", "Sex", "Veteran"], 0.15), Fairness.EqualizedOdds("Sex", 0.15),
                    Fairness.EqualOpportunity(["Household", "District"], 0.15));
            (options.Groups.Sampling, options.NumberOfEpochs, options.Groups.MinimumSize, options.BatchSize) = (sampling, 12, 30, 512);

            var model = context.Constrained().Trainers.BinaryClassification(options).Fit(data);

            Assert.HasCount(12 * 11,
                model.Model.Duals.Where(dual => dual.Constraint == "DemographicParity(Region, Sex, Veteran)").ToList());
            var free = context.Constrained().Trainers.BinaryClassification(Census.Options()).Fit(data);
            Assert.IsGreaterThan(0.3, Difference(context, free, data), "Without constraint the cells are far apart.");
            Assert.IsLessThan(0.2, Difference(context, model, data), $"{sampling}: {model.Model.Summary}");
            Assert.IsTrue(model.Model.Summary.Constraints.All(constraint => constraint.Violation < 0.05),
                $"{sampling}: {model.Model.Summary}");
            Assert.IsGreaterThan(0.65, model.Model.Summary.ValidationAccuracy);
        }
    }

    [TestMethod]
    public void Fit_Balanced_LeavesTorchAsItWas()
    {
        var context = new MLContext(1);
        var data = Census.View(context, 600);
        var before = TorchState.Read();

        Fit(context, data, _ => { }).Dispose();

        before.AssertUnchanged();
    }

    private static double Difference(MLContext context, ITransformer model, IDataView data)
        => context.Constrained().Audit.BinaryClassification(model.Transform(data),
            ["Region", "Sex", "Veteran"]).Intersection.DemographicParityDifference;

    private static BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Fit(MLContext context, IDataView data,
        Action<ConstrainedBinaryClassificationTrainer.Options> change) => Trainer(context, change).Fit(data);

    private static ConstrainedBinaryClassificationTrainer Trainer(MLContext context,
        Action<ConstrainedBinaryClassificationTrainer.Options> change)
    {
        var options = Census.Options(Fairness.DemographicParity("Sex", 0.05),
            Fairness.DemographicParity("Region", 0.1) with { Baseline = GroupBaseline.Overall });
        (options.Groups.Sampling, options.KeepTrainingState) = (BatchSampling.GroupBalanced, true);
        change(options);
        return context.Constrained().Trainers.BinaryClassification(options);
    }
}
