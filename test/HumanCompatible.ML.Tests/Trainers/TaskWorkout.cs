using System.Collections.Concurrent;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;
using Microsoft.ML;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>
/// What the workout of several classes and of numbers runs over: both trainers under every constraint that they take, and with other
/// networks, encodings and dual optimizers. Each case is trained once.
/// </summary>
internal static class TaskWorkout
{
    internal const string Multiclass = nameof(ConstrainedTrainersCatalog.MulticlassClassification);
    internal const string Regression = nameof(ConstrainedTrainersCatalog.Regression);

    private static readonly ConcurrentDictionary<string, Lazy<TaskWorkoutCase>> Trained = new(StringComparer.Ordinal);

    private static readonly Dictionary<string, Action<ConstrainedTrainerOptions>> Cases =
        ConstraintsOf.SelectMany(task => task.Value.Select(constraint => (Name: $"{task.Key}: {constraint.Name}",
            Set: (Action<ConstrainedTrainerOptions>)(options => options.Constraints = [constraint]))))
        .Concat(new[] { Multiclass, Regression }.SelectMany(task => Settings.Select(setting => ($"{task}: {setting.Key}", setting.Value))))
        .ToDictionary(one => one.Item1, one => one.Item2);

    /// <summary>The constraints of each task, one declaration of each kind at least.</summary>
    internal static IReadOnlyDictionary<string, FairnessConstraint[]> ConstraintsOf => new Dictionary<string, FairnessConstraint[]>
    {
        [Multiclass] =
        [
            Fairness.DemographicParity("Sex", 0.1),
            Fairness.DemographicParity(["Sex", "Veteran"], 0.1) with { ClassName = "high" },
            Fairness.DemographicParity("Region", 0.05) with { Baseline = GroupBaseline.Overall },
            Fairness.DisparateImpact("Sex", 0.5),
            Fairness.EqualizedOdds("Sex", 0.2),
            Fairness.EqualOpportunity("Veteran", 0.1) with { Baseline = GroupBaseline.ReferenceGroup, ReferenceGroup = "False" },
            Fairness.PredictiveEquality("Region", 0.1),
            Fairness.AccuracyParity("Sex", 0.1),
            Fairness.PredictiveParity("Sex", 0.2),
            Fairness.FalseOmissionRateParity("Sex", 0.1) with { ClassName = "low" },
            Fairness.LossParity("Sex", 0.1),
            Fairness.BoundedGroupLoss("Region", 1.1),
            Fairness.RateAtMost(GroupMetric.FalsePositiveRate, "Sex", 0.5),
            Fairness.RateAtLeast(GroupMetric.TruePositiveRate, [], 0.4) with { ClassName = "high" },
            Fairness.Custom("share of high", ["Sex"], 0.6, batch => batch.GroupMeans(batch.Predictions.select(1, 2))),
        ],
        [Regression] =
        [
            Fairness.MeanParity("Sex", 3_000),
            Fairness.MeanParity(["Sex", "Veteran"], 4_000) with { Baseline = GroupBaseline.Overall },
            Fairness.MeanParity("Region", 0.9) with { Comparison = GroupComparison.Ratio },
            Fairness.ResidualParity("Sex", 500),
            Fairness.ResidualParity("Veteran", 500) with { Baseline = GroupBaseline.ReferenceGroup, ReferenceGroup = "False" },
            Fairness.LossParity("Sex", 5_000_000),
            Fairness.BoundedGroupLoss("Region", 40_000_000),
            Fairness.RateAtMost(GroupMetric.MeanLoss, [], 40_000_000),
            Fairness.Custom("highest mean", ["Sex"], 5, batch => batch.GroupMeans(batch.Predictions).div(10_000)),
        ],
    };

    /// <summary>The names of the cases, for DynamicData.</summary>
    internal static IEnumerable<object[]> Names => Cases.Keys.Select(name => new object[] { name });

    private static IReadOnlyDictionary<string, Action<ConstrainedTrainerOptions>> Settings
        => new Dictionary<string, Action<ConstrainedTrainerOptions>>
        {
            ["no constraint"] = _ => { },
            ["linear network"] = options => options.Network = Network.Linear(),
            ["own network"] = options => options.Network = UserNetworks.Linear,
            ["features as they are"] = options => options.FeatureEncoding = FeatureEncoding.None,
            ["example weights"] = options => (options.ExampleWeightColumnName, options.Constraints) = ("Weight", [LossOf(options)]),
            ["group-balanced batches"] = options => (options.Groups.Sampling, options.Constraints)
                = (BatchSampling.GroupBalanced, [LossOf(options)]),
            ["two workers"] = options => (options.NumberOfWorkers, options.Constraints) = (2, [LossOf(options)]),
            ["weight decay, early stop"] = options => (options.Optimizer.WeightDecay, options.EarlyStoppingPatience) = (0.01, 1),
            ["ALM"] = options => (options.DualOptimizer, options.Constraints) = (new AugmentedLagrangianOptions(), [LossOf(options)]),
            ["once an epoch"] = options => (options.DualOptimizer, options.Constraints)
                = (new InexactAugmentedLagrangianOptions { OncePerEpoch = true }, [LossOf(options)]),
            ["confidence"] = options => (options.ConfidenceLevel, options.Constraints) = (0.9, [LossOf(options)]),
        };

    /// <summary>The trained case of a name.</summary>
    internal static TaskWorkoutCase Get(string name) => Trained.GetOrAdd(name, key => new Lazy<TaskWorkoutCase>(() => Train(key))).Value;

    /// <summary>The trainer of a case in a context.</summary>
    internal static IEstimator<ITransformer> Trainer(MLContext context, string name)
    {
        if (name.StartsWith(Multiclass, StringComparison.Ordinal))
        {
            var options = Worker.Small(new ConstrainedMulticlassClassificationTrainer.Options());
            Cases[name](options);
            return context.Constrained().Trainers.MulticlassClassification(options);
        }

        var regression = Worker.Small(new ConstrainedRegressionTrainer.Options { LabelColumnName = "Wage" });
        Cases[name](regression);
        return context.Constrained().Trainers.Regression(regression);
    }

    private static FairnessConstraint LossOf(ConstrainedTrainerOptions options)
        => Fairness.LossParity("Sex", options.Task == LearningTask.Regression ? 5_000_000 : 0.1);

    private static TaskWorkoutCase Train(string name)
    {
        var context = new MLContext(1);
        var data = Worker.View(context);
        var trainer = Trainer(context, name);
        var model = trainer.Fit(data);
        return new TaskWorkoutCase(context, data, trainer, model,
            ((ISingleFeaturePredictionTransformer<ConstrainedModelParameters>)model).Model);
    }
}

/// <summary>A case of the workout.</summary>
/// <param name="Context">Its context.</param>
/// <param name="Data">The data; some rows are held out to choose the epoch.</param>
/// <param name="Trainer">The trainer.</param>
/// <param name="Model">What Fit gave.</param>
/// <param name="Parameters">The model in it.</param>
internal sealed record TaskWorkoutCase(MLContext Context, IDataView Data, IEstimator<ITransformer> Trainer, ITransformer Model,
    ConstrainedModelParameters Parameters);
