using System.Reflection;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>The defaults that the documentation states. A change of one is a change of every model that is trained without it.</summary>
[TestClass]
public sealed class OptionDefaultTests
{
    [TestMethod]
    public void Ctor_Defaults()
    {
        var options = new ConstrainedBinaryClassificationTrainer.Options();

        Assert.AreEqual("Label", options.LabelColumnName);
        Assert.AreEqual("Features", options.FeatureColumnName);
        Assert.IsNull(options.ExampleWeightColumnName);
        Assert.IsEmpty(options.Constraints);
        Assert.AreEqual(Network.MultilayerPerceptron(64, 64), options.Network);
        Assert.IsNull(options.NumberOfEpochs);
        Assert.IsNull(options.NumberOfWorkers);
        Assert.IsNull(options.MaximumMemory);
        Assert.IsNull(options.TemporaryFolder);
        Assert.IsNull(options.Collective);
        Assert.IsNull(options.BatchSize);
        Assert.IsNull(options.LearningRate);
        Assert.AreEqual(0.0015, options.LearningRateFor(600));
        Assert.AreEqual(0.05, (options with { Network = Network.Linear() }).LearningRateFor(600));
        Assert.AreEqual(0.1, (options with { Network = Network.Linear(), LearningRate = 0.1 }).LearningRateFor(600));
        Assert.AreEqual(0.05, (options with { Optimizer = new() { Method = PrimalMethod.Sgd } }).LearningRateFor(600));
        Assert.IsFalse(options.EncodeMissingValues);
        Assert.IsNull(options.ValidationFraction);
        Assert.IsNull(options.ConfidenceLevel);
        Assert.IsNull(options.EarlyStoppingPatience);
        Assert.IsNull(options.Seed);
        Assert.AreEqual("cpu", options.Device);
        Assert.AreEqual(1, options.NumberOfThreads);
        Assert.AreEqual(new GroupOptions(), options.Groups);
        Assert.AreEqual(new PrimalOptions(), options.Optimizer);
        Assert.AreEqual(FeatureEncoding.Automatic, options.FeatureEncoding);
        Assert.AreEqual(1, options.MarginShare);
        Assert.IsFalse(options.KeepTrainingState);
        Assert.IsEmpty(options.Metadata);
        Assert.IsNull(options.Checkpoint);
        Assert.AreEqual(1, new CheckpointOptions { Path = "x" }.EveryEpochs);
        Assert.AreEqual(25 + 1, PublicSettings<ConstrainedBinaryClassificationTrainer.Options>(), "DualOptimizer has a test of its own.");
        Assert.AreEqual(new PiecewiseLinearEncoding(), options.EncodingFor(600));
        Assert.IsNull(options.WeightAveragingEpochs);
        Assert.IsTrue(options.DampDuals);
    }

    [TestMethod]
    public void Defaults_OfManyRowsUnderConstraints_AreLargerSteps()
    {
        var options = new ConstrainedBinaryClassificationTrainer.Options { Constraints = [Fairness.DemographicParity("Sex", 0.1)] };
        static (double Rate, double Average) Of(ConstrainedTrainerOptions options, int rows, bool isWide = false)
            => (options.LearningRateFor(rows, isWide), options.WeightAveragingEpochsFor(rows, isWide));

        Assert.AreEqual((0.0015, 1.0), Of(options, 99_999));
        Assert.AreEqual((0.003, 0.3), Of(options, 100_000));
        Assert.AreEqual((0.0015, 1.0), Of(options, 100_000, isWide: true));
        Assert.AreEqual((0.0015, 1.0), Of(options with { Network = Network.MultilayerPerceptron(64) }, 100_000));
        Assert.AreEqual((0.003, 1.0), Of(options with { Constraints = [] }, 100_000), "learned factors");
        Assert.AreEqual((0.05, 1.0), Of(options with { Optimizer = new() { Method = PrimalMethod.Sgd } }, 100_000));
        Assert.AreEqual((0.01, 2.0), Of(options with { LearningRate = 0.01, WeightAveragingEpochs = 2 }, 100_000));
        Assert.AreEqual(0.0015, new ConstrainedRegressionTrainer.Options { Constraints = options.Constraints }.LearningRateFor(100_000));
    }

