using HumanCompatible.ML.Networks;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Networks;

[TestClass]
[DoNotParallelize]
public sealed class ManagedNetworkTests
{
    public static IEnumerable<object[]> Definitions =>
    [
        [Network.Linear(), 1], [Network.Linear(), 3],
        .. Enum.GetValues<Activation>().SelectMany(activation => new object[][]
        {
            [Network.MultilayerPerceptron([64, 64], activation, 0.2), 1], [Network.MultilayerPerceptron([17, 9, 5], activation), 4],
        }),
        .. Enum.GetValues<Normalization>().SelectMany(normalization => new object[][]
        {
            [Network.MultilayerPerceptron([9, 7], Activation.SiLU, 0.2, normalization), 1],
            [Network.ResidualPerceptron(12, 3, Activation.ReLU, 0.2, normalization), 3],
        }),
        [Network.MultilayerPerceptron(3000), 2],
    ];

    public static IEnumerable<object[]> Activations => Enum.GetValues<Activation>().Select(activation => new object[] { activation });

    [TestMethod]
    [DynamicData(nameof(Definitions))]
    public void Score_EqualsTorchsForwardPass(NetworkDefinition definition, int outputs)
    {
        const int rows = 40, columns = 107;
        using TrainableNetwork network = new(definition, columns, outputs, seed: 11, torch.CPU);
        Unsettle(network, columns);
        network.Eval();
        ManagedNetwork managed = new(definition, columns, outputs, network.Snapshot());
        var values = Values(rows * columns);
        using torch.Tensor features = torch.tensor(values, [rows, columns]), result = network.Forward(features);
        float[] expected = result.data<float>().ToArray(), actual = new float[outputs];
        for (var row = 0; row < rows; row++)
        {
            managed.Score(values.AsSpan(row * columns, columns), actual);
            for (var output = 0; output < outputs; output++)
                Assert.AreEqual(expected[row * outputs + output], actual[output], 1e-5f);
            if (outputs == 1)
                Assert.AreEqual(actual[0], managed.Score(values.AsSpan(row * columns, columns)));
        }
    }

    [TestMethod]
    public void Score_KnownWeights_GivesTheResultByHand()
    {
        NetworkWeights weights = new(
        [
            new("layers.0.weight", [2, 2], new float[] { 1, 2, -1, 1 }), new("layers.0.bias", [2], new float[] { 0.5f, -3 }),
            new("layers.1.weight", [1, 2], new float[] { 2, 5 }), new("layers.1.bias", [1], new float[] { -1 }),
        ]);
        // h = relu([1*3 + 2*1 + 0.5, -3 + 1 - 3]) = [5.5, 0]; 2 * 5.5 - 1 = 10.
        Assert.AreEqual(10f, new ManagedNetwork(Network.MultilayerPerceptron(2), 2, 1, weights).Score([3, 1]));
    }

    [TestMethod]
    public void Score_ManyThreads_GiveTheSameScores()
    {
        using TrainableNetwork network = new(Network.MultilayerPerceptron(64, 64), 20, 1, seed: 11, torch.CPU);
        ManagedNetwork managed = new(network.Definition, 20, 1, network.Snapshot());
        var values = Values(500 * 20);
        float[] expected = [.. Enumerable.Range(0, 500).Select(row => managed.Score(values.AsSpan(row * 20, 20)))];
        Parallel.For(0, 4000, i => Assert.AreEqual(expected[i % 500], managed.Score(values.AsSpan(i % 500 * 20, 20))));
    }

    [TestMethod]
    public void Score_NetworksInTurnOnOneThread_DoNotDisturbEachOther()
    {
        NetworkDefinition[] definitions = [Network.MultilayerPerceptron(300, 5), Network.Linear(), Network.MultilayerPerceptron(5, 300)];
        ManagedNetwork[] managed = [.. definitions.Select(definition =>
        {
            using TrainableNetwork network = new(definition, 20, 1, seed: 11, torch.CPU);
            return new ManagedNetwork(definition, 20, 1, network.Snapshot());
        })];
        var values = Values(50 * 20);
        float[][] expected = [.. managed.Select(network => Enumerable.Range(0, 50).Select(row => network.Score(Row(row))).ToArray())];

        for (var row = 0; row < 50; row++)
        {
            for (var network = 0; network < managed.Length; network++)
                Assert.AreEqual(expected[network][row], managed[network].Score(Row(row)));
        }

        ReadOnlySpan<float> Row(int row) => values.AsSpan(row * 20, 20);
    }

