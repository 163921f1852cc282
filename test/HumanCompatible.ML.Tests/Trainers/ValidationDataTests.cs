using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Tests.Persistence;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>Which rows choose the epoch.</summary>
[TestClass]
public sealed class ValidationDataTests
{
    [TestMethod]
    public void Fit_WithoutValidationData_HoldsOutTheSameShareOfEveryGroupAndClass()
    {
        var context = new MLContext(1);
        var summary = context.Constrained().Trainers.BinaryClassification(Workout.Small(Fairness.DemographicParity("Sex", 0.1)))
            .Fit(Census.View(context, 600)).Model.Summary;

        Assert.AreEqual((480, 120, true), (summary.TrainingRows, summary.ValidationRows, summary.IsHeldOut));
    }

    [TestMethod]
    public void Fit_ValidationFractionZero_ChoosesOnTheTrainingRows()
    {
        var context = new MLContext(1);
        var options = Workout.Small(Fairness.DemographicParity("Sex", 0.1));
        options.ValidationFraction = 0;

        var summary = context.Constrained().Trainers.BinaryClassification(options).Fit(Census.View(context, 600)).Model.Summary;

        Assert.AreEqual((600, 600, false), (summary.TrainingRows, summary.ValidationRows, summary.IsHeldOut));
        Assert.AreEqual(summary.TrainingAccuracy, summary.ValidationAccuracy);
        Assert.AreEqual(summary.Constraints[0].TrainingValue, summary.Constraints[0].ValidationValue);
    }

    [TestMethod]
    [DataRow(1, 0.0)]
    [DataRow(1499, 0.0)]
    [DataRow(1500, 0.2)]
    [DataRow(10_000, 0.2)]
    [DataRow(12_500, 0.16)]
    [DataRow(20_000, 0.1)]
    [DataRow(100_000, 0.1)]
    public void ValidationFractionFor_NoneGiven_FollowsTheRows(int rows, double expected)
        => Assert.AreEqual(expected, new ConstrainedBinaryClassificationTrainer.Options().ValidationFractionFor(rows));

    [TestMethod]
    public void ValidationFractionFor_FewRowsThatNeedTheChoice_HoldsOut()
    {
        ConstrainedBinaryClassificationTrainer.Options constrained = new() { Constraints = [Fairness.DemographicParity("Sex", 0.1)] },
            network = new() { Network = Network.Linear() }, decay = new() { Optimizer = new() { WeightDecay = 0 } },
            given = new() { ValidationFraction = 0.3 };

        Assert.AreEqual(0.2, constrained.ValidationFractionFor(500));
        Assert.AreEqual(0.2, network.ValidationFractionFor(500));
        Assert.AreEqual(0.2, decay.ValidationFractionFor(500));
        Assert.AreEqual(0.3, given.ValidationFractionFor(500));
    }

    [TestMethod]
    public void Fit_FewRowsAndNoConstraint_TrainsOnAllOfThem()
    {
        var context = new MLContext(1);
        var options = Workout.Small();
        options.Network = Network.MultilayerPerceptron(64, 64);

        var summary = context.Constrained().Trainers.BinaryClassification(options).Fit(Census.View(context, 600)).Model.Summary;

        Assert.AreEqual((600, 600, false), (summary.TrainingRows, summary.ValidationRows, summary.IsHeldOut));
    }

    [TestMethod]
    public void Fit_ValidationData_ChooseTheEpochButAreNotLearnedFrom()
    {
        var context = new MLContext(1);
        var trainer = context.Constrained().Trainers.BinaryClassification(With(options => options.NumberOfEpochs = 1));
        var train = Census.View(context, 600);

        var first = trainer.Fit(train, Census.View(context, 200, seed: 7));
        var second = trainer.Fit(train, Census.View(context, 300, seed: 8));

        Assert.AreEqual((200, 300), (first.Model.Summary.ValidationRows, second.Model.Summary.ValidationRows));
        CollectionAssert.AreEqual(ModelArchive.Save(context, first, train.Schema)[ModelArchive.Weights],
            ModelArchive.Save(context, second, train.Schema)[ModelArchive.Weights]);
    }

