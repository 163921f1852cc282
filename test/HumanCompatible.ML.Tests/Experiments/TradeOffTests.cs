using System.Text.Json;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Experiments;
using HumanCompatible.ML.Tests.Trainers;
using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Experiments;

/// <summary>Sweeps and comparisons.</summary>
[TestClass]
public sealed class TradeOffTests
{
    [TestMethod]
    public void SweepBounds_TighterBounds_GoOnFromTheModelBefore()
    {
        var context = new MLContext(1);
        var settings = SmallExperiments.Settings(Fairness.DemographicParity("Sex", 0.5));
        settings.Options.NumberOfEpochs = 20;

        var sweep = Experiment(context, settings).SweepBounds([0.05, 0.3, 0.1], SmallExperiments.People(context, 1500),
            SmallExperiments.People(context, 1500, 2));

        CollectionAssert.AreEqual(new[] { 0.3, 0.1, 0.05 }, sweep.Points.Select(point => point.Constraints[0].Bound).ToArray());
        CollectionAssert.AreEqual(new[] { 20, 22, 24 }, sweep.Points.Select(point => ModelOf(point).History.Count).ToArray());
        CollectionAssert.AreEqual(ModelOf(sweep.Points[0]).History.ToArray(), ModelOf(sweep.Points[2]).History.Take(20).ToArray());
        foreach (var point in sweep.Points)
            Assert.AreEqual(point.Constraints[0].Bound, point.Verdicts.Single().Bound);
        Assert.IsLessThan(sweep.Points[0].Verdicts[0].Value, sweep.Points[2].Verdicts[0].Value);
        CollectionAssert.IsSubsetOf(sweep.Front.ToArray(), sweep.Points.ToArray());
    }

    [TestMethod]
    public void SweepBounds_ScheduleThatEndsAtNothing_StillMovesTowardsTighterBounds()
    {
        double Moved(LearningRateSchedule schedule)
        {
            var context = new MLContext(1);
            var settings = SmallExperiments.Settings(Fairness.DemographicParity("Sex", 0.5));
            (settings.Options.NumberOfEpochs, settings.Options.Optimizer.Schedule) = (20, schedule);
            var sweep = Experiment(context, settings).SweepBounds([0.3, 0.01], SmallExperiments.People(context, 1500));
            float[] Scores(TradeOffPoint point) => [.. point.Model.Transform(SmallExperiments.People(context, 200, 7))
                .GetColumn<float>("Score")];
            return Scores(sweep.Points[0]).Zip(Scores(sweep.Points[1]), (one, other) => Math.Abs(one - other)).Average();
        }

        Assert.IsGreaterThan(0.3 * Moved(LearningRateSchedule.Constant), Moved(LearningRateSchedule.Cosine()));
    }

    [TestMethod]
    public void SweepBounds_LowerBounds_BeginWithTheSmallest()
    {
        var context = new MLContext(1);

        var sweep = Experiment(context, SmallExperiments.Settings(Fairness.DisparateImpact("Sex", 0.5)))
            .SweepBounds([0.9, 0.2], SmallExperiments.People(context));

        CollectionAssert.AreEqual(new[] { 0.2, 0.9 }, sweep.Points.Select(point => point.Constraints[0].Bound).ToArray());
    }

    [TestMethod]
    public void SweepBounds_NothingToSweep_Throws()
    {
        var context = new MLContext(1);
        var people = SmallExperiments.People(context);
        var parity = Fairness.DemographicParity("Sex", 0.1);

        Assert.ThrowsExactly<ArgumentException>(() => Experiment(context, SmallExperiments.Settings()).SweepBounds([0.1], people));
        Assert.ThrowsExactly<ArgumentException>(() => Experiment(context, SmallExperiments.Settings(parity)).SweepBounds([], people));
        Assert.ThrowsExactly<ArgumentException>(() => Experiment(context, SmallExperiments.Settings(parity)).SweepBounds([2], people));
        Assert.Contains("each bound once, got 0.1 2 times", Assert.ThrowsExactly<ArgumentException>(
            () => Experiment(context, SmallExperiments.Settings(parity)).SweepBounds([0.1, 0.2, 0.1], people)).Message);
        Assert.ThrowsExactly<ArgumentException>(() => Experiment(context,
            SmallExperiments.Settings(parity, Fairness.DisparateImpact("Sex", 0.5))).SweepBounds([0.1], people));
    }

