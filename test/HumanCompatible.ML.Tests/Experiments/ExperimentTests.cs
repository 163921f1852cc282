using System.Text.Json;
using HumanCompatible.ML.Collectives;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Experiments;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Tests.Trainers;
using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Experiments;

/// <summary>Experiments from end to end.</summary>
[TestClass]
public sealed class ExperimentTests
{
    private static FairnessConstraint Parity => Fairness.DemographicParity("Sex", 0.1);

    [TestMethod]
    public void ToString_OfSettings_IsALine()
        => Assert.AreEqual("best AreaUnderRocCurve of at most 12 runs in 60 s, 1 options varied, seed 4", new BinaryExperimentSettings
        {
            OptimizingMetric = BinaryClassificationMetric.AreaUnderRocCurve,
            MaxModels = 12,
            MaxExperimentTimeInSeconds = 60,
            Seed = 4,
            SearchSpace = [SearchSpace.Default[0]],
        }.ToString());

    [TestMethod]
    [DataRow(null, null, 64, "best Accuracy of at most 64 runs, ")]
    [DataRow(60u, null, int.MaxValue, "best Accuracy of the runs in 60 s, ")]
    [DataRow(null, 80, 80, "best Accuracy of at most 80 runs, ")]
    [DataRow(60u, 80, 80, "best Accuracy of at most 80 runs in 60 s, ")]
    public void MaxModels_NotSet_IsWhatThereIsTimeFor(uint? seconds, int? models, int most, string told)
    {
        var settings = new BinaryExperimentSettings { MaxExperimentTimeInSeconds = seconds, MaxModels = models };

        Assert.AreEqual(most, settings.MostModels);
        Assert.StartsWith(told, settings.ToString());
    }

    [TestMethod]
    public void ToString_OfAFinalTest_HasItsMetricsAndVerdicts()
        => Assert.AreEqual($"40 rows that chose nothing: Accuracy 0.7500{Environment.NewLine}P: 0.0500 on 40 rows, bound 0.1000: kept",
            new FinalTest(40, new Dictionary<string, double> { ["Accuracy"] = 0.75 },
                [new ConstraintVerdict("P", 0.1, false, Verdict.Kept, 0.05, ConfidenceInterval.Undefined, 40)]).ToString());

    [TestMethod]
    public void Execute_AnyNumberAtOnce_SameResult()
    {
        var one = SmallExperiments.Run(SmallExperiments.Settings(Parity) with { NumberOfParallelTrials = 1 });
        var four = SmallExperiments.Run(SmallExperiments.Settings(Parity) with { NumberOfParallelTrials = 4 });

        Assert.AreEqual(SmallExperiments.Told(one), SmallExperiments.Told(four));
        Assert.HasCount(10, one.RunDetails);
        Assert.IsTrue(one.RunDetails.Any(run => run.Status == RunStatus.Stopped));
        Assert.AreNotEqual(SmallExperiments.Told(one),
            SmallExperiments.Told(SmallExperiments.Run(SmallExperiments.Settings(Parity) with { Seed = 6 })));
    }

    [TestMethod]
    public void Execute_TimeIsUp_KeepsTheBestOfTheRunsThatEnded()
    {
        var time = new ManualTime();
        var settings = SmallExperiments.Settings(Parity) with
        {
            MaxExperimentTimeInSeconds = 60,
            MaxModels = 100,
            NumberOfParallelTrials = 1,
            Time = time,
        };

        var result = SmallExperiments.Run(settings, new Listener<RunDetail>(run =>
        {
            if (run.Number >= TrialSearch.RoundSize)
                time.Advance(TimeSpan.FromSeconds(61));
        }));

        Assert.IsFalse(result.IsCanceled);
        Assert.IsGreaterThan(TrialSearch.RoundSize, result.RunDetails.Count);
        Assert.IsLessThan(2 * TrialSearch.RoundSize, result.RunDetails.Count);
        Assert.IsNotNull(result.BestRun.Model);
    }

    [TestMethod]
    public void Execute_TimeIsUpAtOnce_StillEndsTheFirstRun()
    {
        var time = new ManualTime();
        var settings = SmallExperiments.Settings(Parity) with { MaxExperimentTimeInSeconds = 1, NumberOfParallelTrials = 1, Time = time };
        settings.Options.Constraints = [Fairness.Custom("clock", ["Sex"], 1, batch =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return batch.GroupMeans(batch.Predictions);
        })];

        var result = SmallExperiments.Run(settings);

