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
            ["linear network"] = options => (options.Network, options.Constraints)
                = (Network.Linear(), [ParityOf(options) with { Bound = options.Task == LearningTask.Regression ? 1e6 : 1 }]),
            ["own network"] = options => options.Network = UserNetworks.Linear,
            ["batch normalization"] = options
                => options.Network = Network.MultilayerPerceptron([7, 5], Activation.GELU, 0.1, Normalization.Batch),
            ["layer normalization"] = options
                => options.Network = Network.MultilayerPerceptron([8], Activation.ReLU, 0, Normalization.Layer),
            ["residual network"] = options => (options.Network, options.Constraints)
                = (Network.ResidualPerceptron(6, 2, dropout: 0.1, normalization: Normalization.Batch), [LossOf(options)]),
            ["SGD, cosine, short gradients"] = options => options.Optimizer = new()
            {
                Method = PrimalMethod.Sgd,
                Schedule = LearningRateSchedule.Cosine() with { WarmUpEpochs = 1 },
                MaximumGradientNorm = 1,
            },
            ["several columns"] = options => options.FeatureColumnName = "Columns",
            ["missing values"] = options => (options.FeatureColumnName, options.EncodeMissingValues) = ("Gaps", true),
            ["features as they are"] = options => options.FeatureEncoding = FeatureEncoding.None,
            ["example weights"] = options => (options.ExampleWeightColumnName, options.Constraints)
                = ("Weight", [LossOf(options), ParityOf(options)]),
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
    /// <param name="context">The context.</param>
    /// <param name="name">The name of the case.</param>
    /// <param name="change">What is to be otherwise, or null.</param>
    /// <param name="callbacks">Who follows the training, or null.</param>
    internal static IEstimator<ITransformer> Trainer(MLContext context, string name, Action<ConstrainedTrainerOptions>? change = null,
        TrainingCallbacks? callbacks = null)
    {
        if (name.StartsWith(Multiclass, StringComparison.Ordinal))
        {
            var options = Worker.Small(new ConstrainedMulticlassClassificationTrainer.Options());
            Cases[name](options);
            change?.Invoke(options);
            return context.Constrained().Trainers.MulticlassClassification(options, callbacks);
        }

        var regression = Worker.Small(new ConstrainedRegressionTrainer.Options { LabelColumnName = "Wage" });
        Cases[name](regression);
        change?.Invoke(regression);
        return context.Constrained().Trainers.Regression(regression, callbacks);
    }

    /// <summary>
    /// The rows that choose the epoch of a case: of a constraint its own, of example weights those of another population, by which the rows
    /// trained on count less. The trainer of any other holds out some of the data; null.
    /// </summary>
    /// <param name="context">The context.</param>
    /// <param name="name">The name of the case.</param>
    internal static IDataView? Validation(MLContext context, string name)
        => name.EndsWith(": example weights", StringComparison.Ordinal) ? Worker.View(context, seed: 2, isUnequal: true)
            : Settings.Keys.Any(setting => name.EndsWith($": {setting}", StringComparison.Ordinal)) ? null : Worker.View(context, seed: 2);

    /// <summary>Trains a case.</summary>
    /// <param name="trainer">Its trainer.</param>
    /// <param name="data">The data.</param>
    /// <param name="validation">See <see cref="Validation"/>.</param>
    internal static ITransformer Fit(IEstimator<ITransformer> trainer, IDataView data, IDataView? validation)
        => (trainer, validation) switch
        {
            (ConstrainedMulticlassClassificationTrainer multiclass, { } others) => multiclass.Fit(data, others),
            (ConstrainedRegressionTrainer regression, { } others) => regression.Fit(data, others),
            _ => trainer.Fit(data),
        };

    private static FairnessConstraint LossOf(ConstrainedTrainerOptions options)
        => Fairness.LossParity("Sex", options.Task == LearningTask.Regression ? 5_000_000 : 0.1);

    private static FairnessConstraint ParityOf(ConstrainedTrainerOptions options)
        => options.Task == LearningTask.Regression ? Fairness.MeanParity("Sex", 3_000) : Fairness.DemographicParity("Sex", 0.1);

    private static TaskWorkoutCase Train(string name)
    {
        var context = new MLContext(1);
        var (data, validation) = (Worker.View(context), Validation(context, name));
        var trainer = Trainer(context, name);
        return new TaskWorkoutCase(context, data, validation, trainer, Fit(trainer, data, validation));
    }
}

/// <summary>A case of the workout.</summary>
/// <param name="Context">Its context.</param>
/// <param name="Data">The data.</param>
/// <param name="Validation">The rows that choose the epoch; null where some of the data are held out for that.</param>
/// <param name="Trainer">The trainer.</param>
/// <param name="Model">What Fit gave.</param>
internal sealed record TaskWorkoutCase(MLContext Context, IDataView Data, IDataView? Validation, IEstimator<ITransformer> Trainer,
    ITransformer Model)
{
    /// <summary>The model in what Fit gave.</summary>
    internal ConstrainedModelParameters Parameters => ((ISingleFeaturePredictionTransformer<ConstrainedModelParameters>)Model).Model;

    /// <summary>The feature column.</summary>
    internal string Features => ((ISingleFeaturePredictionTransformer<ConstrainedModelParameters>)Model).FeatureColumnName;
}
