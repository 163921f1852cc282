using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Training;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Training;

[TestClass]
public sealed class LinearPathTests
{
    private const int Inputs = 5;

    private static readonly float[] Function = [0.5f, -1, 2, 0.25f, -0.75f, 0.1f];

    public static IEnumerable<object[]> Networks => [[new[] { 8 }], [new[] { 6, 4 }], [new[] { 6, 4, 5 }]];

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Mix_TwoUnitsOfEachLayerUnused_IsThatOfBothOutputs(int[] hidden)
    {
        using var network = new TrainableNetwork(Network.MultilayerPerceptron(hidden), Inputs, 1, 3, torch.CPU);
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        using var generator = new torch.Generator(7);
        var rows = torch.randn([40, Inputs], generator: generator);
        var unused = Unused(network.Snapshot());
        network.Load(unused);
        var alone = network.Forward(rows);
        var linear = rows.matmul(torch.tensor(Function[..Inputs])) + Function[Inputs];
        foreach (var share in LinearPath.Shares)
        {
            network.Load(LinearPath.Mix(unused, Function, share));

            Assert.IsLessThan(1e-5f, (network.Forward(rows) - ((1 - share) * alone) - (share * linear)).abs().max().item<float>());
        }
    }

    [TestMethod]
    public void Mix_EveryUnitUsed_GivesUpTheTwoOfLeastWeight()
    {
        float[] hidden = [3, 0.1f, 2, 0.2f, 4], output = [1, 1, 1, 1, 1];
        var weights = new NetworkWeights([new("0.weight", [5, 1], hidden), new("0.bias", [5], new float[5]),
            new("1.weight", [1, 5], output), new("1.bias", [1], new float[] { 0.5f })]);

        var mixed = LinearPath.Mix(weights, [7, 8], 0.75f).Arrays.Select(array => array.Values.ToArray()).ToArray();

        CollectionAssert.AreEqual(new float[] { 3, 7, 2, -7, 4 }, mixed[0]);
        CollectionAssert.AreEqual(new float[] { 0, 8, 0, -8, 0 }, mixed[1]);
        CollectionAssert.AreEqual(new[] { 0.25f, 0.75f, 0.25f, -0.75f, 0.25f }, mixed[2]);
        CollectionAssert.AreEqual(new[] { 0.125f }, mixed[3]);
        CollectionAssert.AreEqual(new[] { 3, 0.1f, 2, 0.2f, 4 }, hidden);
    }

    // What leaves the second and the fourth unit of each hidden layer counts for nothing.
    private static NetworkWeights Unused(NetworkWeights weights) => new(weights.Arrays.Select((array, index) =>
    {
        var values = array.Values.ToArray();
        for (var entry = 0; index > 1 && array.Shape.Length == 2 && entry < values.Length; entry++)
        {
            if (entry % array.Shape[1] is 1 or 3)
                values[entry] = 0;
        }

        return array with { Values = values };
    }));
}
