using HumanCompatible.ML.Networks;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Networks;

[TestClass]
[DoNotParallelize]
public sealed class TrainableNetworkTests
{
    public static IEnumerable<object[]> Definitions =>
    [
        [Network.Linear(), 1], [Network.Linear(), 3], [Network.MultilayerPerceptron([7, 5], Activation.ReLU, 0.3), 1],
        [Network.MultilayerPerceptron([7], Activation.SiLU), 4],
        [Network.MultilayerPerceptron([7, 5], Activation.Tanh, 0.3, Normalization.Batch), 1],
        [Network.MultilayerPerceptron([7], Activation.GELU, 0, Normalization.Layer), 2],
        [Network.ResidualPerceptron(6, 2, Activation.ReLU, 0.3, Normalization.Batch), 3],
        [Network.ResidualPerceptron(6, 1), 1],
        [NetworkRegistry.Register("trainable tests", (inputs, outputs)
            => torch.nn.Sequential(("a", torch.nn.Linear(inputs, 6)), ("n", torch.nn.BatchNorm1d(6)), ("d", torch.nn.Dropout(0.5)),
            ("b", torch.nn.Linear(6, outputs)))), 1],
        [Network.Module("trainable tests"), 2],
    ];

    [TestMethod]
    [DynamicData(nameof(Definitions))]
    public void Forward_AnyNetwork_GivesLogitsOrOneColumnAnOutput(NetworkDefinition definition, int outputs)
    {
        using TrainableNetwork network = new(definition, 4, outputs, seed: 1, torch.CPU);
        using var features = Features(9, 4);
        using var result = network.Forward(features);
        CollectionAssert.AreEqual(outputs == 1 ? [9] : new long[] { 9, outputs }, result.shape);
    }

