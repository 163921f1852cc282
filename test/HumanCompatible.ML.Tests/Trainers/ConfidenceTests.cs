using System.Globalization;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Data;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Tests.Features;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>Bounds with a stated confidence, and constraints that cannot be kept together, from the data to the summary.</summary>
[TestClass]
public sealed class ConfidenceTests
{
    private const string OneTest = "The confidence of ConfidenceLevel is that of one test on rows that the model has never seen; ";

    private const string SeenBefore = OneTest + "the model that training goes on from may have seen the rows that test it now.";

    private const string TestedBefore = OneTest
        + "the rows that test it now have tested the model that training goes on from, too: whoever goes on until a test succeeds has "
        + "tested more than once.";

    [TestMethod]
    public void Fit_WithConfidence_TheStatisticOnUnseenDataKeepsItsLimit()
    {
        var context = new MLContext(1);
        var unseen = Census.View(context, 40_000, seed: 99);
        foreach (var seed in new[] { 1, 2, 3 })
        {
            var model = context.Constrained().Trainers.BinaryClassification(
                Confident(0.9, Fairness.DemographicParity("Sex", 0.15), Fairness.RateAtLeast(GroupMetric.TruePositiveRate, "Sex", 0.4)))
                .Fit(Census.View(context, 4000, seed));

            var audit = context.Constrained().Audit.BinaryClassification(model.Transform(unseen), ["Sex"]);
            var (parity, recall) = (model.Model.Summary.Constraints[0], model.Model.Summary.Constraints[1]);
            Assert.IsLessThanOrEqualTo(parity.ConfidenceLimit!.Value, audit.Intersection.DemographicParityDifference);
            Assert.IsGreaterThanOrEqualTo(recall.ConfidenceLimit!.Value,
                audit.Of("Sex").Groups.Min(group => group[GroupMetric.TruePositiveRate]));
            Assert.IsTrue(parity.SafetyValue < parity.ConfidenceLimit && recall.SafetyValue > recall.ConfidenceLimit);
        }
    }

    [TestMethod]
    public void Fit_WithConfidence_TakesSafetyRowsOfAllAndValidationRowsOfTheRest()
    {
        var context = new MLContext(1);
        var summary = context.Constrained().Trainers.BinaryClassification(Confident(0.95, Fairness.DemographicParity("Sex", 0.3)))
            .Fit(Census.View(context, 2000)).Model.Summary;

        Assert.AreEqual(2000, summary.TrainingRows + summary.ValidationRows + summary.SafetyRows);
        Assert.AreEqual(200, summary.SafetyRows, 4, "a tenth shows so loose a bound");
        Assert.AreEqual(0.2 * 1800, summary.ValidationRows, 4);
        Assert.AreEqual(0.95, summary.ConfidenceLevel);
    }

    [TestMethod]
    public void Fit_WithConfidenceAndValidationData_TestsWithThreeQuartersOfThem()
    {
        var context = new MLContext(1);
        var summary = context.Constrained().Trainers.BinaryClassification(Confident(0.95, Fairness.DemographicParity("Sex", 0.3)))
            .Fit(Census.View(context, 1000), Census.View(context, 500, seed: 7)).Model.Summary;

        Assert.AreEqual(1000, summary.TrainingRows);
        Assert.AreEqual(500, summary.ValidationRows + summary.SafetyRows);
        Assert.AreEqual(375, summary.SafetyRows, 4);
    }

    [TestMethod]
    public void Fit_WithoutConfidence_TestsNothing()
    {
        var context = new MLContext(1);
        var summary = context.Constrained().Trainers.BinaryClassification(Workout.Small(Fairness.DemographicParity("Sex", 0.3)))
            .Fit(Census.View(context, 600)).Model.Summary;

        Assert.AreEqual((null, 0, null), (summary.ConfidenceLevel, summary.SafetyRows, summary.HoldsWithConfidence));
        Assert.IsNull(summary.Constraints[0].ConfidenceLimit);
        Assert.DoesNotContain("confidence", summary.ToString());
    }

    [TestMethod]
    public void Fit_EnoughRowsAndALooseBound_ShowsIt()
    {
        var context = new MLContext(1);
        var warnings = Listen(context);
        var summary = context.Constrained().Trainers.BinaryClassification(Confident(0.95, Fairness.DemographicParity("Sex", 0.4)))
            .Fit(Census.View(context, 6000)).Model.Summary;

        Assert.IsTrue(summary.HoldsWithConfidence, summary.ToString());
        Assert.AreEqual(Verdict.Shown, summary.Verdict);
        Assert.DoesNotContain(warning => warning.StartsWith("DemographicParity(Sex)", StringComparison.Ordinal), warnings);
    }