    [TestMethod]
    public void Compare_Alternatives_MeasuresAllConstraintsOnEveryModel()
    {
        var context = new MLContext(1);
        var (parity, odds) = (Fairness.DemographicParity("Sex", 0.05), Fairness.EqualizedOdds("Region", 0.2));

        var comparison = Experiment(context, SmallExperiments.Settings())
            .Compare([[], [parity], [odds]], SmallExperiments.People(context, 900));

        CollectionAssert.AreEqual(new[] { "no constraints", "DemographicParity(Sex) <= 0.05", "EqualizedOdds(Region) <= 0.2" },
            comparison.Points.Select(point => point.Label).ToArray());
        foreach (var point in comparison.Points)
            CollectionAssert.AreEqual(new[] { parity.Name, odds.Name }, point.Verdicts.Select(verdict => verdict.Name).ToArray());
        Assert.IsLessThan(comparison.Points[0].Verdicts[0].Value, comparison.Points[1].Verdicts[0].Value);
        using var json = JsonDocument.Parse(comparison.ToJson());
        Assert.AreEqual(3, json.RootElement.GetProperty("points").GetArrayLength());
        Assert.HasCount(6, comparison.ToDataView(context).GetColumn<double>("Value").ToList());
    }

    [TestMethod]
    public void SweepBounds_TooFewRowsToTell_AreNotMeasurableAndNotOnTheFront()
    {
        var context = new MLContext(1);

        var sweep = Experiment(context, SmallExperiments.Settings(Fairness.DemographicParity("Sex", 0.5)))
            .SweepBounds([0.9, 0.01], SmallExperiments.People(context), SmallExperiments.People(context, 60, 2));

        CollectionAssert.AreEqual(new[] { true, false }, sweep.Points.Select(point => point.IsMeasured).ToArray());
        CollectionAssert.AreEqual(new[] { sweep.Points[0] }, sweep.Front.ToArray());
        Assert.EndsWith(" (not measurable)", sweep.ToString());
        Assert.DoesNotContain("dominated", sweep.ToString());
        Assert.AreEqual(60, sweep.Rows);
        using var json = JsonDocument.Parse(sweep.ToJson());
        CollectionAssert.AreEqual(new[] { true, false },
            json.RootElement.GetProperty("points").EnumerateArray().Select(point => point.GetProperty("isOnFront").GetBoolean()).ToArray());
        var view = sweep.ToDataView(context);
        CollectionAssert.AreEqual(new[] { "Kept", "NotMeasurable" }, view.GetColumn<string>("Verdict").ToArray());
        CollectionAssert.AreEqual(new[] { 0.9, 0.01 }, view.GetColumn<double>("Bound").ToArray());
        CollectionAssert.AreEqual(new[] { true, false }, view.GetColumn<bool>("IsOnFront").ToArray());
    }

    [TestMethod]
    public void SweepBounds_PreFeaturizer_IsFittedOnRowsThatTrainAlone()
    {
        var context = new MLContext(1);
        var memory = new LabelMemory(context);
        var settings = SmallExperiments.Settings(Fairness.DemographicParity("Sex", 0.5));
        settings.Options.FeatureColumnName = "Remembered";

        var sweep = Experiment(context, settings).SweepBounds([0.9, 0.5], SmallExperiments.People(context), preFeaturizer: memory);

        // A fifth of the 600 rows measures, a fifth of the rest chooses the epoch.
        CollectionAssert.AreEqual(new[] { 384 }, memory.RowsFitted.ToArray());
        Assert.AreEqual(120, sweep.Rows);
        foreach (var point in sweep.Points)
            Assert.IsLessThan(0.8, point.Objective, "What was fitted had seen the rows that measure.");
    }

    [TestMethod]
    public void SweepBounds_MulticlassAndRegression_TightenTheStatistic()
    {
        var context = new MLContext(1);
        var data = Worker.View(context, 1500);
        var classes = Worker.Small(new ConstrainedMulticlassClassificationTrainer.Options());
        classes.Constraints = [Fairness.DemographicParity("Sex", 0.3)];
        var wages = Worker.Small(new ConstrainedRegressionTrainer.Options { LabelColumnName = "Wage" });
        wages.Constraints = [Fairness.MeanParity("Sex", 6_000)];
        (classes.NumberOfEpochs, wages.NumberOfEpochs) = (40, 40);

        TradeOff[] sweeps =
        [
            context.Constrained().Experiments.CreateMulticlassClassificationExperiment(new() { Options = classes })
                .SweepBounds([0.9, 0.1], data),
            context.Constrained().Experiments.CreateRegressionExperiment(new() { Options = wages }).SweepBounds([90_000, 1_000], data),
        ];

        foreach (var sweep in sweeps)
            Assert.IsLessThan(sweep.Points[0].Verdicts[0].Value, sweep.Points[1].Verdicts[0].Value);
    }

    private static ConstrainedExperiment Experiment(MLContext context, BinaryExperimentSettings settings)
        => context.Constrained().Experiments.CreateBinaryClassificationExperiment(settings);

    private static ConstrainedModelParameters ModelOf(TradeOffPoint point)
        => ((ISingleFeaturePredictionTransformer<ConstrainedModelParameters>)point.Model).Model;
}
