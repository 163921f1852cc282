using HumanCompatible.ML.Confidence;
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
    public void Execute_KilledHalfWay_EndsAsIfNot()
    {
        using var cache = new CacheFolder();
        var settings = SmallExperiments.Settings(Parity) with { NumberOfParallelTrials = 1 };
        var whole = SmallExperiments.Run(settings);
        settings.CacheDirectory = cache.Path;
        Assert.AreEqual(SmallExperiments.Told(whole), SmallExperiments.Told(SmallExperiments.Run(settings)), "models on disk");
        var lines = File.ReadAllLines(cache.Journal);
        Assert.HasCount(12, lines, "of which experiment, ten runs, one test");
        File.WriteAllText(cache.Journal, string.Join('\n', lines[..6]) + "\n" + lines[6][..15]);

        var told = new List<RunDetail>();
        var resumed = SmallExperiments.Run(settings, new Listener<RunDetail>(told.Add));

        Assert.AreEqual(SmallExperiments.Told(whole), SmallExperiments.Told(resumed));
        Assert.HasCount(5, told.Where(run => run.IsReused).ToList());
        Assert.HasCount(5, told.Where(run => !run.IsReused).ToList());
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 10).ToArray(), told.Select(run => run.Number).ToArray());
        told.Clear();
        Assert.AreEqual(SmallExperiments.Told(whole), SmallExperiments.Told(SmallExperiments.Run(settings,
            new Listener<RunDetail>(told.Add))));
        Assert.IsTrue(told.TrueForAll(run => run.IsReused));
        Assert.HasCount(10, told);
    }

    [TestMethod]
    public void Execute_CachedModels_AreThoseOfFinalistsAndReplacedWhereDamaged()
    {
        using var cache = new CacheFolder();
        var settings = SmallExperiments.Settings(Parity) with { CacheDirectory = cache.Path };
        var first = SmallExperiments.Run(settings);
        string[] files = [.. first.RunDetails.Where(run => run.IsFinalist).Select(run => $"run-{run.Number}-fold-0.zip").Order()];
        CollectionAssert.AreEqual(files, cache.Models);

        var best = Path.Combine(cache.Path, $"run-{first.BestRun.Number}-fold-0.zip");
        var bytes = File.ReadAllBytes(best);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(best, bytes);
        File.Delete(Path.Combine(cache.Path, files[0] == Path.GetFileName(best) ? files[1] : files[0]));

        Assert.AreEqual(SmallExperiments.Told(first), SmallExperiments.Told(SmallExperiments.Run(settings)));
    }

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
        string[] Runs() => [.. File.ReadAllLines(cache.Journal).Where(line => line.StartsWith("{\"run\"", StringComparison.Ordinal))];
        var runs = Runs();

        var again = SmallExperiments.Run(settings with { MaxModels = 40, MaxExperimentTimeInSeconds = 30 });

        Assert.HasCount(16, again.RunDetails);
        Assert.IsTrue(again.RunDetails.All(run => run.IsReused));
        CollectionAssert.AreEqual(first.RunDetails.Take(16).Select(run => (run.Status, run.Objective)).ToArray(),
            again.RunDetails.Select(run => (run.Status, run.Objective)).ToArray());
        Assert.IsNotEmpty(runs);
        CollectionAssert.AreEqual(runs, Runs());
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
    public void Execute_CanceledWithACache_LooksAtTheTestRowsOnceItHasEnded()
    {
        using var cache = new CacheFolder();
        using var source = new CancellationTokenSource();
        var settings = SmallExperiments.Settings(Parity) with { CacheDirectory = cache.Path, NumberOfParallelTrials = 1 };

        var stopped = SmallExperiments.Run(settings with { CancellationToken = source.Token },
            new Listener<RunDetail>(_ => source.Cancel()));
        var ended = SmallExperiments.Run(settings);

        Assert.IsTrue(stopped.IsCanceled);
        Assert.IsNull(stopped.Test);
        Assert.EndsWith("no test row was looked at", stopped.ToString());
        Assert.IsNotNull(stopped.BestRun.Model);
        Assert.AreEqual(1, ended.Test!.Looks);
        Assert.AreEqual(SmallExperiments.Told(SmallExperiments.Run(SmallExperiments.Settings(Parity))), SmallExperiments.Told(ended));
    }

    [TestMethod]
    public void Execute_FurtherAfterATest_CountsTheLooksAndWidensTheLimits()
    {
        using var cache = new CacheFolder();
        var settings = SmallExperiments.Settings(Parity with { Bound = 0.8 }) with { CacheDirectory = cache.Path };
        settings.Options.LearningRate = 1e-9; // so that another run is chosen

        var first = SmallExperiments.Run(settings with { MaxModels = 1 });
        var same = SmallExperiments.Run(settings with { MaxModels = 1 });
        var further = SmallExperiments.Run(settings);
        var alone = SmallExperiments.Run(settings with { CacheDirectory = null });

        Assert.AreEqual((1, 1, 2, 1), (first.Test!.Looks, same.Test!.Looks, further.Test!.Looks, alone.Test!.Looks));
        Assert.AreNotEqual(0, further.BestRun.Number);
        Assert.AreEqual(alone.BestRun.Number, further.BestRun.Number);
        ConstraintVerdict one = alone.Test.Verdicts[0], two = further.Test.Verdicts[0];
        Assert.AreEqual(one.Value, two.Value);
        Assert.AreEqual((0.95, 0.975), (one.IntervalConfidence, two.IntervalConfidence));
        Assert.IsGreaterThan(one.Interval.Upper, two.Interval.Upper);
        Assert.Contains("the 2nd look at these rows (the limits hold for all 2 together)", further.ToString());
        Assert.Contains("the 2nd look", further.Test.ToString());
        Assert.Contains("\"looks\": 2", further.ToJson());
        Assert.DoesNotContain("look at these rows", alone.ToString());
    }

    [TestMethod]
    [DataRow("test data")]
    [DataRow("training data")]
    [DataRow("seed")]
    [DataRow("options")]
    [DataRow("constraints")]
    [DataRow("search space")]
    [DataRow("metric")]
    public void Execute_CacheOfAnotherExperiment_ThrowsAndSaysWhatDiffers(string what)
    {
        using var cache = new CacheFolder();
        var settings = SmallExperiments.Settings(Parity) with { CacheDirectory = cache.Path, MaxModels = 1 };
        var context = new MLContext(1);
        ExperimentResult Execute(BinaryExperimentSettings changed, int train = 1, int test = 3) => context.Constrained().Experiments
            .CreateBinaryClassificationExperiment(changed).Execute(SmallExperiments.People(context, 300, train),
                SmallExperiments.People(context, 300, 2), SmallExperiments.People(context, 300, test));
        Execute(settings);
        var other = SmallExperiments.Settings(Parity) with { CacheDirectory = cache.Path, MaxModels = 1 };
        var (train, test) = (what == "training data" ? 7 : 1, what == "test data" ? 8 : 3);
        switch (what)
        {
            case "seed": other.Seed = 6; break;
            case "options": other.Options.NumberOfEpochs++; break;
            case "constraints": other.Options.Constraints = [Parity with { Bound = 0.2 }]; break;
            case "search space": other.SearchSpace = [.. other.SearchSpace.Skip(1)]; break;
            case "metric": other.OptimizingMetric = BinaryClassificationMetric.F1Score; break;
            default: break;
        }

        var problem = Assert.ThrowsExactly<InvalidOperationException>(() => Execute(other, train, test));

        var differing = problem.Message.Split("with other ")[1].Split(": name another folder.")[0].Split(", ");
        if (what == "seed")
            CollectionAssert.Contains(differing, what); // it divides the data, too
        else
            CollectionAssert.AreEqual(new[] { what }, differing);
    }

    [TestMethod]
    public void Execute_CacheInAForeignFolder_Throws()
    {
        using var cache = new CacheFolder();
        Directory.CreateDirectory(cache.Path);
        File.WriteAllText(Path.Combine(cache.Path, "my notes.txt"), "mine");

        var problem = Assert.ThrowsExactly<ArgumentException>(
            () => SmallExperiments.Run(SmallExperiments.Settings(Parity) with { CacheDirectory = cache.Path }));

        Assert.Contains($"CacheDirectory must be a new or empty folder or that of an experiment, got '{cache.Path}', which holds 'my "
            + "notes.txt'.", problem.Message);
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