    [TestMethod]
    public void Forward_WrongShape_ThrowsBeforeTorchIsCalled()
    {
        using TrainableNetwork network = new(Network.MultilayerPerceptron(3), 4, 1, seed: 1, torch.CPU);
        using torch.Tensor narrow = Features(9, 3), flat = torch.zeros(4);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => network.Forward(narrow)).Message, "[batch, 4], got [9, 3]");
        Assert.ThrowsExactly<ArgumentException>(() => network.Forward(flat));
    }

    [TestMethod]
    public void Constructor_SameSeed_SameWeights_OtherSeed_Others()
    {
        var definition = Network.MultilayerPerceptron(16, 8);
        CollectionAssert.AreEqual(Flat(definition, 5), Flat(definition, 5));
        CollectionAssert.AreNotEqual(Flat(definition, 5), Flat(definition, 6));
    }

    [TestMethod]
    public void Constructor_Weights_AreUniformWithinTheFanInBound()
    {
        using TrainableNetwork network = new(Network.MultilayerPerceptron(400), 100, 1, seed: 3, torch.CPU);
        var weights = network.Snapshot();
        var first = weights.Find("layers.0.weight")!.Values.ToArray();
        const double bound = 0.1;
        Assert.IsTrue(first.All(value => Math.Abs(value) <= bound));
        Assert.IsGreaterThan(0.0999f, first.Max());
        Assert.IsLessThan(-0.0999f, first.Min());
        Assert.AreEqual(0.0, first.Average(), 0.002);
        Assert.AreEqual(bound * bound / 3, first.Average(value => (double)value * value), 1e-4);
        Assert.IsTrue(weights.Find("layers.0.bias")!.Values.ToArray().All(value => value != 0 && Math.Abs(value) <= bound));
        Assert.IsTrue(weights.Find("layers.1.weight")!.Values.ToArray().All(value => Math.Abs(value) <= 0.05));
    }

    [TestMethod]
    [DynamicData(nameof(Definitions))]
    public void BuildTrainScore_AnyNetwork_LeavesTorchsRandomStateAlone(NetworkDefinition definition, int outputs)
    {
        torch.manual_seed(42);
        using var before = torch.get_rng_state();
        var trained = Train(definition, outputs);
        using var after = torch.get_rng_state();
        CollectionAssert.AreEqual(before.data<byte>().ToArray(), after.data<byte>().ToArray());
        torch.manual_seed(7);
        CollectionAssert.AreEqual(trained, Train(definition, outputs), "the result depends on torch's random state");
    }

    [TestMethod]
    [DynamicData(nameof(Definitions))]
    public void BuildTrainScore_AnyNetwork_LeaksNoTensor(NetworkDefinition definition, int outputs)
    {
        Train(definition, outputs);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Train(definition, outputs);
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [TestMethod]
    [DynamicData(nameof(Definitions))]
    public void ReplaceStatistics_TakesThoseOfTheBatches_AndPutsTheOldOnesBack(NetworkDefinition definition, int outputs)
    {
        using TrainableNetwork network = new(definition, 4, outputs, seed: 1, torch.CPU);
        Step(network, outputs);
        var before = Values();
        using torch.Tensor first = Features(8, 4), second = Features(6, 4);
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        using (network.ReplaceStatistics([NetworkInputs.Of(first), NetworkInputs.Of(second)]))
            Assert.AreEqual(network.HasStatistics, !before.SequenceEqual(Values()));

        CollectionAssert.AreEqual(before, Values());
        Assert.AreEqual(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        float[] Values() => [.. network.Snapshot().Arrays.SelectMany(array => array.Values.ToArray())];
    }

    [TestMethod]
    public void ReplaceStatistics_OfABuiltInNetwork_AreTheAveragesOverTheBatchesWithoutDropout()
    {
        var definition = Network.MultilayerPerceptron([1], Activation.ReLU, 0.5, Normalization.Batch);
        using TrainableNetwork network = new(definition, 1, 1, seed: 1, torch.CPU);
        var arrays = network.Snapshot().Arrays;
        float weight = arrays[0].Values.Span[0], bias = arrays[1].Values.Span[0];
        using torch.Tensor first = torch.tensor(new float[] { 0, 2 }, [2, 1]), second = torch.tensor(new float[] { 4, 8 }, [2, 1]);

        using (network.ReplaceStatistics([NetworkInputs.Of(first), NetworkInputs.Of(second)]))
        {
            // Means 1 and 6, variances (with divisor n - 1) 2 and 8.
            var weights = network.Snapshot();
            Assert.AreEqual((weight * 3.5f) + bias, weights.Find("layers.0.norm.running_mean")!.Values.Span[0], 1e-5f);
            Assert.AreEqual(weight * weight * 5, weights.Find("layers.0.norm.running_var")!.Values.Span[0], 1e-5f);
        }
    }

    [TestMethod]
    public void Forward_OneRowInTraining_IsNormalizedAsInScoring()
    {
        using TrainableNetwork network = new(Network.ResidualPerceptron(5, 1, normalization: Normalization.Batch), 4, 1, 1, torch.CPU);
        Step(network, 1);
        using var features = Features(1, 4);
        var before = network.Snapshot();
        using var inTraining = network.Forward(features);
        network.Eval();
        using var inScoring = network.Forward(features);

        Assert.AreEqual(inScoring.item<float>(), inTraining.item<float>());
        CollectionAssert.AreEqual(before.Find("layers.0.norm.running_mean")!.Values.ToArray(),
            network.Snapshot().Find("layers.0.norm.running_mean")!.Values.ToArray());
    }

    [TestMethod]
    public void Forward_OutsideAScope_LeavesOnlyItsResultAlive()
    {
        using TrainableNetwork network = new(Network.ResidualPerceptron(5, 2, Activation.LeakyReLU, 0.3, Normalization.Batch), 4, 1,
            seed: 1, torch.CPU);
        using var features = Features(9, 4);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using var result = network.Forward(features);
        Assert.AreEqual(before + 1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [TestMethod]
    [DynamicData(nameof(Definitions))]
    public void Constructor_InsideAScope_OutlivesTheScope(NetworkDefinition definition, int outputs)
    {
        TrainableNetwork network;
        using (torch.NewDisposeScope())
            network = new(definition, 4, outputs, seed: 1, torch.CPU);
        using (network)
        {
            using var features = Features(9, 4);
            using var result = network.Forward(features);
            Assert.AreEqual(9, result.shape[0]);
        }
    }

    [TestMethod]
    public void Forward_Dropout_DropsTheStatedShareAndKeepsTheMean()
    {
        using TrainableNetwork network = new(Network.MultilayerPerceptron([2000], Activation.Sigmoid, 0.4), 1, 1, seed: 1, torch.CPU);
        // All biases 0, hidden weights 0 and output weights 1: the logit is half the sum of the mask, which is 0 or 1/0.6.
        network.Load(new NetworkWeights(
        [
            new("layers.0.weight", [2000, 1], new float[2000]), new("layers.0.bias", [2000], new float[2000]),
            new("layers.1.weight", [1, 2000], Enumerable.Repeat(1f, 2000).ToArray()), new("layers.1.bias", [1], new float[1]),
        ]));
        using var features = Features(50, 1);
        using torch.Tensor first = network.Forward(features), second = network.Forward(features);
        float[] one = first.data<float>().ToArray(), two = second.data<float>().ToArray();
        Assert.AreEqual(1000, one.Average(), 10);
        Assert.IsTrue(one.All(logit => Math.Abs(logit / (0.5 / 0.6) - Math.Round(logit / (0.5 / 0.6))) < 1e-2));
        CollectionAssert.AreNotEqual(one, two);
        network.Eval();
        using var evaluated = network.Forward(features);
        Assert.IsTrue(evaluated.data<float>().ToArray().All(logit => logit == 1000));
    }

    [TestMethod]
    [DynamicData(nameof(Definitions))]
    public void Load_Snapshot_RestoresEveryOutput(NetworkDefinition definition, int outputs)
    {
        using TrainableNetwork trained = new(definition, 4, outputs, seed: 1, torch.CPU),
            other = new(definition, 4, outputs, seed: 2, torch.CPU);
        Step(trained, outputs);
        var snapshot = trained.Snapshot();
        other.Load(snapshot);
        trained.Eval();
        other.Eval();
        using torch.Tensor features = Features(9, 4), expected = trained.Forward(features), actual = other.Forward(features);
        CollectionAssert.AreEqual(expected.data<float>().ToArray(), actual.data<float>().ToArray());
        var kept = snapshot.Arrays[0].Values.ToArray();
        trained.Train();
        Step(trained, outputs);
        CollectionAssert.AreEqual(kept, snapshot.Arrays[0].Values.ToArray(), "training changed an earlier snapshot");
    }

    [TestMethod]
    public void Load_WeightsThatDoNotFit_ListsEveryDifferenceAndChangesNothing()
    {
        using TrainableNetwork network = new(Network.Linear(), 4, 1, seed: 1, torch.CPU);
        var before = network.Snapshot().Arrays[0].Values.ToArray();
        NetworkWeights weights = new([new("layers.0.weight", [1, 3], new float[3]), new("extra", [], new float[1])]);
        Assert.AreEqual(
            "The weights do not fit the network: 'layers.0.weight' must have shape [1, 4], got [1, 3]; 'layers.0.bias' of shape [1] is "
                + "missing; 'extra' of shape [] is not part of the network.",
            Assert.ThrowsExactly<ArgumentException>(() => network.Load(weights)).Message);
        CollectionAssert.AreEqual(before, network.Snapshot().Arrays[0].Values.ToArray());
    }

    [TestMethod]
    public void Train_SeparableRows_AreLearnt()
    {
        using TrainableNetwork network = new(Network.MultilayerPerceptron(16), 2, 1, seed: 1, torch.CPU);
        using torch.Tensor features = torch.tensor(new float[] { 0, 0, 0, 1, 1, 0, 1, 1 }, [4, 2]),
            labels = torch.tensor(new float[] { 0, 1, 1, 0 });
        using torch.optim.Optimizer optimizer = torch.optim.Adam(network.Parameters, lr: 0.05);
        for (var step = 0; step < 300; step++)
        {
            optimizer.zero_grad();
            using torch.Tensor logits = network.Forward(features),
                loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, labels);
            loss.backward();
            optimizer.step();
        }

        using var scores = network.Forward(features);
        CollectionAssert.AreEqual(new[] { false, true, true, false }, scores.data<float>().ToArray().Select(score => score > 0).ToArray());
    }

    [TestMethod]
    public void Constructor_BadDefinitions_SayWhatIsWrong()
    {
        Assert.ThrowsExactly<ArgumentException>(() => new TrainableNetwork(Network.MultilayerPerceptron(0), 4, 1, 1, torch.CPU));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new TrainableNetwork(Network.Linear(), 0, 1, 1, torch.CPU));
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(()
                => new TrainableNetwork(Network.Module("nobody"), 4, 1, 1, torch.CPU)).Message,
            "NetworkRegistry.Register(\"nobody\"");
        var none = NetworkRegistry.Register("no parameters", (_, _) => torch.nn.ReLU());
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(()
            => new TrainableNetwork(none, 4, 1, 1, torch.CPU)).Message, "no parameters");
        var wide = NetworkRegistry.Register("double", (inputs, outputs)
            => torch.nn.Linear(inputs, outputs, dtype: torch.ScalarType.Float64));
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(()
            => new TrainableNetwork(wide, 4, 1, 1, torch.CPU)).Message, "'weight' has type Float64");
    }

    [TestMethod]
    public void Forward_ModuleOfAnotherOutputShape_NamesTheModule()
    {
        var definition = NetworkRegistry.Register("two outputs", (inputs, _) => torch.nn.Linear(inputs, 2));
        using TrainableNetwork network = new(definition, 4, 1, 1, torch.CPU);
        using var features = Features(9, 4);
        Assert.AreEqual(
            "The network 'two outputs' must give outputs of shape [9, 1], got [9, 2].",
            Assert.ThrowsExactly<InvalidOperationException>(() => network.Forward(features)).Message);
    }

    [TestMethod]
    public void Build_FactoryThatThrows_LeavesTorchsRandomStateAlone()
    {
        var definition = NetworkRegistry.Register("throws", (_, _)
            => throw new NotSupportedException(torch.rand(3).shape.Length.ToString()));
        using var before = torch.get_rng_state();
        Assert.ThrowsExactly<NotSupportedException>(() => new TrainableNetwork(definition, 4, 1, 1, torch.CPU));
        using var after = torch.get_rng_state();
        CollectionAssert.AreEqual(before.data<byte>().ToArray(), after.data<byte>().ToArray());
    }

    private static float[] Train(NetworkDefinition definition, int outputs)
    {
        using TrainableNetwork network = new(definition, 4, outputs, seed: 1, torch.CPU);
        Step(network, outputs);
        Step(network, outputs);
        network.Eval();
        using torch.Tensor features = Features(5, 4), scores = network.Forward(features);
        return [.. network.Snapshot().Arrays.SelectMany(array => array.Values.ToArray()), .. scores.data<float>().ToArray()];
    }

    private static void Step(TrainableNetwork network, int outputs)
    {
        using torch.optim.Optimizer optimizer = torch.optim.Adam(network.Parameters, lr: 0.01);
        using var scope = torch.NewDisposeScope();
        var result = network.Forward(Features(9, 4));
        var loss = result.pow(2).mean().add(result.mean());
        optimizer.zero_grad();
        loss.backward();
        optimizer.step();
        Assert.AreEqual(outputs == 1 ? 1 : 2, result.shape.Length);
    }

    private static float[] Flat(NetworkDefinition definition, long seed)
    {
        using TrainableNetwork network = new(definition, 10, 1, seed, torch.CPU);
        return [.. network.Snapshot().Arrays.SelectMany(array => array.Values.ToArray())];
    }

    private static torch.Tensor Features(int rows, int columns)
    {
        Random random = new(rows * 1000 + columns);
        float[] values = [.. Enumerable.Range(0, rows * columns).Select(_ => (float)(random.NextDouble() * 4 - 2))];
        // A tensor over a managed array lies at any address, and libtorch's kernels round differently at different alignments: copy to
        // torch's own memory.
        using var pinned = torch.tensor(values, [rows, columns]);
        return pinned.clone();
    }
}