    [TestMethod]
    public void Fit_TooFewRowsToShowABound_SaysSoInTheLog()
    {
        var context = new MLContext(1);
        var warnings = Listen(context);
        var summary = context.Constrained().Trainers.BinaryClassification(Confident(0.95, Fairness.DemographicParity("Sex", 0.05)))
            .Fit(Census.View(context, 600)).Model.Summary;

        Assert.IsFalse(summary.HoldsWithConfidence);
        var limit = summary.Constraints[0].ConfidenceLimit!.Value;
        Assert.Contains(warning => warning.StartsWith(
            string.Create(CultureInfo.InvariantCulture,
            $"DemographicParity(Sex): with 95% confidence at most {limit:0.0000} on unseen data ({summary.SafetyRows} safety rows): bound "
            + $"0.0500 not shown, missed by {limit - 0.05:0.0000}"), StringComparison.Ordinal), warnings);
    }

    [TestMethod]
    public void Fit_WithConfidence_StaysFurtherFromTheBound()
    {
        var context = new MLContext(1);
        double Value(double? level) => context.Constrained().Trainers.BinaryClassification(
            Confident(level, Fairness.DemographicParity("Sex", 0.15)))
            .Fit(Census.View(context, 4000)).Model.Summary.Constraints[0].Value;

        Assert.IsLessThan(Value(null) - 0.02, Value(0.95));
    }

    [TestMethod]
    public void Fit_WithConfidence_LeavesNoTensorBehind()
    {
        var context = new MLContext(1);
        var data = Census.View(context, 600);
        var before = TorchState.Read();

        context.Constrained().Trainers.BinaryClassification(Confident(0.9, Fairness.LossParity("Sex", 0.3))).Fit(data).Dispose();

        before.AssertUnchanged();
    }

    [TestMethod]
    public void Fit_HeldOutRowsTooFewToDivide_IsAnError()
    {
        var context = new MLContext(1);
        var options = Confident(0.95, Fairness.RateAtMost(GroupMetric.SelectionRate, [], 0.5));

        var error = Assert.ThrowsExactly<InvalidOperationException>(()
            => context.Constrained().Trainers.BinaryClassification(options).Fit(Census.View(context, 100), Census.View(context, 1)));

        Assert.AreEqual("ConfidenceLevel divides the rows that are not trained on into those that choose the epoch and those that test the "
            + "model, but 1 are too few for that: give more.", error.Message);
    }

    [TestMethod]
    public void Fit_NoRowHeldOut_NeedsValidationDataForAConfidence()
    {
        var context = new MLContext(1);
        var options = Confident(0.9, Fairness.RateAtMost(GroupMetric.SelectionRate, [], 0.9));
        options.ValidationFraction = 0;
        var trainer = context.Constrained().Trainers.BinaryClassification(options);
        var data = Census.View(context, 600);

        var model = trainer.Fit(data, Census.View(context, 400, seed: 2)).Model;

        Assert.AreEqual((600, 100, 300), (model.Summary.TrainingRows, model.Summary.ValidationRows, model.Summary.SafetyRows));
        Assert.IsNotNull(model.Summary.Constraints[0].ConfidenceLimit);
        Assert.AreEqual(300, trainer.Fit(data, Census.View(context, 400, seed: 3), model).Model.Summary.SafetyRows);
        foreach (var fit in new Action[] { () => trainer.Fit(data), () => trainer.Fit(data, model) })
        {
            Assert.AreEqual("ConfidenceLevel needs rows that are not trained on, but ValidationFraction is 0: set it above 0, or give "
                + "validation data.", Assert.ThrowsExactly<InvalidOperationException>(fit).Message);
        }
    }

    [TestMethod]
    public void Split_WithConfidence_EveryRowIsInOnePartOnly_AndEachPartHasItsShareOfEveryGroup()
    {
        const int Count = 2000;
        var group = Enumerable.Range(0, Count).Select(row => row % 5 == 0 ? 1 : 0).ToArray();
        var table = new RawTable(
            FeatureTable.Of([.. Enumerable.Range(0, Count).Select(row => (float)row)], 1),
                [.. Enumerable.Range(0, Count).Select(row => row % 3 == 0 ? 1f : 0f)], null,
            new Dictionary<string, GroupColumn> { ["Group"] = new GroupColumn("Group", group, ["a", "b"]) });
        var options = Confident(0.95, Fairness.DemographicParity("Group", 0.1));
        options.FeatureEncoding = FeatureEncoding.None;

        var data = TrainingSplits.Split(table, TrainingSetup.Splits(options, null, 3));

        Assert.IsNotNull(data.Safety);
        float[] all = [.. data.Training.Inputs(), .. data.Validation.Inputs(), .. data.Safety.Inputs()];
        Assert.HasCount(Count, all);
        Assert.HasCount(Count, all.Distinct());
        foreach (var part in new[] { data.Validation, data.Safety })
        {
            Assert.AreEqual(part.Count / 5.0, part.Partitions[0].Counts[1], 2);
            Assert.AreEqual(part.Count / 3.0, part.Labels.Sum(), 2);
        }
    }

