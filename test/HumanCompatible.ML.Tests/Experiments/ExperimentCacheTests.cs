using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Experiments;
using HumanCompatible.ML.Training;
using Microsoft.ML;

namespace HumanCompatible.ML.Tests.Experiments;

/// <summary>Experiments that go on from their folder.</summary>
[TestClass]
public sealed class ExperimentCacheTests
{
    private static FairnessConstraint Parity => Fairness.DemographicParity("Sex", 0.1);

    [TestMethod]
    public void Execute_CacheOfFewerOrMoreRuns_EndsAsIfItHadHadThatNumber()
    {
        using var cache = new CacheFolder();
        var settings = SmallExperiments.Settings(Parity) with { CacheDirectory = cache.Path };
        var (ten, twenty) = (SmallExperiments.Run(SmallExperiments.Settings(Parity)),
            SmallExperiments.Run(SmallExperiments.Settings(Parity) with { MaxModels = 20 }));
        _ = SmallExperiments.Run(settings);

        var told = new List<RunDetail>();
        var more = SmallExperiments.Run(settings with { MaxModels = 20 }, new Listener<RunDetail>(told.Add));
        var fewer = SmallExperiments.Run(settings);

        Assert.AreEqual(SmallExperiments.Told(twenty), SmallExperiments.Told(more));
        CollectionAssert.AreEqual(Enumerable.Range(0, 8).ToArray(), told.Where(run => run.IsReused).Select(run => run.Number).ToArray(),
            "the round of two is done again as one of eight");
        Assert.AreEqual(SmallExperiments.Told(ten), SmallExperiments.Told(fewer));
        Assert.IsTrue(fewer.RunDetails.All(run => run.IsReused));
    }

    [TestMethod]
    public void Execute_CacheWhoseTimeIsUsedUp_FindsAllItsRunsAgain()
    {
        using var cache = new CacheFolder();
        var time = new ManualTime();
        var settings = SmallExperiments.Settings(Parity) with { MaxModels = 20, CacheDirectory = cache.Path, Time = time };
        var first = SmallExperiments.Run(settings, new Listener<RunDetail>(run =>
        {
            if (run.Number == 0)
                time.Advance(TimeSpan.FromSeconds(60));
        }));
        var runs = File.ReadAllLines(cache.Journal);

        var again = SmallExperiments.Run(settings with { MaxModels = 40, MaxExperimentTimeInSeconds = 30 });

        Assert.HasCount(16, again.RunDetails);
        Assert.IsTrue(again.RunDetails.All(run => run.IsReused));
        CollectionAssert.AreEqual(first.RunDetails.Take(16).Select(run => (run.Status, run.Objective)).ToArray(),
            again.RunDetails.Select(run => (run.Status, run.Objective)).ToArray());
        CollectionAssert.AreEqual(runs, File.ReadAllLines(cache.Journal));
    }

    [TestMethod]
    public void Execute_ModelsGone_TrainsTheFinalistsOnceMoreAndSaysSo()
    {
        using var cache = new CacheFolder();
        var settings = SmallExperiments.Settings(Parity) with { CacheDirectory = cache.Path };
        settings.Options.Optimizer.Schedule = LearningRateSchedule.Cosine();
        var first = SmallExperiments.Run(settings);
        foreach (var file in cache.Models)
            File.Delete(Path.Combine(cache.Path, file));

        var again = SmallExperiments.Run(settings);

        // An early look and the rest are one training, also under a schedule that ends with it.
        Assert.AreEqual(SmallExperiments.Told(first), SmallExperiments.Told(again));
        Assert.IsFalse(first.RunDetails.Any(run => run.IsRepeated || run.IsReused));
        foreach (var run in again.RunDetails)
            Assert.AreEqual((true, run.IsFinalist), (run.IsReused, run.IsRepeated));
    }

    [TestMethod]
    public void Execute_TestDataWithoutAColumn_ThrowsBeforeAnythingIsTrained()
    {
        var context = new MLContext(1);
        var told = new List<RunDetail>();
        var test = context.Transforms.DropColumns("Sex").Fit(SmallExperiments.People(context)).Transform(SmallExperiments.People(context));

        var problem = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => context.Constrained().Experiments
            .CreateBinaryClassificationExperiment(SmallExperiments.Settings(Parity))
            .Execute(SmallExperiments.People(context), testData: test, progressHandler: new Listener<RunDetail>(told.Add)));

        Assert.Contains("Sex", problem.Message);
        Assert.IsEmpty(told);
    }

    [TestMethod]
    public void ForEach_OneThrows_ThrowsTheSame()
    {
        var trials = Enumerable.Range(0, 4).Select(number
            => new Trial(number, [], SmallExperiments.Settings().Options, new Dictionary<string, string>(), 4)).ToList();

        var problem = Assert.ThrowsExactly<InvalidOperationException>(() => ParallelTrials.ForEach(trials, 2, trial =>
        {
            if (trial.Number == 2)
                throw new InvalidOperationException("the third");
        }));

        Assert.AreEqual("the third", problem.Message);
    }
}
