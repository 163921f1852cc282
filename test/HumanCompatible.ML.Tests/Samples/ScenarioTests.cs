using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Samples.Scenarios;
using HumanCompatible.ML.Tests.Docs;
using Microsoft.CodeAnalysis;

namespace HumanCompatible.ML.Tests.Samples;

[TestClass]
public sealed class ScenarioTests
{
    public static IEnumerable<object[]> Files()
        => Checkout.Folder is { } checkout
            ? Directory.EnumerateFiles(Path.Combine(checkout, "src", "HumanCompatible.ML.Samples", "Scenarios"), "*.cs")
                .Select(path => Path.GetFileNameWithoutExtension(path))
                .Where(name => !name.StartsWith("Scenario", StringComparison.Ordinal))
                .Order().Select(name => new object[] { name })
            : [[""]];

    [TestMethod]
    public void Catalog_NamesAreDistinctAndDescribed()
    {
        CollectionAssert.AllItemsAreUnique(ScenarioCatalog.All.Select(scenario => scenario.Name).ToList());
        Assert.IsTrue(ScenarioCatalog.All.All(scenario => scenario.Description.EndsWith('.')));
    }

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void File_AddedToAProgram_CompilesAsItStands(string name)
    {
        if (name.Length == 0)
            Assert.Inconclusive("The tests do not run inside a checkout: there are no files to read.");
        var file = Path.Combine(Checkout.Folder!, "src", "HumanCompatible.ML.Samples", "Scenarios", name + ".cs");
        var program = MarkdownProgram.Compile(name, File.ReadAllText(file), $"_ = nameof(HumanCompatible.ML.Samples.Scenarios.{name}.Run);",
            string.Concat(MarkdownProgram.ImplicitUsings.Select(space => $"global using {space};")));

        var errors = program.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

        Assert.AreEqual("", string.Join('\n', errors));
    }

    [TestMethod]
    public void QuickStart_TrainsAndAudits()
    {
        using var runs = new SampleRuns();

        var audit = QuickStart.Run(runs.Tables.TrainingPath, runs.Tables.TestPath, runs.Writer);

        Assert.AreEqual(runs.Tables.TestRows, audit.Overall.RowCount);
        CollectionAssert.AreEquivalent(new[] { "Female", "Male" }, audit.Intersection.Groups.Select(group => group.Name).ToArray());
        Assert.IsTrue(audit.Intersection.DemographicParityDifference < 0.15, $"{audit.Intersection.DemographicParityDifference}");
        StringAssert.Contains(runs.Written, "DemographicParity(sex): ");
    }

    [TestMethod]
    public void SaveAndLoad_ScoresAreIdenticalAndHistoryIsComplete()
    {
        using var runs = new SampleRuns();

        var (identical, loaded) = SaveAndLoad.Run(runs.Tables.TrainingPath, runs.Tables.TestPath, runs.Writer, numberOfEpochs: 3);

        Assert.IsTrue(identical);
        CollectionAssert.AreEqual(new[] { 1, 2, 3 }, loaded.History.Select(epoch => epoch.Epoch).ToArray());
        Assert.AreEqual(Fairness.DemographicParity("sex", 0.05), loaded.Constraints.Single());
        Assert.IsTrue(loaded.Duals.Count > 0 && loaded.Duals.All(dual => dual.Value >= 0));
    }

    [TestMethod]
    public void ExplainedRefusal_ReasonsSumToTheScoreLessTheBaseline()
    {
        using var runs = new SampleRuns();

        var (score, baseline, reasons) = ExplainedRefusal.Run(runs.Tables.TrainingPath, runs.Tables.TestPath, runs.Writer,
            numberOfEpochs: 3);

        Assert.IsLessThanOrEqualTo(0, score);
        CollectionAssert.AreEquivalent(new[] { "age", "education", "hours", "family", "occupation" },
            reasons.Select(reason => reason.Column).ToArray());
        Assert.AreEqual(score - baseline, reasons.Sum(reason => reason.Value), 2e-5);
        Assert.Contains("is refused", runs.Written);
    }