    [TestMethod]
    public void Fit_FromAModelWithConfidence_IsOneLongerTraining_AndWarnsThatTheSameRowsTestItAgain()
    {
        var context = new MLContext(1);
        var warnings = Listen(context);
        var data = Census.View(context, 1500);
        BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Fit(int epochs, ConstrainedBinaryModelParameters? from)
        {
            var options = Confident(0.9, Fairness.DemographicParity("Sex", 0.2));
            (options.NumberOfEpochs, options.KeepTrainingState) = (epochs, true);
            var trainer = context.Constrained().Trainers.BinaryClassification(options);
            return from is null ? trainer.Fit(data) : trainer.Fit(data, from);
        }

        var whole = Fit(6, null);
        var half = Fit(3, null);
        Assert.IsFalse(warnings.Exists(warning => warning.Contains("one test", StringComparison.Ordinal)));
        var continued = Fit(3, half.Model);

        Assert.AreEqual(whole.Model.Summary.ToString(), (continued.Model.Summary with { Warnings = [] }).ToString());
        CollectionAssert.AreEqual(Scored.Of(whole.Transform(data)), Scored.Of(continued.Transform(data)));
        Assert.Contains(TestedBefore, warnings);
        Assert.IsFalse(warnings.Exists(warning => warning.Contains("may have", StringComparison.Ordinal)));
    }

    [TestMethod]
    [DataRow("as it was", false)]
    [DataRow("another seed", true)]
    [DataRow("other data", true)]
    [DataRow("another share", true)]
    [DataRow("a state that was not kept", true)]
    [DataRow("a model that was tested on none", true)]
    public void Fit_FromAModel_WarnsThatSafetyRowsMayHaveBeenSeen_OnlyWhereTheyMay(string change, bool mayBeSeen)
    {
        var context = new MLContext(1);
        var warnings = Listen(context);
        ConstrainedBinaryModelParameters Fit(ConstrainedBinaryModelParameters? from, string change)
        {
            var options = Confident(change == "a model that was tested on none" ? null : 0.9, Fairness.DemographicParity("Sex", 0.2));
            (options.NumberOfEpochs, options.Seed) = (1, change == "another seed" ? 8 : 7);
            options.KeepTrainingState = change != "a state that was not kept";
            options.ValidationFraction = change == "another share" ? 0.3 : 0.2;
            var data = Census.View(context, change == "other data" ? 1400 : 1500);
            var trainer = context.Constrained().Trainers.BinaryClassification(options);
            return (from is null ? trainer.Fit(data) : trainer.Fit(data, from)).Model;
        }

        var first = Fit(null, change);
        var second = Fit(first, "as it was");
        Assert.AreEqual(mayBeSeen, warnings.Remove(SeenBefore));
        Assert.AreEqual(!mayBeSeen, warnings.Remove(TestedBefore));

        // Of the model before the model nothing is known but that.
        Fit(second, "as it was");
        Assert.AreEqual(mayBeSeen, warnings.Contains(SeenBefore));
        Assert.AreEqual(!mayBeSeen, warnings.Contains(TestedBefore));
    }

    [TestMethod]
    public void Fit_ConstraintsThatExcludeEachOther_NamesThemInSummaryAndLog()
    {
        var context = new MLContext(1);
        var warnings = Listen(context);
        var options = Census.Options(Fairness.RateAtLeast(GroupMetric.TruePositiveRate, [], 0.95),
            Fairness.RateAtMost(GroupMetric.SelectionRate, [], 0.05));
        options.NumberOfEpochs = 8;
        var model = context.Constrained().Trainers.BinaryClassification(options).Fit(Census.View(context, 1500)).Model;
        var summary = model.Summary;

        Assert.AreEqual(Verdict.Missed, summary.Verdict);
        Assert.IsNotEmpty(summary.Conflicts);
        foreach (var conflict in summary.Conflicts)
        {
            CollectionAssert.Contains(warnings, $"{conflict}.");
            StringAssert.Contains(summary.ToString(), $"{conflict}");
        }

        var named = summary.Conflicts.SelectMany(conflict => conflict.Constraints).ToHashSet();
        bool IsNeverKept(int index)
            => model.History.All(epoch => model.Constraints[index].Violation(epoch.AuditedValues[index]) > 0);
        foreach (var index in Enumerable.Range(0, 2).Where(IsNeverKept))
            Assert.Contains(model.Constraints[index].Name, named, summary.ToString());
    }

    [TestMethod]
    public void Fit_ABoundThatIsKept_HasNoConflict()
    {
        var context = new MLContext(1);
        Assert.IsEmpty(context.Constrained().Trainers.BinaryClassification(Workout.Small(Fairness.DemographicParity("Sex", 0.9)))
            .Fit(Census.View(context, 600)).Model.Summary.Conflicts);
    }

    private static ConstrainedBinaryClassificationTrainer.Options Confident(double? level, params FairnessConstraint[] constraints)
    {
        var options = Census.Options(constraints);
        (options.ConfidenceLevel, options.NumberOfEpochs) = (level, 10);
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