    [TestMethod]
    public void Ctor_DefaultsOfTheDualOptimizer()
    {
        var options = new ConstrainedBinaryClassificationTrainer.Options();

        var dual = (InexactAugmentedLagrangianOptions)options.DualOptimizer;
        Assert.AreEqual((0.2, 0.02, 3), (dual.Beta, dual.Gamma, dual.Penalty));
        Assert.AreEqual((null, null, false), (dual.WarmUpEpochs, dual.BatchesPerStep, dual.OncePerEpoch));
    }

    [TestMethod]
    public void Ctor_DefaultsOfGroups()
    {
        var options = new GroupOptions();

        Assert.AreEqual(1, options.MinimumSize);
        Assert.AreEqual(GroupPolicy.Exclude, options.SmallGroups);
        Assert.AreEqual(GroupPolicy.Exclude, options.MissingValues);
        Assert.AreEqual(GroupPolicy.Exclude, options.UndefinedRates);
        Assert.AreEqual(UnmeasurableGroups.Relax, options.Unmeasurable);
        Assert.AreEqual(BatchSampling.Shuffled, options.Sampling);
        Assert.AreEqual(6, PublicSettings<GroupOptions>());
    }

    [TestMethod]
    public void Ctor_DefaultsOfThePrimalOptimizer()
    {
        Assert.IsNull(new PrimalOptions().WeightDecay);
        Assert.IsNull(new PrimalOptions().MoreauEnvelope);
        Assert.AreEqual(PrimalMethod.AdamW, new PrimalOptions().Method);
        Assert.IsNull(new PrimalOptions().Momentum);
        Assert.AreEqual(0.9, new PrimalOptions().MomentumOrDefault);
        Assert.AreEqual(LearningRateSchedule.Constant, new PrimalOptions().Schedule);
        Assert.IsNull(new PrimalOptions().MaximumGradientNorm);
        Assert.AreEqual(6, PublicSettings<PrimalOptions>());
        Assert.AreEqual((2, 0.5), (new MoreauEnvelopeOptions().Mu, new MoreauEnvelopeOptions().Beta));
        Assert.AreEqual(2, PublicSettings<MoreauEnvelopeOptions>());
    }

    [TestMethod]
    public void Ctor_DefaultsOfCallbacks()
    {
        Assert.IsNull(new TrainingCallbacks().Progress);
        Assert.AreEqual(CancellationToken.None, new TrainingCallbacks().CancellationToken);
        Assert.AreEqual(2, PublicSettings<TrainingCallbacks>());
    }

    [TestMethod]
    public void BinaryClassification_TheShortOverload_HasTheDefaultsOfTheOptions()
    {
        var options = new ConstrainedBinaryClassificationTrainer.Options();
        var shortOverload = typeof(ConstrainedTrainersCatalog).GetMethods()
            .Single(method => method.Name == nameof(ConstrainedTrainersCatalog.BinaryClassification) && method.GetParameters().Length > 2);

        foreach (var parameter in shortOverload.GetParameters().Where(parameter => parameter.DefaultValue is not null))
        {
            var name = char.ToUpperInvariant(parameter.Name![0]) + parameter.Name[1..];
            var property = typeof(ConstrainedTrainerOptions).GetProperty(name);
            Assert.IsNotNull(property, name);
            Assert.AreEqual(property.GetValue(options), parameter.DefaultValue, name);
        }
    }

    private static int PublicSettings<T>() => typeof(T).GetProperties(BindingFlags.Instance | BindingFlags.Public)
        .Count(property => property.SetMethod is { IsPublic: true });
}