    [TestMethod]
    public void SeveralClasses_TellsOfEveryClass()
    {
        using var runs = new SampleRuns();

        var summary = SeveralClasses.Run(runs.Tables.TrainingPath, runs.Tables.TestPath, runs.Writer, numberOfEpochs: 4);

        Assert.IsGreaterThanOrEqualTo(summary.MajorityAccuracy - 0.02, summary.ValidationAccuracy);
        StringAssert.StartsWith(runs.Written, "accuracy 0.");
        StringAssert.Contains(runs.Written, "majority class ");
        Assert.IsLessThan(0.1, summary.Constraints.Single().Value);
    }

    [TestMethod]
    public void Numbers_KeepsTheResidualsOfBothGroupsNear()
    {
        using var runs = new SampleRuns();

        var summary = Numbers.Run(runs.Tables.TrainingPath, runs.Tables.TestPath, runs.Writer, numberOfEpochs: 8);

        StringAssert.StartsWith(runs.Written, "RMSE ");
        StringAssert.Contains(runs.Written, "R squared ");
        Assert.IsLessThan(1, summary.Constraints.Single().Value, summary.ToString());
    }

    [TestMethod]
    public void CrossValidation_EveryFoldIsBetterThanTheMajority()
    {
        using var runs = new SampleRuns();

        var folds = CrossValidation.Run(runs.Tables.TrainingPath, runs.Writer, numberOfEpochs: 4);

        Assert.AreEqual(3, folds.Count);
        foreach (var (accuracy, difference) in folds)
        {
            Assert.IsTrue(accuracy > 0.7, $"accuracy {accuracy}");
            Assert.IsTrue(difference is >= 0 and < 0.2, $"difference {difference}");
        }
    }

    [TestMethod]
    public void ProgressAndCancellation_StopsAndKeepsTheBestModel()
    {
        using var runs = new SampleRuns();

        var (reported, stoppedInEpoch, audit) = ProgressAndCancellation.Run(runs.Tables.TrainingPath, runs.Tables.TestPath, runs.Writer,
            numberOfEpochs: 200, feasibleEpochs: 1);

        Assert.IsNotNull(stoppedInEpoch, "no epoch of 200 kept the bound");
        Assert.IsTrue(stoppedInEpoch < 200);
        CollectionAssert.AreEqual(Enumerable.Range(1, reported.Count).ToArray(),
            reported.Select(progress => progress.Epoch.Epoch).ToArray());
        Assert.AreEqual(1, reported.Count(progress => progress.Epoch.AuditedValues[0] <= 0.1));
        Assert.IsTrue(audit.Overall[GroupMetric.Accuracy] > 0.6, $"accuracy {audit.Overall[GroupMetric.Accuracy]}");
    }

    [TestMethod]
    public void ExampleWeights_ReweighingNarrowsTheDifference()
    {
        using var runs = new SampleRuns(trainingRows: 6_000, testRows: 3_000);

        var (plain, weighted) = ExampleWeights.Run(runs.Tables.TrainingPath, runs.Tables.TestPath, runs.Writer, numberOfEpochs: 8);

        Assert.IsTrue(plain > 0.1, $"{plain}");
        Assert.IsTrue(weighted < 0.75 * plain, $"{plain} -> {weighted}");
    }

    [TestMethod]
    public void LogisticRegression_ConstraintNarrowsEqualizedOdds()
    {
        using var runs = new SampleRuns(trainingRows: 6_000, testRows: 3_000);

        var (without, with) = LogisticRegression.Run(runs.Tables.TrainingPath, runs.Tables.TestPath, runs.Writer, numberOfEpochs: 12);

        Assert.IsTrue(without.Overall[GroupMetric.Accuracy] > 0.75 && with.Overall[GroupMetric.Accuracy] > 0.7, $"{without}\n{with}");
        Assert.IsTrue(with.Intersection.EqualizedOddsDifference < without.Intersection.EqualizedOddsDifference, $"{without}\n{with}");
    }