        Assert.AreEqual((0, RunStatus.Finished), (result.RunDetails.Single().Number, result.BestRun.Status));
    }

    [TestMethod]
    public void Execute_JournalOfOtherOptions_Throws()
    {
        using var cache = new CacheFolder();
        var settings = SmallExperiments.Settings(Parity) with { CacheDirectory = cache.Path, MaxModels = 1 };
        _ = SmallExperiments.Run(settings);
        settings.Options.Constraints = [Parity with { Bound = 0.2 }];

        Assert.ThrowsExactly<InvalidOperationException>(() => SmallExperiments.Run(settings));
    }

    [TestMethod]
    public void Execute_Choice_IsBestOfThoseThatKeepTheBounds()
    {
        var result = SmallExperiments.Run(SmallExperiments.Settings(Parity));
        var finalists = result.RunDetails.Where(run => run.IsFinalist).ToList();

        Assert.HasCount(result.Looks, finalists);
        Assert.IsTrue(finalists.Exists(run => run.Number == 0));
        Assert.IsTrue(finalists.TrueForAll(run => run.Status == RunStatus.Finished));
        var least = finalists.Min(run => run.Shortfall!.Value);
        var best = finalists.Where(run => run.Shortfall == least).Max(run => run.JudgedMetrics!["Accuracy"]);
        Assert.AreEqual((least, best), (result.BestRun.Shortfall!.Value, result.BestRun.JudgedMetrics!["Accuracy"]));
        Assert.IsNotNull(result.BestRun.Model);
        Assert.IsFalse(result.IsTrainedAgain);
        foreach (var verdict in finalists.Select(run => run.JudgedVerdicts[0]).Where(verdict => verdict.Verdict != Verdict.NotMeasurable))
            Assert.IsGreaterThan(verdict.Value, verdict.Interval.Upper);
    }

    [TestMethod]
    public void Execute_MarginsVaried_FinalistsComeFromSeveralDistances()
    {
        var settings = SmallExperiments.Settings(Parity) with
        {
            MaxModels = 24,
            SearchSpace = [SearchParameter.Number("MarginShare", 0.1, 1, (options, share) => options.MarginShare = share)],
        };

        var result = SmallExperiments.Run(settings);

        var finalists = result.RunDetails.Where(run => run.IsFinalist).ToList();
        double Value(RunDetail run) => run.ConstraintValues[Parity.Name];
        var others = finalists.Where(run => run.Number > 0 && run.Violation == 0 && Value(run) >= Value(result.RunDetails[0])).ToList();
        var nearest = result.RunDetails.Where(run => run is { Status: RunStatus.Finished, Violation: 0, Number: > 0 })
            .GroupBy(run => run.Objective).MaxBy(same => same.Key)!.Min(Value);
        Assert.IsTrue(others.Exists(run => Value(run) == nearest), "the best of all that keep the bound");
        Assert.HasCount(finalists.Count - 1, finalists.Where(run => run.Number > 0).ToList());
        Assert.IsTrue(result.RunDetails.All(run => run.Number == 0 || run.Options.MarginShare is >= 0.1 and <= 1));
    }

    [TestMethod]
    public void Execute_LooseBound_KeepsItOnJudgingRows()
    {
        var result = SmallExperiments.Run(SmallExperiments.Settings(Fairness.DemographicParity("Sex", 0.9)));

        Assert.AreEqual(0.0, result.BestRun.Shortfall);
        Assert.Contains("that keep the bounds on the judging rows", result.Choice);
        Assert.AreEqual(Verdict.Shown, result.Test!.Verdicts[0].Verdict);
        Assert.AreEqual(400, result.Test.Rows);
        Assert.AreEqual(result.Test.Verdicts[0].Value, result.Test.Audit!.ValueOf(result.BestRun.Options.Constraints[0]), 1e-12);
    }

    [TestMethod]
    public void Execute_ImpossibleBound_SaysSo()
    {
        var settings = SmallExperiments.Settings(Fairness.RateAtMost(GroupMetric.ErrorRate, "Sex", 0.001));

        var result = SmallExperiments.Run(settings with { MaxModels = 1 });

        Assert.IsGreaterThan(0, result.BestRun.Shortfall!.Value);
        Assert.Contains("None of 1 finalist keeps the bounds", result.Choice);
    }

    [TestMethod]
    public void Execute_PreFeaturizer_IsFittedOnRowsThatTrainAlone()
    {
        var context = new MLContext(1);
        var memory = new LabelMemory(context);
        var settings = SmallExperiments.Settings() with { MaxModels = 2 };
        settings.Options.FeatureColumnName = "Remembered";

        var result = context.Constrained().Experiments.CreateBinaryClassificationExperiment(settings)
            .Execute(SmallExperiments.People(context), 3, preFeaturizer: memory);

        // 480 rows are not test rows; of the 320 that a fold does not judge, 256 train. The last is the final training.
        CollectionAssert.AreEqual(new[] { 256, 256, 256, 480 }, memory.RowsFitted.ToArray());
        Assert.IsLessThan(0.8, result.BestRun.JudgedMetrics!["Accuracy"], "What was fitted had seen the judging rows.");
        Assert.IsLessThan(0.8, result.Test!.Metrics["Accuracy"], "What was fitted had seen the test rows.");
        Assert.IsTrue(result.IsTrainedAgain);
        Assert.IsNotNull(result.BestRun.Model!.Transform(SmallExperiments.People(context, 20, 4)).Schema.GetColumnOrNull("Score"));
    }

    [TestMethod]
    public void Save_BestModel_KeepsItsExperiment()
    {
        var context = new MLContext(1);
        var settings = SmallExperiments.Settings(Parity) with { MaxModels = 2 };
        var result = context.Constrained().Experiments.CreateBinaryClassificationExperiment(settings)
            .Execute(SmallExperiments.People(context), 2);
        using var stream = new MemoryStream();
        context.Model.Save(result.BestRun.Model, SmallExperiments.People(context).Schema, stream);

        var loaded = new MLContext().Model.Load(stream, out _);

        var model = ((ISingleFeaturePredictionTransformer<ConstrainedModelParameters>)
            (loaded is TransformerChain<ITransformer> chain ? chain.LastTransformer : loaded)).Model;
        var origin = model.Origin.Experiment!;
        Assert.AreEqual((result.BestRun.Number, 2, result.Looks, 5, result.Choice),
            (origin.Run, origin.Runs, origin.Looks, origin.Seed, origin.Choice));
        Assert.AreEqual(SmallExperiments.Scores(result.BestRun.Model!), SmallExperiments.Scores(loaded));
    }

    [TestMethod]
    public void Execute_CanceledBeforeARun_Throws()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();

        Assert.Throws<OperationCanceledException>(
            () => SmallExperiments.Run(SmallExperiments.Settings(Parity) with { CancellationToken = source.Token }));
    }

    [TestMethod]
    public void Execute_CanceledBetweenRuns_KeepsTheBest()
    {
        using var source = new CancellationTokenSource();
        var context = new MLContext(1);
        var settings = SmallExperiments.Settings(Parity) with { CancellationToken = source.Token, NumberOfParallelTrials = 1 };

        var result = context.Constrained().Experiments.CreateBinaryClassificationExperiment(settings).Execute(
            SmallExperiments.People(context), 2, progressHandler: new Listener<RunDetail>(run =>
            {
                if (run.Status == RunStatus.Finished)
                    source.Cancel();
            }));

        Assert.IsTrue(result.IsCanceled);
        Assert.IsFalse(result.IsTrainedAgain);
        Assert.AreEqual(1, result.RunDetails.Count(run => run.Status == RunStatus.Finished));
        Assert.IsNotNull(result.BestRun.Model);
    }

    [TestMethod]
    public void Execute_FailedRun_IsToldAndNotChosen()
    {
        var settings = SmallExperiments.Settings(Parity) with
        {
            MaxModels = 3,
            SearchSpace = [SearchParameter.Choice("LearningRate", [1e30], (options, rate) => options.LearningRate = rate)],
        };

        var result = SmallExperiments.Run(settings);

        Assert.AreEqual(0, result.BestRun.Number);
        Assert.IsTrue(result.RunDetails.Skip(1).All(run => run.Status == RunStatus.Failed && run.Error is not null));
    }

    [TestMethod]
    public void ToJson_AndToDataView_HaveEveryRun()
    {
        var result = SmallExperiments.Run(SmallExperiments.Settings(Parity) with { MaxModels = 3 });
        using var json = JsonDocument.Parse(result.ToJson());
        var view = result.ToDataView(new MLContext(1));

        Assert.AreEqual(3, json.RootElement.GetProperty("runs").GetArrayLength());
        Assert.AreEqual(result.BestRun.Number, json.RootElement.GetProperty("best").GetInt32());
        CollectionAssert.AreEqual(new[] { 0, 1, 2 }, view.GetColumn<int>("Number").ToArray());
        CollectionAssert.AreEqual(result.RunDetails.Select(run => run.Objective).ToArray(), view.GetColumn<double>("Objective").ToArray());
    }

    [TestMethod]
    public void ParetoFront_FinishedRuns_AreThoseThatNoOtherDominates()
    {
        var result = SmallExperiments.Run(SmallExperiments.Settings(Parity));
        var finished = result.RunDetails.Where(run => run.Status == RunStatus.Finished).ToList();
        double Value(RunDetail run) => run.ConstraintValues[Parity.Name];
        bool Dominates(RunDetail one, RunDetail other) => one.Objective >= other.Objective && Value(one) <= Value(other)
            && (one.Objective > other.Objective || Value(one) < Value(other));

        var expected = finished.Where(run => !finished.Exists(other => Dominates(other, run))).Select(run => run.Number).ToArray();

        CollectionAssert.AreEqual(expected, result.ParetoFront.Select(run => run.Number).ToArray());
        Assert.IsLessThan(finished.Count, expected.Length, "some run is dominated");
        using var json = JsonDocument.Parse(result.ToJson());
        CollectionAssert.AreEqual(expected, json.RootElement.GetProperty("paretoFront").EnumerateArray().Select(run => run.GetInt32())
            .ToArray());
    }

    [TestMethod]
    public void Execute_KeysMadeInEachFold_AreJudgedByTheirNames()
    {
        var context = new MLContext(1);
        var options = Worker.Small(new ConstrainedMulticlassClassificationTrainer.Options { LabelColumnName = "Class" });
        options.Constraints = [Fairness.DemographicParity("Sex", 0.3) with { ClassName = "high" }];
        ExperimentResult Run(IEstimator<ITransformer> featurizer) => context.Constrained().Experiments
            .CreateMulticlassClassificationExperiment(new() { Options = options, SearchSpace = [], Seed = 3 })
            .Execute(Worker.View(context, 400), 4, preFeaturizer: featurizer);

        // Keys by occurrence differ between the folds; those by value do not.
        var met = Run(context.Transforms.Conversion.MapValueToKey("Class", "Level"));
        var sorted = Run(context.Transforms.Conversion.MapValueToKey("Class", "Level",
            keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue));

        Assert.AreEqual(sorted.BestRun.JudgedVerdicts[0].Rows, met.BestRun.JudgedVerdicts[0].Rows);
        Assert.AreEqual(sorted.BestRun.JudgedVerdicts[0].Value, met.BestRun.JudgedVerdicts[0].Value, 0.15);
        Assert.AreEqual(sorted.BestRun.JudgedMetrics!["MicroAccuracy"], met.BestRun.JudgedMetrics!["MicroAccuracy"], 0.1);
    }

    [TestMethod]
    public void Execute_MulticlassAndRegression_Run()
    {
        var context = new MLContext(1);
        var data = Worker.View(context, 500);
        var options = Worker.Small(new ConstrainedMulticlassClassificationTrainer.Options());
        options.Constraints = [Fairness.DemographicParity("Sex", 0.3)];
        var classes = context.Constrained().Experiments.CreateMulticlassClassificationExperiment(new()
        {
            Options = options,
            SearchSpace = SmallExperiments.Space,
            MaxModels = 3,
            OptimizingMetric = MulticlassClassificationMetric.LogLoss,
        }).Execute(data, 2);
        var wages = Worker.Small(new ConstrainedRegressionTrainer.Options { LabelColumnName = "Wage" });
        wages.Constraints = [Fairness.MeanParity("Sex", 6_000),
            Fairness.Custom("highest mean", ["Sex"], 5, batch => batch.GroupMeans(batch.Predictions).div(10_000))];
        var numbers = context.Constrained().Experiments.CreateRegressionExperiment(new()
        {
            Options = wages,
            SearchSpace = SmallExperiments.Space,
            MaxModels = 3,
        }).Execute(data, 2);

        Assert.IsGreaterThan(0.1, classes.Test!.Metrics["LogLossReduction"]);
        Assert.HasCount(1, classes.Test.Verdicts);
        Assert.AreEqual(classes.RunDetails.Where(run => run.IsFinalist && run.Shortfall == classes.BestRun.Shortfall)
            .Min(run => run.JudgedMetrics!["LogLoss"]), classes.BestRun.JudgedMetrics!["LogLoss"]);
        Assert.IsGreaterThan(0.2, numbers.Test!.Metrics["RSquared"]);
        Assert.HasCount(2, numbers.Test.Verdicts);
        Assert.IsTrue(double.IsFinite(numbers.Test.Verdicts[1].Value));
    }

    [TestMethod]
    public void Create_SettingsOutOfRange_ListsAll()
    {
        var settings = SmallExperiments.Settings() with
        {
            MaxModels = 0,
            TestFraction = 1,
            SearchSpace = [.. SmallExperiments.Space, SmallExperiments.Space[0]],
            CacheDirectory = " ",
            OptimizingMetric = (BinaryClassificationMetric)99,
        };
        settings.Options.ValidationFraction = 0;
        settings.Options.Checkpoint = new() { Path = "run.checkpoint" };
        settings.Options.Collective = new ThreadTeam(2).Members[0];

        var problem = Assert.ThrowsExactly<ArgumentException>(
            () => new MLContext(1).Constrained().Experiments.CreateBinaryClassificationExperiment(settings));

        string[] parts = ["MaxModels must be at least 1, got 0", "TestFraction must be", "2 parameters named 'LearningRate'",
            "ValidationFraction must be above 0", "Options.Checkpoint must be null", "Options.Collective must be null",
            "CacheDirectory must be the path of a folder, got ' '", "OptimizingMetric must be one of Accuracy, "];
        foreach (var part in parts)
            Assert.Contains(part, problem.Message);
    }
}
