using HumanCompatible.ML.Samples.Data;
using HumanCompatible.ML.Samples.Demo;

namespace HumanCompatible.ML.Tests.Samples;

[TestClass]
public sealed class DemoJobTests
{
    private readonly string _modelPath = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".zip");

    private string ReportPath => _modelPath + ".html";

    [TestCleanup]
    public void RemoveFiles()
    {
        File.Delete(_modelPath);
        File.Delete(ReportPath);
    }

    [TestMethod]
    [DataRow(DemoConstraint.DemographicParity, CensusColumns.Sex)]
    [DataRow(DemoConstraint.EqualizedOdds, CensusColumns.Sex)]
    public void Run_ConstraintNarrowsTheDifference_AndTheModelSurvivesTheFile(object constraint, string group)
    {
        using var runs = new SampleRuns(trainingRows: 6_000, testRows: 3_000);
        var options = new DemoOptions(null, (DemoConstraint)constraint, 0.05, group, NumberOfEpochs: 8, Seed: 2, _modelPath,
            ReportPath);

        var result = DemoJob.Run(options, runs.Tables, runs.Output, CancellationToken.None);

        Assert.IsTrue(result.Constrained.Verdict.Value < result.Unconstrained.Verdict.Value - 0.02,
            $"{result.Unconstrained.Verdict} -> {result.Constrained.Verdict}");
        Assert.IsTrue(result.Unconstrained.Accuracy > 0.75, $"accuracy {result.Unconstrained.Accuracy}");
        Assert.IsTrue(result.Constrained.Accuracy > 0.70, $"accuracy {result.Constrained.Accuracy}");
        Assert.AreEqual(result.Constrained.Audit.Judge(options.DeclaredConstraint), result.Constrained.Verdict);
        Assert.IsTrue(result.Reloaded.IsIdentical);
        Assert.AreEqual(options.DeclaredConstraint, result.Reloaded.Trained.Constraints.Single());
        Assert.IsTrue(result.Reloaded.Trained.Duals.Count > 0);
        Assert.AreEqual(result.Prediction.PredictedLabel, result.Prediction.Score > 0);
        Assert.AreEqual(1 / (1 + Math.Exp(-result.Prediction.Score)), result.Prediction.Probability, 1e-5);
    }

    [TestMethod]
    public void Run_SameSeed_GivesTheSameModel()
    {
        using var runs = new SampleRuns();
        var options = new DemoOptions(null, DemoConstraint.DemographicParity, 0.05, CensusColumns.Sex, NumberOfEpochs: 2, Seed: 4,
            _modelPath, ReportPath);

        var first = DemoJob.Run(options, runs.Tables, runs.Output, CancellationToken.None);
        var second = DemoJob.Run(options, runs.Tables, runs.Output, CancellationToken.None);

        Assert.AreEqual(first.Prediction.Score, second.Prediction.Score);
        CollectionAssert.AreEqual(first.Reloaded.Trained.Duals.ToList(), second.Reloaded.Trained.Duals.ToList());
    }

    [TestMethod]
    public void Run_Redirected_ReportsWithoutControlCodes()
    {
        using var runs = new SampleRuns();
        var options = new DemoOptions(null, DemoConstraint.DemographicParity, 0.05, CensusColumns.Race, NumberOfEpochs: 2, Seed: 1,
            _modelPath, ReportPath);

        DemoReport.Write(runs.Output, options, DemoJob.Run(options, runs.Tables, runs.Output, CancellationToken.None));

        Assert.IsFalse(runs.Written.Any(character => char.IsControl(character) && character is not '\n' and not '\r'), runs.Written);
        foreach (var expected in new[] { "accuracy", "AUC", "selection rate, race=White", "demographic parity difference",
            "seconds to fit", "scores are identical", "Duals read from the file:", "epoch 2 of 2" })
        {
            StringAssert.Contains(runs.Written, expected);
        }

        StringAssert.Contains(runs.Written, "On test rows, not used in training: DemographicParity(race): ");
        StringAssert.Contains(runs.Written, $"Wrote {ReportPath}, a page about it for people.");
        var page = File.ReadAllText(ReportPath);
        foreach (var expected in new[] { "What drives the score", ">hours-per-week: ", "Without a constraint", "How the model" })
            StringAssert.Contains(page, expected);
        Assert.DoesNotContain("-encoded", page);
    }
}