    [TestMethod]
    [DynamicData(nameof(Activations))]
    public void Score_SumThatIsNoNumber_IsNotTakenForZero(Activation activation)
    {
        NetworkWeights weights = new(
        [
            new("layers.0.weight", [8, 1], Enumerable.Repeat(float.NaN, 8).ToArray()), new("layers.0.bias", [8], new float[8]),
            new("layers.1.weight", [8, 8], new float[64]), new("layers.1.bias", [8], new float[8]),
            new("layers.2.weight", [1, 8], new float[8]), new("layers.2.bias", [1], new float[1]),
        ]);
        Assert.AreEqual(float.NaN, new ManagedNetwork(Network.MultilayerPerceptron([8, 8], activation), 1, 1, weights).Score([1]));
    }

    [TestMethod]
    [DataRow(64)]
    [DataRow(3000)]
    public void Score_AfterTheFirstRow_AllocatesNothing(int units)
    {
        using TrainableNetwork network = new(Network.MultilayerPerceptron(units), 20, 1, seed: 11, torch.CPU);
        ManagedNetwork managed = new(network.Definition, 20, 1, network.Snapshot());
        var row = Values(20);
        var least = long.MaxValue;
        for (var attempt = 0; attempt < 10; attempt++)
        {
            // The runtime itself allocates now and then, when it recompiles a method; what every row allocates shows up in every attempt.
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 20; i++)
                managed.Score(row);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.AreEqual(0, least);
    }

    [TestMethod]
    public void Score_WrongLengths_Throw()
    {
        ManagedNetwork two = new(Network.Linear(), 2, 2,
            new NetworkWeights([new("layers.0.weight", [2, 2], new float[4]), new("layers.0.bias", [2], new float[2])]));
        Assert.ThrowsExactly<ArgumentException>(() => two.Score([1, 2, 3], new float[2]));
        Assert.ThrowsExactly<ArgumentException>(() => two.Score([1, 2], new float[1]));
        Assert.ThrowsExactly<InvalidOperationException>(() => two.Score([1, 2]));
    }

    [TestMethod]
    public void Constructor_UserModuleOrForeignWeights_Throws()
    {
        NetworkWeights weights = new([new("layers.0.weight", [1, 2], new float[2]), new("layers.0.bias", [1], new float[1])]);
        Assert.IsFalse(ManagedNetwork.CanScore(Network.Module("any")));
        Assert.IsTrue(ManagedNetwork.CanScore(Network.Linear()));
        Assert.ThrowsExactly<ArgumentException>(() => new ManagedNetwork(Network.Module("any"), 2, 1, weights));
        Assert.ThrowsExactly<ArgumentException>(() => new ManagedNetwork(Network.Linear(), 3, 1, weights));
    }

    [TestMethod]
    public void Constructor_ImpossibleVariance_NamesItAndItsUnit()
    {
        var definition = Network.MultilayerPerceptron([2], Activation.ReLU, 0, Normalization.Batch);
        foreach (var wrong in new[] { -1f, float.NaN })
        {
            var arrays = LayeredArchitecture.Of(definition, 2, 1).Arrays().Select(array => new NetworkArray(array.Name, [.. array.Shape],
                array.Name.EndsWith("var", StringComparison.Ordinal) ? new float[] { 1, wrong }
                    : new float[array.Shape.Aggregate((x, y) => x * y)]));
            var error = Assert.ThrowsExactly<ArgumentException>(() => new ManagedNetwork(definition, 2, 1, new NetworkWeights(arrays)));
            StringAssert.Contains(error.Message, $"'layers.0.norm.running_var' must be at least 0, got {Problems.Text(wrong)} for unit 1.");
        }
    }

    // Training steps, so that gains, shifts, means and variances are none of those they start with.
    private static void Unsettle(TrainableNetwork network, int columns)
    {
        using torch.optim.Optimizer optimizer = torch.optim.Adam(network.Parameters, lr: 0.01);
        for (var step = 0; step < 3; step++)
        {
            using torch.Tensor features = torch.tensor(Values(8 * columns), [8, columns]), result = network.Forward(features),
                squares = result.pow(2), loss = squares.mean();
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
        }
    }

    private static float[] Values(int count)
    {
        Random random = new(count);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() * 6 - 3))];
    }
}
