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
/// What the workout runs over: every trainer under every constraint, with every network, encoding and dual optimizer. Each case is trained
/// once.
/// </summary>
internal static class Workout
{
    private const int RowCount = 600;

    private static readonly ConcurrentDictionary<string, Lazy<WorkoutCase>> Trained = new(StringComparer.Ordinal);

    private static readonly Dictionary<string, Func<ConstrainedBinaryClassificationTrainer.Options>> Binary = Constraints
        .ToDictionary(constraint => constraint.Name,
            constraint => (Func<ConstrainedBinaryClassificationTrainer.Options>)(() => Small(constraint)))
        .Concat(new Dictionary<string, Func<ConstrainedBinaryClassificationTrainer.Options>>
        {
            ["no constraint"] = () => Small(),
            ["two constraints"] = () => Small(Fairness.DemographicParity("Sex", 0.1), Fairness.EqualOpportunity(["Sex", "Region"], 0.3)),
            ["linear network"] = () => With(options => options.Network = Network.Linear()),
            ["two layers, tanh, dropout"] = ()
                => With(options => options.Network = Network.MultilayerPerceptron([6, 3], Activation.Tanh, 0.2)),
            ["SiLU"] = () => With(options => options.Network = Network.MultilayerPerceptron([4], Activation.SiLU)),
            ["batch normalization"] = () => With(options
                => options.Network = Network.MultilayerPerceptron([7, 5], Activation.ReLU, 0.1, Normalization.Batch)),
            ["layer normalization"] = () => With(options
                => options.Network = Network.MultilayerPerceptron([8], Activation.ReLU, 0, Normalization.Layer)),
            ["residual network"] = () => With(options
                => options.Network = Network.ResidualPerceptron(6, 2, Activation.ReLU, 0.1, Normalization.Batch)),
            ["SGD, cosine, short gradients"] = () => With(options => options.Optimizer = new()
            {
                Method = PrimalMethod.Sgd,
                Schedule = LearningRateSchedule.Cosine() with { WarmUpEpochs = 1 },
                MaximumGradientNorm = 1,
            }),
            ["features as they are"] = () => With(options => options.FeatureEncoding = FeatureEncoding.None),
            ["example weights"] = () => With(options => (options.ExampleWeightColumnName, options.LearningRate) = ("Weight", 0.1)),
            ["number as label"] = () => With(options => options.LabelColumnName = "Number"),
            ["key as label"] = () => With(options => options.LabelColumnName = "Key"),
            ["weight decay, early stop"] = ()
                => With(options => (options.Optimizer.WeightDecay, options.EarlyStoppingPatience) = (0.01, 1)),
            ["group-balanced batches"] = () => With(options
                => (options.Groups.Sampling, options.Constraints) =
                (BatchSampling.GroupBalanced, [Fairness.DemographicParity(["Sex", "Veteran"], 0.1)])),
            ["two workers"] = () => With(options => options.NumberOfWorkers = 2),
            ["three workers, group-balanced batches, dropout"] = () => With(options =>
            {
                options.NumberOfWorkers = 3;
                options.Network = Network.MultilayerPerceptron([4], Activation.ReLU, 0.2);
                options.Groups.Sampling = BatchSampling.GroupBalanced;
            }),
            ["groups left out"] = () => With(options
                => (options.Groups.MinimumSize, options.Constraints) =
                (80, [Fairness.EqualizedOdds(["Sex", "Region"], 0.1), Fairness.DemographicParity("Region", 0.1)])),
            ["ALM"] = () => With(options => options.DualOptimizer = new AugmentedLagrangianOptions()),
            ["nuPI"] = () => With(options => options.DualOptimizer = new NuPIOptions()),
            ["PBM"] = () => With(options => options.DualOptimizer = new PenaltyBarrierOptions()),
            ["SSG"] = () => With(options => options.DualOptimizer = new SwitchingSubgradientOptions()),
        })
        .ToDictionary();

