using System.Globalization;
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

/// <summary>Options that cannot be used: each problem in its own words, all of them at once.</summary>
[TestClass]
public sealed class OptionProblemTests
{
    private static readonly string Threads = $"from 1 to {4 * Environment.ProcessorCount}, 4 for each processor of this machine";

    private static readonly List<(Action<ConstrainedBinaryClassificationTrainer.Options> Change, string Problem)> Table =
    [
        (options => options.LabelColumnName = null!, "LabelColumnName must be the name of a column, got null."),
        (options => options.LabelColumnName = "", "LabelColumnName must be the name of a column, got ''."),
        (options => options.FeatureColumnName = null!, "FeatureColumnName must be the name of a column, got null."),
        (options => options.FeatureColumnName = "", "FeatureColumnName must be the name of a column, got ''."),
        (options => options.ExampleWeightColumnName = "", "ExampleWeightColumnName must be the name of a column, got ''."),
        (options => options.LabelColumnName = "Features", "FeatureColumnName must differ from LabelColumnName, got 'Features' for both."),
        (options => options.ExampleWeightColumnName = "Label",
            "ExampleWeightColumnName must differ from LabelColumnName, got 'Label' for both."),
        (options => options.Network = null!, "Network must not be null."),
        (options => options.Network = Network.MultilayerPerceptron(),
            "Network.HiddenUnits must name 1 to 64 hidden layers, got 0; a network without hidden layers is Network.Linear()."),
        (options => options.Network = Network.MultilayerPerceptron(8, 0), "Network.HiddenUnits[1] must be in [1, 65536], got 0."),
        (options => options.Network = Network.MultilayerPerceptron([8], (Activation)99),
            "Network.Activation must be one of ReLU, LeakyReLU, Tanh, Sigmoid, SiLU, GELU, got 99."),
        (options => options.Network = Network.MultilayerPerceptron([8], Activation.ReLU, 1), "Network.Dropout must be in [0, 1), got 1."),
        (options => options.Network = Network.Module("nobody"),
            "No network is registered under the name 'nobody'. Call NetworkRegistry.Register(\"nobody\", (inputs, outputs) => ...) once in "
            + "this process, before training or loading a model that uses it."),
        (options => options.FeatureEncoding = (FeatureEncoding)2, "FeatureEncoding must be one of Automatic, None, got 2."),
        (options => options.Metadata = null!, "Metadata must not be null."),
        (options => options.Metadata = new Dictionary<string, string> { [" "] = "" },
            "Metadata must have names of 1 to 200 characters, got one of 1."),
        (options => options.Metadata = new Dictionary<string, string> { [new('a', 201)] = "" },
            "Metadata must have names of 1 to 200 characters, got one of 201."),
        (options => options.Metadata = new Dictionary<string, string> { ["a"] = null! },
            "Metadata['a'] must have at most 10000 characters, got null."),
        (options => options.Metadata = new Dictionary<string, string> { ["a"] = new('b', 10_001) },
            "Metadata['a'] must have at most 10000 characters, got 10001."),
        (options => options.Metadata = Enumerable.Range(0, 101).ToDictionary(number => $"{number}", _ => ""),
            "Metadata must have at most 100 entries, got 101."),
        (options => options.Encoding = new() { MaximumBins = 1 }, "Encoding.MaximumBins must be in [2, 1024], got 1."),
        (options => options.Encoding = new() { DominantShare = 0 }, "Encoding.DominantShare must be in (0, 1], got 0."),
        (options => options.Encoding = new() { MaximumTotalBins = 3 }, "Encoding.MaximumTotalBins must be at least 4, got 3."),
        (options => options.WeightAveragingEpochs = -1, "WeightAveragingEpochs must be at least 0 and finite, got -1."),
        (options => options.WeightAveragingEpochs = double.PositiveInfinity,
            "WeightAveragingEpochs must be at least 0 and finite, got Infinity."),
        (options => { options.ConfidenceLevel = 0.9; options.Constraints =
            [Fairness.Custom("own", ["Sex"], 0, batch => batch.GroupMeans(batch.Predictions))]; },
            "own: a ConfidenceLevel cannot be given to a custom statistic, whose distribution is not known."),
        (options => options.DualOptimizer = null!, "DualOptimizer must not be null."),
        (options => options.DualOptimizer = new InexactAugmentedLagrangianOptions { Beta = -1 },
            "DualOptimizer.Beta must be at least 0 and finite, got -1."),
        (options => options.DualOptimizer = new AugmentedLagrangianOptions { LearningRate = double.NaN },
            "DualOptimizer.LearningRate must be at least 0 and finite, got NaN."),
        (options => options.Constraints = null!, "Constraints must not be null."),
        (options => options.Constraints = [null!], "Constraint 0 is null."),
        (options => options.Constraints = [Fairness.DemographicParity("Sex", 1.5)],
            "DemographicParity(Sex): Bound must be a number from 0 to 1, got 1.5."),
        (options => options.Constraints = [Fairness.EqualizedOdds("", 0.1)], "EqualizedOdds(): the name of group column 0 is empty."),
        (options => options.Constraints = [Fairness.EqualizedOdds([], 0.1)], "EqualizedOdds(): at least one group column is needed."),
        (options => options.Constraints = [Fairness.EqualizedOdds(["Sex", "Sex"], 0.1)],
            "EqualizedOdds(Sex, Sex): group column 'Sex' is named more than once."),
        (options => options.Constraints = [Fairness.LossParity("Sex", 0.1), Fairness.LossParity("Sex", 0.2)],
            "2 constraints are named 'LossParity(Sex)'; give each its own Name."),
        (options => options.Groups = null!, "Groups must not be null."),
        (options => options.Groups.MinimumSize = 0, "Groups.MinimumSize must be at least 1, got 0."),
        (options => options.Groups.SmallGroups = GroupPolicy.Include, "Groups.SmallGroups must be one of Exclude, Error, got Include."),
        (options => options.Groups.MissingValues = (GroupPolicy)9,
            "Groups.MissingValues must be one of Exclude, Include, Error, got 9."),
        (options => options.Groups.UndefinedRates = (GroupPolicy)(-1), "Groups.UndefinedRates must be one of Exclude, Error, got -1."),
        (options => options.Groups.Sampling = (BatchSampling)2, "Groups.Sampling must be one of Shuffled, GroupBalanced, got 2."),
        (options => options.Optimizer = null!, "Optimizer must not be null."),
        (options => options.Optimizer.MoreauEnvelope = new() { Mu = -1 },
            "Optimizer.MoreauEnvelope.Mu must be at least 0 and finite, got -1."),
        (options => options.Optimizer.MoreauEnvelope = new() { Beta = 1.5 },
            "Optimizer.MoreauEnvelope.Beta must be from 0 to 1, got 1.5."),
        (options => options.Optimizer.Method = (PrimalMethod)7, "Optimizer.Method must be one of AdamW, Sgd, got 7."),
        (options => (options.Optimizer.Method, options.Optimizer.Momentum) = (PrimalMethod.Sgd, 1),
            "Optimizer.Momentum must be at least 0 and below 1, got 1."),
        (options => options.Optimizer.Momentum = 0.5, "Optimizer.Momentum is of Sgd, but Method is AdamW."),
        (options => options.Optimizer.Schedule = null!, "Optimizer.Schedule must not be null."),
        (options => options.Optimizer.Schedule = LearningRateSchedule.Cosine(0), "Optimizer.Schedule.Epochs must be at least 1, got 0."),
        (options => options.Optimizer.Schedule = LearningRateSchedule.Step(0), "Optimizer.Schedule.Epochs must be at least 1, got 0."),
        (options => options.Optimizer.Schedule = LearningRateSchedule.Step(5, 1.5),
            "Optimizer.Schedule.Factor must be above 0 and at most 1, got 1.5."),
        (options => options.Optimizer.Schedule = LearningRateSchedule.Constant with { WarmUpEpochs = double.NaN },
            "Optimizer.Schedule.WarmUpEpochs must be at least 0 and finite, got NaN."),
        (options => options.Optimizer.MaximumGradientNorm = 0, "Optimizer.MaximumGradientNorm must be above 0 and finite, got 0."),
        (options => (options.LearningRate, options.Optimizer.WeightDecay) = (0.5, 4),
            "Optimizer.WeightDecay times LearningRate 0.5 must be below 1, got 2."),
        (options => (options.LearningRate, options.Optimizer.WeightDecay) = (null, 800),
            "Optimizer.WeightDecay times LearningRate 0.0015 must be below 1, got 1.2."),
        (options => options.Network = Network.MultilayerPerceptron([8], Activation.ReLU, normalization: (Normalization)3),
            "Network.Normalization must be one of None, Batch, Layer, got 3."),
        (options => options.Network = Network.ResidualPerceptron(0, 1), "Network.Units must be in [1, 65536], got 0."),
        (options => options.Network = Network.ResidualPerceptron(8, 32), "Network.Blocks must be in [1, 31], got 32."),
        (options => (options.Network, options.BatchSize) = (Network.ResidualPerceptron(8, 1, normalization: Normalization.Batch), 1),
            "BatchSize must be at least 2 for a network with Normalization.Batch, got 1."),
        (options => options.DualOptimizer.WarmUpEpochs = -1,
            "DualOptimizer.WarmUpEpochs must be at least 0, got -1."),
        (options => options.NumberOfEpochs = 0, "NumberOfEpochs must be at least 1, got 0."),
        (options => options.BatchSize = -4, "BatchSize must be at least 1, got -4."),
        (options => options.LearningRate = 0, "LearningRate must be above 0 and finite, got 0."),
        (options => options.LearningRate = double.NaN, "LearningRate must be above 0 and finite, got NaN."),
        (options => options.LearningRate = double.PositiveInfinity, "LearningRate must be above 0 and finite, got Infinity."),
        (options => options.Optimizer.WeightDecay = -0.5, "Optimizer.WeightDecay must be at least 0 and finite, got -0.5."),
        (options => options.ValidationFraction = -0.1, "ValidationFraction must be at least 0 and below 1, got -0.1."),
        (options => options.ValidationFraction = 1, "ValidationFraction must be at least 0 and below 1, got 1."),
        (options => options.ConfidenceLevel = 0.5, "ConfidenceLevel must be above 0.5 and below 1, got 0.5."),
        (options => options.ConfidenceLevel = 1, "ConfidenceLevel must be above 0.5 and below 1, got 1."),
        (options => options.ConfidenceLevel = double.NaN, "ConfidenceLevel must be above 0.5 and below 1, got NaN."),
        (options => (options.ConfidenceLevel, options.Constraints) = (0.95, []),
            "ConfidenceLevel is given, but there are no Constraints to hold with it."),
        (options => options.Constraints = [Fairness.RateAtLeast(GroupMetric.SelectionRate, "Sex", 0.6),
            Fairness.RateAtMost(GroupMetric.SelectionRate, "Sex", 0.4)],
            "SelectionRateAtLeast(Sex) and SelectionRateAtMost(Sex) cannot both hold: SelectionRate would have to be at least 0.6 and at "
            + "most 0.4."),
        (options => options.EarlyStoppingPatience = 0, "EarlyStoppingPatience must be at least 1, got 0."),
        (options => options.NumberOfThreads = 0, $"NumberOfThreads must be {Threads}, got 0."),
        (options => options.NumberOfThreads = 4096, $"NumberOfThreads must be {Threads}, got 4096."),
        (options => options.NumberOfWorkers = 0, $"NumberOfWorkers must be {Threads}, got 0."),
        (options => options.NumberOfWorkers = 4096, $"NumberOfWorkers must be {Threads}, got 4096."),
        (options => options.LearningRate = 1e300, "LearningRate must be above 0 and at most 1e15, got 1E+300."),
        (options => options.DualOptimizer = new InexactAugmentedLagrangianOptions { Penalty = 1e300 },
            "DualOptimizer.Penalty must be at least 0 and at most 1e15, got 1E+300."),
        (options => options.DualOptimizer = new PenaltyBarrierOptions { PenaltyUpperBound = 1e300 },
            "DualOptimizer.PenaltyUpperBound must be at least PenaltyLowerBound and at most 1e15, got 1E+300."),
        (options => options.Optimizer.MoreauEnvelope = new() { Mu = 1e300 },
            "Optimizer.MoreauEnvelope.Mu must be at least 0 and at most 1e15, got 1E+300."),
        (options => options.Constraints = [Fairness.BoundedGroupLoss("Sex", 1e300)],
            "BoundedGroupLoss(Sex): Bound must be finite and not negative and at most 1e15, got 1E+300."),
        (options => options.Constraints = [Fairness.Custom("own", ["Sex"], -1e300, batch => batch.GroupMeans(batch.Predictions))],
            "own: Bound must be a finite number, at most 1e15 in size, got -1E+300."),
        (options => options.Constraints = [Fairness.DemographicParity((string)null!, 0.1)],
            "DemographicParity(): the name of group column 0 is empty."),
        (options => options.Constraints = [Fairness.DemographicParity(default, 0.1)],
            "DemographicParity(): at least one group column is needed."),
        (options => options.Device = "gpu", "Device must be 'auto', 'cpu', 'cuda' or 'cuda:N', got 'gpu'."),
        (options => options.Device = "cuda:-1", "Device must be 'auto', 'cpu', 'cuda' or 'cuda:N', got 'cuda:-1'."),
        (options => options.Device = null!, "Device must be 'auto', 'cpu', 'cuda' or 'cuda:N', got null."),
    ];

