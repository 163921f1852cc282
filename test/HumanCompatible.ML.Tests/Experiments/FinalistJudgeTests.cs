using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Experiments;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Experiments;

/// <summary>The finalists on the judging rows.</summary>
[TestClass]
public sealed class FinalistJudgeTests
{
    [TestMethod]
    [DataRow(new[] { 0.30, 0.31, 0.32 }, new[] { 0.29, 0.30, 0.31 }, true, DisplayName = "better in every fold")]
    [DataRow(new[] { 0.30, 0.31, 0.32 }, new[] { 0.27, 0.32, 0.33 }, false, DisplayName = "better in one, worse in two")]
    [DataRow(new[] { 0.30, 0.31, 0.32 }, new[] { 0.30, 0.31, 0.32 }, false, DisplayName = "the same")]
    [DataRow(new[] { 0.30, 0.31 }, new[] { 0.27, 0.32 }, true, DisplayName = "two folds tell no error")]
    [DataRow(new[] { double.NaN, 0.31, 0.32 }, new[] { 0.30, 0.32, 0.33 }, true, DisplayName = "not defined for the other")]
    public void IsSurelyBetterThan_Folds_AsksForMoreThanTheirChance(double[] other, double[] own, bool expected)
        => Assert.AreEqual(expected, Judged(own).IsSurelyBetterThan(Judged(other)));

    [TestMethod]
    public void IsSurelyBetterThan_GainOf1645StandardErrors_IsTheEnd()
    {
        // Gains of -0.05, 0.95, 1.95: the mean is 0.95, its standard error 1 / sqrt(3), 1.645 of which are 0.9497.
        Assert.IsTrue(Judged(0, 0, 0).IsSurelyBetterThan(Judged(-0.05, 0.95, 1.95)));
        Assert.IsFalse(Judged(0, 0, 0).IsSurelyBetterThan(Judged(-0.06, 0.94, 1.94)));
    }

    [TestMethod]
    public void Execute_ManyRows_JudgesFinalistsInThreeFolds()
    {
        var (one, two) = (Run(1, null), Run(2, null));

        Assert.AreEqual(SmallExperiments.Told(one), SmallExperiments.Told(two));
        Assert.IsTrue(one.IsTrainedAgain);
        Assert.IsGreaterThan(1, one.Looks);
        Assert.DoesNotContain("Only the fold", one.Choice);
        foreach (var finalist in one.RunDetails.Where(run => run.IsFinalist))
            Assert.AreEqual(ExperimentData.FewRows, finalist.JudgedVerdicts[0].Rows);
    }

    [TestMethod]
    public void Execute_ManyRowsAgain_FindsTheModelsOfTheOtherFolds()
    {
        using var cache = new CacheFolder();
        string[] InFolds() => [.. File.ReadAllLines(cache.Journal).Where(line => line.StartsWith("{\"fold\"", StringComparison.Ordinal))];
        var whole = Run(2, null);
        var first = Run(2, null, cache: cache.Path);
        var trained = InFolds();

        var again = Run(2, null, cache: cache.Path);
        var found = InFolds();
        var gone = cache.Models.First(name => name.EndsWith("fold-2.zip", StringComparison.Ordinal));
        File.Delete(Path.Combine(cache.Path, gone));
        var repeated = Run(2, null, cache: cache.Path);

        Assert.HasCount(2 * first.RunDetails.Count(run => run.IsFinalist), trained);
        CollectionAssert.AreEqual(trained, found, "none was trained again");
        Assert.HasCount(trained.Length + 1, InFolds());
        Assert.Contains(gone, cache.Models);
        foreach (var result in new[] { first, again, repeated })
            Assert.AreEqual(SmallExperiments.Told(whole), SmallExperiments.Told(result));
    }

    [TestMethod]
    public void Execute_ManyRowsCanceledAfterTheSearch_JudgesInTheFoldOfTheSearch()
    {
        using var source = new CancellationTokenSource();

        var result = Run(1, new Listener<RunDetail>(run =>
        {
            if (run.Status == RunStatus.Finished)
                source.Cancel();
        }), source.Token);

        Assert.IsTrue(result.IsCanceled);
        Assert.AreEqual(ExperimentData.FewRows / 3.0, result.BestRun.JudgedVerdicts[0].Rows, 1);
        Assert.IsNotNull(result.BestRun.Model);
        Assert.EndsWith(" Only the fold of the search judged: it was stopped.", result.Choice);
    }

    // The class is in one row: the fold that judges it has nothing to learn it from.
    [TestMethod]
    public void Execute_ManyRowsAndAClassOfOne_JudgesInTheFoldOfTheSearch()
    {
        var context = new MLContext(1);
        var people = Census.People(ExperimentData.FewRows);
        var rows = context.Data.LoadFromEnumerable(people.Select((person, index)
            => new Ranked { Rank = index == 7 ? "none" : person.Label ? "high" : "low", Sex = person.Sex, Features = person.Features }));
        var options = Census.Options();
        var result = context.Constrained().Experiments.CreateMulticlassClassificationExperiment(new()
        {
            Options = new()
            {
                Network = options.Network,
                NumberOfEpochs = 4,
                LearningRate = 0.01,
                Constraints = [Fairness.DemographicParity("Sex", 0.3) with { ClassName = "high" }],
            },
            SearchSpace = [],
            Seed = 2,
        }).Execute(rows, testData: rows, preFeaturizer: context.Transforms.Conversion.MapValueToKey("Label", "Rank"));

        Assert.IsLessThan(ExperimentData.FewRows / 2, result.BestRun.JudgedVerdicts[0].Rows);
        Assert.IsGreaterThan(0.6, result.Test!.Metrics["MicroAccuracy"]);
        Assert.Contains(" Only the fold of the search judged: another cannot be trained on: ", result.Choice);
    }

    private static ExperimentResult Run(int atOnce, IProgress<RunDetail>? progress, CancellationToken cancellation = default,
        string? cache = null)
    {
        var context = new MLContext(1);
        var settings = SmallExperiments.Settings(Fairness.DemographicParity("Sex", 0.1)) with
        {
            MaxModels = 3,
            NumberOfParallelTrials = atOnce,
            CancellationToken = cancellation,
            CacheDirectory = cache,
        };
        return context.Constrained().Experiments.CreateBinaryClassificationExperiment(settings)
            .Execute(SmallExperiments.People(context, ExperimentData.FewRows), testData: SmallExperiments.People(context, 400, 3),
                progressHandler: progress);
    }

    private static JudgedFinalist Judged(params double[] costs) => new(new Dictionary<string, double>(), [], 0, costs);

    private sealed class Ranked
    {
        public string Rank { get; set; } = "";

        public string Sex { get; set; } = "";

        [VectorType(Census.FeatureCount)]
        public float[] Features { get; set; } = [];
    }
}