    [TestMethod]
    public void OwnConstraint_BringsEveryGroupNearItsTrueShare()
    {
        using var runs = new SampleRuns(trainingRows: 6_000, testRows: 3_000);

        var (without, with) = OwnConstraint.Run(runs.Tables.TrainingPath, runs.Tables.TestPath, runs.Writer, numberOfEpochs: 8);

        double Worst(FairnessAudit audit)
            => audit.Intersection.Groups.Max(group => Math.Abs(group[GroupMetric.SelectionRate] - group.BaseRate));
        Assert.IsTrue(Worst(with) < 0.75 * Worst(without), $"{without}\n{with}");
        StringAssert.Contains(runs.Written, "calibration: ");
    }

    [TestMethod]
    public void OwnNetwork_LearnsAndScoresAlikeWhenLoaded()
    {
        using var runs = new SampleRuns();

        var (accuracy, identical) = OwnNetwork.Run(runs.Tables.TrainingPath, runs.Tables.TestPath, runs.Writer, numberOfEpochs: 4);

        Assert.IsTrue(accuracy > 0.7, $"{accuracy}");
        Assert.IsTrue(identical);
    }

    [TestMethod]
    public void StatedConfidence_SaysWhatIsShownAndWhatItWouldTake()
    {
        using var runs = new SampleRuns(trainingRows: 4_000, testRows: 100);

        var (wide, narrow) = StatedConfidence.Run(runs.Tables.TrainingPath, runs.Writer, numberOfEpochs: 6);

        Assert.IsTrue(wide.SafetyRows > 0 && wide.ConfidenceLevel == 0.95);
        Assert.IsTrue(wide.HoldsWithConfidence, $"{wide}");
        Assert.IsFalse(narrow.HoldsWithConfidence, $"{narrow}");
        Assert.IsTrue(narrow.Constraints[0].ConfidenceLimit > 0.01, $"{narrow}");
        StringAssert.Contains(runs.Written, narrow.Constraints[0].SafetyRowsNeeded is { } needed
            ? $"not shown with {narrow.SafetyRows} safety rows; about {needed} would do" : "not shown, and more rows would not help");
    }

    [TestMethod]
    public void GoingOn_IsOneLongerTraining()
    {
        using var runs = new SampleRuns();

        var (model, isOneLongerTraining) = GoingOn.Run(runs.Tables.TrainingPath, runs.Writer, numberOfEpochs: 2);

        Assert.IsTrue(isOneLongerTraining);
        CollectionAssert.AreEqual(new[] { 1, 2, 3, 4 }, model.History.Select(epoch => epoch.Epoch).ToArray());
    }

    [TestMethod]
    public void OwnLoop_HoldsTheBoundByItsMultiplier()
    {
        using var runs = new SampleRuns(trainingRows: 6_000, testRows: 100);

        var (accuracy, difference, multipliers) = OwnLoop.Run(runs.Tables.TrainingPath, runs.Writer);

        Assert.IsTrue(accuracy > 0.75, $"{accuracy}");
        Assert.IsTrue(difference < 0.06, $"{difference}");
        Assert.IsTrue(multipliers[0] > 0 && multipliers[1] == 0, string.Join(' ', multipliers));
    }

    [TestMethod]
    public void AuditOfOtherModels_CountsTheRuleByGroup()
    {
        using var runs = new SampleRuns();

        var audit = AuditOfOtherModels.Run(runs.Tables.TestPath, runs.Writer);

        var people = File.ReadLines(runs.Tables.TestPath).Skip(1).Select(line => line.Split(',')).ToList();
        foreach (var sex in new[] { "Female", "Male" })
        {
            var group = people.Where(values => values[11] == sex).ToList();
            var selected = group.Count(values => int.Parse(values[1]) >= 13 && values[7].StartsWith("Married"));
            Assert.AreEqual(selected / (double)group.Count, audit.Intersection[sex][GroupMetric.SelectionRate], 1e-12, sex);
        }
    }

    [TestMethod]
    public void All_RunAndSaySomething()
    {
        using var runs = new SampleRuns(trainingRows: 1_000, testRows: 500);
        foreach (var scenario in ScenarioCatalog.All.Where(scenario => scenario.Name != "text-classification")) // that one downloads
        {
            var before = runs.Written.Length;
            scenario.Run(runs.Tables.TrainingPath, runs.Tables.TestPath, runs.Writer, 1);
            Assert.IsTrue(runs.Written.Length > before, scenario.Name);
        }
    }
}