    public static IEnumerable<object[]> Problems => Table.Select((item, index) => new object[] { index, item.Problem });

    [TestMethod]
    [DynamicData(nameof(Problems))]
    public void BinaryClassification_AnOptionThatCannotBe_IsToldInItsOwnWords(int index, string problem)
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => Create(Table[index].Change));

        Assert.AreEqual($"The options of the trainer are not valid:{Environment.NewLine}- {problem} (Parameter 'options')", error.Message);
        Assert.AreEqual("options", error.ParamName);
    }

    [TestMethod]
    public void BinaryClassification_SeveralProblems_AreToldAtOnce()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => Create(options =>
        {
            (options.BatchSize, options.NumberOfEpochs, options.Device) = (0, 0, "");
            options.Constraints = [Fairness.DemographicParity("Sex", -1)];
        }));

        string[] expected =
        [
            "The options of the trainer are not valid:",
            "- DemographicParity(Sex): Bound must be a number from 0 to 1, got -1.",
            "- NumberOfEpochs must be at least 1, got 0.",
            "- BatchSize must be at least 1, got 0.",
            "- Device must be 'auto', 'cpu', 'cuda' or 'cuda:N', got ''. (Parameter 'options')",
        ];
        CollectionAssert.AreEqual(expected, error.Message.Split(Environment.NewLine));
    }

    [TestMethod]
    public void BinaryClassification_ArgumentsOfTheShortOverload_AreCheckedAlike()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(()
            => new MLContext(1).Constrained().Trainers.BinaryClassification("", learningRate: -1));

        string[] expected = ["The options of the trainer are not valid:", "- LabelColumnName must be the name of a column, got ''.",
            "- LearningRate must be above 0 and finite, got -1. (Parameter 'options')"];
        CollectionAssert.AreEqual(expected, error.Message.Split(Environment.NewLine));
    }

    [TestMethod]
    public void BinaryClassification_Null_IsAnArgumentNullException()
    {
        Assert.AreEqual("options", Assert.ThrowsExactly<ArgumentNullException>(()
            => new MLContext(1).Constrained().Trainers.BinaryClassification(null!)).ParamName);
        Assert.AreEqual("mlContext", Assert.ThrowsExactly<ArgumentNullException>(() => ((MLContext)null!).Constrained()).ParamName);
        var trainer = Create(_ => { });
        Assert.AreEqual("inputSchema", Assert.ThrowsExactly<ArgumentNullException>(() => trainer.GetOutputSchema(null!)).ParamName);
        Assert.AreEqual("input", Assert.ThrowsExactly<ArgumentNullException>(() => trainer.Fit(null!)).ParamName);
    }

    [TestMethod]
    public void BinaryClassification_UnderAnotherCulture_SpeaksTheSame()
    {
        var before = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        try
        {
            CultureInfo.CurrentCulture = comma;
            var error = Assert.ThrowsExactly<ArgumentException>(() => Create(options => options.Optimizer.WeightDecay = -0.5));
            StringAssert.Contains(error.Message, "got -0.5.");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [TestMethod]
    public void Fit_OptionsChangedAfterwards_HaveNoEffect()
    {
        var context = new MLContext(1);
        var data = Census.View(context, 300);
        var dual = new InexactAugmentedLagrangianOptions { Beta = 0.2 };
        var constraints = new List<FairnessConstraint> { Fairness.DemographicParity("Sex", 0.05) };
        var options = Workout.Small();
        (options.Constraints, options.DualOptimizer, options.Optimizer.MoreauEnvelope) = (constraints, dual, new());
        var receiver = new ProgressTests.Receiver();
        var callbacks = new TrainingCallbacks { Progress = receiver };
        var trainer = context.Constrained().Trainers.BinaryClassification(options, callbacks);

        constraints.Clear();
        dual.Beta = -1;
        (options.LabelColumnName, options.NumberOfEpochs, options.Network) = ("Nothing", 0, null!);
        (options.Groups.MinimumSize, options.Optimizer.WeightDecay, options.Optimizer.MoreauEnvelope!.Mu) = (1000, -1, double.NaN);
        (callbacks.Progress, callbacks.CancellationToken) = (null, new CancellationToken(canceled: true));
        var model = trainer.Fit(data);
        dual.Beta = -2;

        Assert.HasCount(1, model.Model.Constraints);
        Assert.HasCount(2, model.Model.History);
        Assert.HasCount(2, receiver.Reports);
        Assert.AreEqual(0.2, ((InexactAugmentedLagrangianOptions)model.Model.DualOptimizer).Beta);
    }

    private static ConstrainedBinaryClassificationTrainer Create(Action<ConstrainedBinaryClassificationTrainer.Options> change)
    {
        var options = Workout.Small(Fairness.DemographicParity("Sex", 0.05));
        change(options);
        return new MLContext(1).Constrained().Trainers.BinaryClassification(options);
    }
}
