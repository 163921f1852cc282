using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Tests.Persistence;
using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>Training by several threads gives what training by one gives.</summary>
[TestClass]
public sealed class WorkersTests
{
    private static readonly MLContext ML = new(1);
    private static readonly IDataView Data = Census.View(ML, 620);

    private static readonly Dictionary<string, Action<ConstrainedBinaryClassificationTrainer.Options>> Cases = new()
    {
        ["no constraint"] = options => options.Constraints = [],
        ["demographic parity"] = _ => { },
        ["two constraints, weights"] = options => (options.ExampleWeightColumnName, options.Constraints)
            = ("Weight", [Fairness.EqualizedOdds("Sex", 0.05), Fairness.LossParity(["Sex", "Veteran"], 0.1)]),
        ["group-balanced batches"] = options => options.Groups.Sampling = BatchSampling.GroupBalanced,
        ["dense inputs"] = options => options.FeatureEncoding = FeatureEncoding.None,
        ["linear network, envelope"] = options
            => (options.Network, options.Optimizer.MoreauEnvelope) = (Network.Linear(), new MoreauEnvelopeOptions()),
        ["once an epoch"] = options => options.DualOptimizer.OncePerEpoch = true,
        ["layer normalization, blocks"] = options
            => options.Network = Network.ResidualPerceptron(8, blocks: 1, Activation.GELU, normalization: Normalization.Layer),
        ["momentum, schedule, clipping"] = options => (options.LearningRate, options.Optimizer) = (0.1, new PrimalOptions
        {
            Method = PrimalMethod.Sgd,
            Schedule = LearningRateSchedule.Cosine(),
            MaximumGradientNorm = 0.2,
        }),
        ["confidence"] = options => options.ConfidenceLevel = 0.9,
    };

    public static IEnumerable<object[]> Names => Cases.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Fit_SeveralWorkers_AgreesWithOneToRounding(string name)
    {
        using var one = Fit(name, 1);
        using var two = Fit(name, 2);
        using var four = Fit(name, 4);

        var expected = Scored.Of(one.Transform(Data)).Select(row => row.Score).ToList();
        foreach (var other in new[] { two, four })
        {
            var scores = Scored.Of(other.Transform(Data)).Select(row => row.Score).ToList();
            Assert.IsLessThan(1e-3, expected.Zip(scores, (a, b) => Math.Abs(a - b)).Max(), name);
            Assert.IsGreaterThan(0, expected.Zip(scores, (a, b) => Math.Abs(a - b)).Max(), "They are not the same fit.");
            foreach (var (own, multiplier) in one.Model.Duals.Zip(other.Model.Duals))
                Assert.AreEqual(own.Value, multiplier.Value, 1e-4, name);
            foreach (var (epoch, same) in one.Model.History.Zip(other.Model.History))
                Assert.AreEqual(epoch.TrainingLoss, same.TrainingLoss, 1e-4, name);
            Assert.AreEqual(one.Model.Summary.Constraints.Count, other.Model.Summary.Constraints.Count);
        }
    }

    [TestMethod]
    [DataRow("two constraints, weights", 2)]
    [DataRow("demographic parity", 3)]
    public void Fit_TheSameNumberOfWorkers_GivesTheSameBytes(string name, int workers)
    {
        using var first = Fit(name, workers);
        using var second = Fit(name, workers);
        foreach (var entry in new[] { ModelArchive.Weights, ModelArchive.Duals, ModelArchive.History })
        {
            CollectionAssert.AreEqual(ModelArchive.Save(ML, first, Data.Schema)[entry], ModelArchive.Save(ML, second, Data.Schema)[entry],
                entry);
        }
    }

    public static IEnumerable<object[]> TrainedByOne =>
    [
        [Network.MultilayerPerceptron([4], Activation.ReLU, normalization: Normalization.Batch)],
        [Network.ResidualPerceptron(4, blocks: 1, normalization: Normalization.Batch)],
        [UserNetworks.Deep],
    ];

    // A part of a batch has other means and variances than the whole.
    [TestMethod]
    [DynamicData(nameof(TrainedByOne))]
    public void Fit_NetworkOfWholeBatches_IsTrainedByOneWorker(NetworkDefinition network)
    {
        using var one = Fit("demographic parity", 1, options => options.Network = network);
        using var four = Fit("demographic parity", 4, options => options.Network = network);
        CollectionAssert.AreEqual(Scored.Of(one.Transform(Data)).Select(row => row.Score).ToList(),
            Scored.Of(four.Transform(Data)).Select(row => row.Score).ToList());
    }

    [TestMethod]
    public void Fit_DeviceThatIsTheProcessorByItself_HasAsManyWorkers()
    {
        if (TorchSharp.torch.cuda.is_available())
            Assert.Inconclusive("there is a GPU");
        using var named = Fit("demographic parity", 2);
        using var automatic = Fit("demographic parity", 2, options => options.Device = "auto");
        CollectionAssert.AreEqual(ModelArchive.Save(ML, named, Data.Schema)[ModelArchive.Weights],
            ModelArchive.Save(ML, automatic, Data.Schema)[ModelArchive.Weights]);
    }

    [TestMethod]
    public void Fit_BatchOfFewerRowsThanWorkers_Trains()
    {
        // 497 rows: the last batch has two.
        using var model = Fit("demographic parity", 4, options => (options.BatchSize, options.ValidationFraction) = (33, 0.2));
        Assert.IsTrue(double.IsFinite(model.Model.History[^1].TrainingLoss));
    }

    [TestMethod]
    public void Fit_ReceiverThatFails_EndsAllWorkers()
    {
        Fit("demographic parity", 3).Dispose();
        var before = TorchState.Read();

        var problem = Assert.ThrowsExactly<NotSupportedException>(() => Fit("demographic parity", 3,
            receiver: _ => throw new NotSupportedException("no news")));

        Assert.AreEqual("no news", problem.Message);
        before.AssertUnchanged();
    }

    [TestMethod]
    public void Fit_CancelledWithSeveralWorkers_KeepsTheBestModelSoFar()
    {
        using var source = new CancellationTokenSource();

        var error = Assert.ThrowsExactly<TrainingCanceledException>(() => Fit("demographic parity", 3,
            receiver: progress => source.Cancel(), cancellation: source.Token));

        Assert.AreEqual(2, error.Epoch);
        Assert.HasCount(1, error.BestModel!.Model.History);
    }

    private static BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Fit(string name, int workers,
        Action<ConstrainedBinaryClassificationTrainer.Options>? change = null, Action<TrainingProgress>? receiver = null,
        CancellationToken cancellation = default)
    {
        var options = Workout.Small(Fairness.DemographicParity("Sex", 0.02));
        options.NumberOfWorkers = workers;
        Cases[name](options);
        change?.Invoke(options);
        return ML.Constrained().Trainers.BinaryClassification(options, new TrainingCallbacks
        {
            CancellationToken = cancellation,
            Progress = receiver is null ? null : new ProgressTests.Receiver { OnReport = receiver },
        }).Fit(Data);
    }
}
