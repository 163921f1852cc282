using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Samples.Data;
using HumanCompatible.ML.Samples.Scenarios;

namespace HumanCompatible.ML.Tests.Samples;

[TestClass]
public sealed class ScenarioTests
{
    [TestMethod]
    public void Catalog_NamesAreDistinctAndDescribed()
    {
        CollectionAssert.AllItemsAreUnique(ScenarioCatalog.All.Select(scenario => scenario.Name).ToList());
        Assert.IsTrue(ScenarioCatalog.All.All(scenario => scenario.Description.EndsWith('.')));
    }

    [TestMethod]
    public void QuickStart_TrainsSavesLoadsAndAudits()
    {
        using var runs = new SampleRuns();
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".zip");
        try
        {
            var audit = QuickStart.TrainSaveLoadAudit(runs.Tables.TrainingPath, runs.Tables.TestPath, path);

            Assert.AreEqual(runs.Tables.TestRows, audit.Overall.RowCount);
            CollectionAssert.AreEquivalent(new[] { "Female", "Male" }, audit.Intersection.Groups.Select(group => group.Name).ToArray());
            Assert.IsTrue(audit.Intersection.DemographicParityDifference < 0.15, $"{audit.Intersection.DemographicParityDifference}");
            Assert.IsTrue(new FileInfo(path).Length > 0);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void SaveAndLoad_ScoresAreIdenticalAndHistoryIsComplete()
    {
        using var runs = new SampleRuns();
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".zip");
        try
        {
            var model = SaveAndLoad.TrainAndReload(runs.Context(numberOfEpochs: 3), path);

            Assert.IsTrue(model.IsIdentical);
            CollectionAssert.AreEqual(new[] { 1, 2, 3 }, model.Trained.History.Select(epoch => epoch.Epoch).ToArray());
            Assert.AreEqual(Fairness.DemographicParity(CensusColumns.Sex, 0.05), model.Trained.Constraints.Single());
            Assert.IsTrue(model.Trained.Duals.Count > 0 && model.Trained.Duals.All(dual => dual.Value >= 0));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void CrossValidation_EveryFoldIsBetterThanTheMajority()
    {
        using var runs = new SampleRuns();

        var folds = CrossValidation.Folds(runs.Context());

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

        var outcome = ProgressAndCancellation.StopEarly(runs.Context(numberOfEpochs: 200), feasibleEpochs: 1);

        Assert.IsNotNull(outcome.StoppedInEpoch, "no epoch of 200 kept the bound");
        Assert.IsTrue(outcome.StoppedInEpoch < 200);
        CollectionAssert.AreEqual(Enumerable.Range(1, outcome.Reported.Count).ToArray(),
            outcome.Reported.Select(progress => progress.Epoch.Epoch).ToArray());
        Assert.AreEqual(1, outcome.Reported.Count(progress => progress.Epoch.IsFeasible));
        Assert.IsTrue(outcome.Accuracy > 0.6, $"accuracy {outcome.Accuracy}");
    }

    [TestMethod]
    public void ExampleWeights_ReweighingNarrowsTheDifference()
    {
        using var runs = new SampleRuns(trainingRows: 6_000, testRows: 3_000);

        var (plain, weighted) = ExampleWeights.Compare(runs.Context(numberOfEpochs: 8));

        Assert.IsTrue(plain > 0.1, $"{plain}");
        Assert.IsTrue(weighted < 0.75 * plain, $"{plain} -> {weighted}");
    }

    [TestMethod]
    public void LogisticRegression_ConstraintNarrowsEqualizedOdds()
    {
        using var runs = new SampleRuns(trainingRows: 6_000, testRows: 3_000);

        var (without, with) = LogisticRegression.Compare(runs.Context(numberOfEpochs: 12));

        Assert.IsTrue(without.Accuracy > 0.75 && with.Accuracy > 0.7, $"{without.Accuracy}, {with.Accuracy}");
        Assert.IsTrue(with.Difference < without.Difference, $"{without.Difference} -> {with.Difference}");
    }

    [TestMethod]
    public void AuditOfOtherModels_CountsTheRuleByGroup()
    {
        using var runs = new SampleRuns();
        var context = runs.Context();

        var audit = AuditOfOtherModels.AuditRule(context);

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
            scenario.Run(runs.Context(numberOfEpochs: 1));
            Assert.IsTrue(runs.Written.Length > before, scenario.Name);
        }
    }
}