    [TestMethod]
    public void Fit_AGroupThatOnlyTheValidationDataHave_CountsForTheAccuracyOnly()
    {
        var context = new MLContext(1);
        var warnings = Listen(context);
        var validation = Census.People(200, seed: 3);
        foreach (var person in validation.Take(40))
            person.Sex = "Other";
        var train = Census.View(context, 600);

        var model = context.Constrained().Trainers.BinaryClassification(Workout.Small(Fairness.DemographicParity("Sex", 0.1)))
            .Fit(train, context.Data.LoadFromEnumerable(validation));

        CollectionAssert.Contains(warnings,
            "The validation data have groups of 'Sex' that the training data lack: 'Other'. Their rows count for the accuracy, not for the "
            + "constraints.");
        var known = context.Data.LoadFromEnumerable(validation.Skip(40));
        var audit = context.Constrained().Audit.BinaryClassification(model.Transform(known), ["Sex"]);
        Assert.AreEqual(audit.Intersection.DemographicParityDifference, model.Model.Summary.Constraints[0].ValidationValue, 1e-6);
        var overall = context.BinaryClassification.Evaluate(model.Transform(context.Data.LoadFromEnumerable(validation)));
        Assert.AreEqual(overall.Accuracy, model.Model.Summary.ValidationAccuracy, 1e-6);
    }

    [TestMethod]
    public void Fit_AGroupThatTheValidationDataLack_IsAWarningAndNotMeasurable()
    {
        var context = new MLContext(1);
        var warnings = Listen(context);
        var validation = Census.People(200, seed: 3).Where(person => person.Sex == "Male");

        var model = context.Constrained().Trainers.BinaryClassification(Workout.Small(Fairness.DemographicParity("Sex", 0.1)))
            .Fit(Census.View(context, 600), context.Data.LoadFromEnumerable(validation));

        CollectionAssert.Contains(warnings,
            "DemographicParity(Sex): group 'Female' has no rows in the validation data: its statistic is not defined.");
        var summary = model.Model.Summary.Constraints[0];
        Assert.AreEqual(double.NaN, summary.ValidationValue, "A statistic of one group is compared with no other.");
        Assert.IsFalse(double.IsNaN(summary.TrainingValue));
        Assert.AreEqual(Verdict.NotMeasurable, summary.Verdict, "Of Female training rows alone would speak, which flatter it.");
        CollectionAssert.AreEqual(new[] { "Female" }, summary.UnmeasurableGroups.Select(group => group.Group).ToArray());
        Assert.AreEqual(0, summary.TrainingWeights![summary.Groups.Index().Single(one => one.Item == "Female").Index]);
    }

    [TestMethod]
    public void Fit_ValidationDataThatCannotBeRead_AreNamed()
    {
        var context = new MLContext(1);
        var trainer = context.Constrained().Trainers.BinaryClassification(Workout.Small(Fairness.DemographicParity("Sex", 0.1)));

        var problem = Assert.ThrowsExactly<InvalidOperationException>(
            () => trainer.Fit(Census.View(context, 300), context.Data.SkipRows(Census.View(context, 10), 10)));

        Assert.AreEqual("The validation data cannot be used. The data has no rows.", problem.Message);
    }

    [TestMethod]
    public void Fit_ValidationDataWithOtherFeatures_AreASchemaMismatch()
    {
        var context = new MLContext(1);
        var train = Census.View(context, 600);
        var wider = context.Transforms.Concatenate("Features", "Features", "District").Fit(train).Transform(train);

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(()
            => context.Constrained().Trainers.BinaryClassification(Workout.Small()).Fit(train, wider));

        Assert.AreEqual(
            "Schema mismatch for feature column 'Features': expected Vector<Single, 5>, got Vector<Single, 6> (Parameter "
            + "'validationData')", error.Message);
    }

    [TestMethod]
    public void Fit_ValidationDataWithoutAColumn_NamesThem()
    {
        var context = new MLContext(1);
        var train = Census.View(context, 600);
        var narrower = context.Transforms.DropColumns("Sex").Fit(train).Transform(train);

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(()
            => context.Constrained().Trainers.BinaryClassification(Workout.Small(Fairness.DemographicParity("Sex", 0.1)))
            .Fit(train, narrower));

        Assert.AreEqual("Could not find group column 'Sex' among 'Label', 'Number', 'Key', 'Features', 'Region', 'Veteran', 'Household', "
            + "'District', 'Weight' (Parameter 'validationData')", error.Message);
    }

    private static ConstrainedBinaryClassificationTrainer.Options With(Action<ConstrainedBinaryClassificationTrainer.Options> change)
    {
        var options = Workout.Small(Fairness.DemographicParity("Sex", 0.1));
        change(options);
        return options;
    }

    private static List<string> Listen(MLContext context)
    {
        var warnings = new List<string>();
        context.Log += (_, message) =>
        {
            if (message.Kind == ChannelMessageKind.Warning)
                warnings.Add(message.RawMessage);
        };
        return warnings;
    }
}
