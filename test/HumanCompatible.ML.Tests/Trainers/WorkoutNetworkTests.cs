using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>Every trainer with every kind of network: with what of ML.NET fits by itself, canceled, and on bad columns.</summary>
[TestClass]
public sealed class WorkoutNetworkTests
{
    private const string Binary = nameof(ConstrainedTrainersCatalog.BinaryClassification);

    private static readonly string[] Tasks = [Binary, TaskWorkout.Multiclass, TaskWorkout.Regression];
    private static readonly MLContext ML = new(1);
    private static readonly IDataView Data = Worker.View(ML, 300);

    private static readonly Dictionary<string, NetworkDefinition> Networks = new()
    {
        ["linear"] = Network.Linear(),
        ["batch normalization"] = Network.MultilayerPerceptron([6], Activation.SiLU, 0.1, Normalization.Batch),
        ["layer normalization"] = Network.MultilayerPerceptron([6], Activation.ReLU, 0.1, Normalization.Layer),
        ["residual"] = Network.ResidualPerceptron(6, 1, normalization: Normalization.Batch),
        ["own"] = UserNetworks.Deep,
    };

    public static IEnumerable<object[]> Cases =>
        from task in Tasks
        from network in Networks.Keys
        select new object[] { task, network };

    public static IEnumerable<object[]> BadColumns =>
        from task in Tasks
        from role in new[] { "label", "feature", "weight", "group" }
        from column in new[] { "Nowhere", role is "label" or "weight" ? "Sex" : role == "feature" ? "Level" : "Features" }
        select new object[] { task, role, column };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void CrossValidate_OfMLNet_TrainsOnEveryFold(string task, string network)
    {
        var trainer = Trainer(task, options => options.Network = Networks[network]);

        double[] metrics = task switch
        {
            Binary => [.. ML.BinaryClassification.CrossValidate(Data, trainer, 2, "Veteran")
                .Select(fold => fold.Metrics.Accuracy)],
            TaskWorkout.Multiclass => [.. ML.MulticlassClassification.CrossValidate(Data, trainer, 2)
                .Select(fold => fold.Metrics.MicroAccuracy)],
            _ => [.. ML.Regression.CrossValidate(Data, trainer, 2, "Wage").Select(fold => fold.Metrics.RootMeanSquaredError)],
        };

        Assert.HasCount(2, metrics.Where(double.IsFinite).ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Fit_Canceled_KeepsTheBestModelSoFarAndLeavesNothing(string task, string network)
    {
        using var source = new CancellationTokenSource();
        var callbacks = new TrainingCallbacks
        {
            CancellationToken = source.Token,
            Progress = new ProgressTests.Receiver { OnReport = _ => source.Cancel() },
        };
        var before = TorchState.Read();

        var error = Assert.ThrowsExactly<TrainingCanceledException>(()
            => Trainer(task, options => options.Network = Networks[network], callbacks).Fit(Data));

        Assert.AreEqual(2, error.Epoch);
        Assert.HasCount(1, error.BestModel!.Model.History);
        Assert.HasCount(300, ScoredText.Of(error.BestModel.Transform(Data)));
        error.BestModel.Model.Dispose();
        before.AssertUnchanged();
    }

    [TestMethod]
    [DynamicData(nameof(BadColumns))]
    public void GetOutputSchemaAndFit_RefuseABadColumnAlike(string task, string role, string column)
    {
        var trainer = Trainer(task, options =>
        {
            options.LabelColumnName = role == "label" ? column : options.LabelColumnName;
            options.FeatureColumnName = role == "feature" ? column : options.FeatureColumnName;
            options.ExampleWeightColumnName = role == "weight" ? column : null;
            options.Constraints = [Fairness.LossParity(role == "group" ? column : "Region", 0.5)];
        });

        var early = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.GetOutputSchema(Schemas.Shape(Data.Schema)));
        var late = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.Fit(Data));

        StringAssert.Contains(early.Message, $"{role} column '{column}'");
        StringAssert.Contains(late.Message, $"{role} column '{column}'");
    }

    [TestMethod]
    [DataRow("batch normalization")]
    [DataRow("layer normalization")]
    [DataRow("residual")]
    public void OneVersusAll_OfMLNet_TakesEveryNetwork(string network)
    {
        var binary = (ConstrainedBinaryClassificationTrainer)Trainer(Binary,
            options => (options.Network, options.LabelColumnName, options.Constraints) = (Networks[network], "Label", []));

        var model = ML.MulticlassClassification.Trainers.OneVersusAll(binary).Fit(Data);

        Assert.IsGreaterThan(0.3, ML.MulticlassClassification.Evaluate(model.Transform(Data)).MicroAccuracy);
    }

    private static IEstimator<ITransformer> Trainer(string task, Action<ConstrainedTrainerOptions> change,
        TrainingCallbacks? callbacks = null)
    {
        switch (task)
        {
            case Binary:
                var binary = new ConstrainedBinaryClassificationTrainer.Options { LabelColumnName = "Veteran" };
                return ML.Constrained().Trainers.BinaryClassification(Prepared(binary), callbacks);
            case TaskWorkout.Multiclass:
                return ML.Constrained().Trainers.MulticlassClassification(
                    Prepared(new ConstrainedMulticlassClassificationTrainer.Options()), callbacks);
            default:
                var regression = new ConstrainedRegressionTrainer.Options { LabelColumnName = "Wage" };
                return ML.Constrained().Trainers.Regression(Prepared(regression), callbacks);
        }

        TOptions Prepared<TOptions>(TOptions options)
            where TOptions : ConstrainedTrainerOptions
        {
            Worker.Small(options);
            options.Constraints = [Fairness.LossParity("Region", task == TaskWorkout.Regression ? 5_000_000 : 0.5)];
            change(options);
            return options;
        }
    }
}