    /// <summary>One declaration of each kind at least, over group columns of every type.</summary>
    internal static IReadOnlyList<FairnessConstraint> Constraints =>
    [
        Fairness.DemographicParity("Sex", 0.05),
        Fairness.DemographicParity(["Sex", "Veteran"], 0.1),
        Fairness.DemographicParity("Region", 0.05) with { Baseline = GroupBaseline.Overall },
        Fairness.DisparateImpact("Sex", 0.8),
        Fairness.EqualizedOdds("Region", 0.1),
        Fairness.EqualOpportunity("Veteran", 0.1) with { Baseline = GroupBaseline.ReferenceGroup, ReferenceGroup = "False" },
        Fairness.PredictiveEquality("Household", 0.1),
        Fairness.AccuracyParity("District", 0.1),
        Fairness.PredictiveParity("Sex", 0.1),
        Fairness.FalseOmissionRateParity("Sex", 0.1),
        Fairness.LossParity("Sex", 0.1),
        Fairness.BoundedGroupLoss("Sex", 0.9),
        Fairness.RateAtMost(GroupMetric.SelectionRate, [], 0.5),
        Fairness.RateAtLeast(GroupMetric.TruePositiveRate, ["Sex", "District"], 0.4),
        Fairness.Custom("Custom", ["Sex"], 0.1, ValidationSpread),
    ];

    // max - min of the selection rates: the audited value of demographic parity.
    private static TorchSharp.torch.Tensor ValidationSpread(ConstraintBatch batch)
    {
        var rates = batch.GroupMeans(batch.Predictions);
        return rates.max().sub(rates.min()).unsqueeze(0);
    }

    /// <summary>The names of the cases, for DynamicData.</summary>
    internal static IEnumerable<object[]> Names
        => Binary.Keys.Select(name => new object[] { $"{nameof(ConstrainedTrainersCatalog.BinaryClassification)}: {name}" });

    /// <summary>The trainers that <see cref="Names"/> goes over.</summary>
    internal static IReadOnlyList<string> Trainers => [.. Names.Select(name => ((string)name[0]).Split(':')[0]).Distinct()];

    /// <summary>The trained case of a name.</summary>
    internal static WorkoutCase Get(string name) => Trained.GetOrAdd(name, key => new Lazy<WorkoutCase>(() => Train(key))).Value;

    /// <summary>Options that train in a fraction of a second.</summary>
    internal static ConstrainedBinaryClassificationTrainer.Options Small(params FairnessConstraint[] constraints)
    {
        var options = Census.Options(constraints);
        (options.NumberOfEpochs, options.BatchSize) = (2, 128);
        return options;
    }

    /// <summary>New options of a case.</summary>
    internal static ConstrainedBinaryClassificationTrainer.Options OptionsOf(string name)
        => Binary[name[(name.IndexOf(':', StringComparison.Ordinal) + 2)..]]();

    private static ConstrainedBinaryClassificationTrainer.Options With(Action<ConstrainedBinaryClassificationTrainer.Options> change)
    {
        var options = Small(Fairness.DemographicParity("Sex", 0.05));
        change(options);
        return options;
    }

    /// <summary>The trainer of a case in a context.</summary>
    internal static ConstrainedBinaryClassificationTrainer Trainer(MLContext context, string name)
        => context.Constrained().Trainers.BinaryClassification(OptionsOf(name));

    // With example weights of another population, in which the sexes differ by more: the rows trained on then count less.
    private static IDataView Validation(MLContext context, string name)
        => !name.EndsWith(": example weights", StringComparison.Ordinal) ? Census.View(context, RowCount, seed: 2)
            : context.Data.LoadFromEnumerable(Census.People(2 * RowCount, seed: 2)
                .Where(person => person.Sex == "Female" || person.Label || person.Household == 1).Take(RowCount).ToList());

    private static WorkoutCase Train(string name)
    {
        var context = new MLContext(1);
        var data = Census.View(context, RowCount);
        var validation = Validation(context, name);
        var trainer = Trainer(context, name);
        return new WorkoutCase(context, data, validation, trainer, trainer.Fit(data, validation));
    }
}
