using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Tests.Features;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Networks;

[TestClass]
public sealed class SparseFirstLayerTests
{
    private const int Rows = 40;

    public static IEnumerable<object[]> Definitions =>
    [
        [Network.Linear()],
        [Network.MultilayerPerceptron(5)],
        [Network.MultilayerPerceptron(16, 7)],
        [Network.MultilayerPerceptron(64)],
        [Network.MultilayerPerceptron(75)],
        [Network.MultilayerPerceptron([9, 8], Activation.Tanh, 0.2)],
    ];

    [TestMethod]
    [DynamicData(nameof(Definitions))]
    public void Forward_AndBackward_GiveWhatTheDenseInputsGive(NetworkDefinition definition)
    {
        using var scope = torch.NewDisposeScope();
        var (rows, inputs, encoder) = Encoded();
        long[] numbers = [3, 17, 3, 0, 39];
        using TrainableNetwork one = new(definition, encoder.OutputCount, 1, 5, torch.CPU),
            other = new(definition, encoder.OutputCount, 1, 5, torch.CPU);
        using var dense = torch.tensor(inputs, [Rows, encoder.OutputCount]).index_select(0, torch.tensor(numbers));
        using var factors = torch.tensor(new float[] { 1, -2, 0.5f, 3, -1 });
        for (var pass = 0; pass < 2; pass++)
        {
            // The second pass adds to the gradients of the first.
            using var ours = one.Forward(encoder.Inputs(rows, numbers));
            using var theirs = other.Forward(NetworkInputs.Of(dense));
            AssertClose(theirs, ours);
            ours.mul(factors).sum().backward();
            theirs.mul(factors).sum().backward();
            foreach (var (first, second) in other.Parameters.Zip(one.Parameters))
                AssertClose(first.grad!, second.grad!);
        }
    }

    [TestMethod]
    public void Backward_ThroughTwoBatchesAtOnce_GivesTheGradientsOfBoth()
    {
        using var scope = torch.NewDisposeScope();
        var (rows, inputs, encoder) = Encoded();
        using TrainableNetwork one = new(Network.MultilayerPerceptron(5), encoder.OutputCount, 1, 5, torch.CPU),
            other = new(Network.MultilayerPerceptron(5), encoder.OutputCount, 1, 5, torch.CPU);
        var dense = torch.tensor(inputs, [Rows, encoder.OutputCount]);

        one.Forward(encoder.Inputs(rows, 1, 2, 3)).sum().mul(one.Forward(encoder.Inputs(rows, 4, 5)).sum()).backward();
        other.Forward(dense.narrow(0, 1, 3)).sum().mul(other.Forward(dense.narrow(0, 4, 2)).sum()).backward();

        foreach (var (expected, actual) in other.Parameters.Zip(one.Parameters))
            AssertClose(expected.grad!, actual.grad!);
    }

    [TestMethod]
    public void Forward_WithoutGradients_GivesTheSame_AndNoGradients()
    {
        using var scope = torch.NewDisposeScope();
        var (rows, inputs, encoder) = Encoded();
        using TrainableNetwork network = new(Network.MultilayerPerceptron(6), encoder.OutputCount, 1, 5, torch.CPU);
        network.Eval();
        using var noGradient = torch.no_grad();
        using var dense = torch.tensor(inputs, [Rows, encoder.OutputCount]);
        AssertClose(network.Forward(dense), network.Forward(
            encoder.Inputs(rows, [.. Enumerable.Range(0, Rows).Select(row => (long)row)])));
        Assert.IsTrue(network.Parameters.All(parameter => parameter.grad is null));
    }

    [TestMethod]
    public void Forward_LeavesNoTensorBehind()
    {
        var (rows, inputs, encoder) = Encoded();
        using TrainableNetwork network = new(Network.MultilayerPerceptron(6), encoder.OutputCount, 1, 5, torch.CPU);
        void Step()
        {
            using var scope = torch.NewDisposeScope();
            network.Forward(encoder.Inputs(rows, 1, 2)).sum().backward();
        }

        Step();
        var before = torch.Tensor.TotalCount;
        Step();
        Step();
        Assert.AreEqual(before, torch.Tensor.TotalCount);
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(4, 4)]
    [DataRow(5, 37)]
    [DataRow(64, 16)]
    [DataRow(38, 67)]
    public void Transpose_AnyShape_PutsEveryNumberInItsPlace(int rows, int columns)
    {
        float[] matrix = [.. Enumerable.Range(1, rows * columns).Select(number => (float)number)];
        var transposed = new float[matrix.Length];

        SparseFirstLayer.Transpose(matrix, rows, columns, transposed);

        CollectionAssert.AreEqual(Enumerable.Range(0, matrix.Length).Select(place => matrix[(place % rows * columns) + (place / rows)])
            .ToArray(), transposed);
    }

    // Two wide slots, one of them with a dominant value, one two-valued slot and ten one-hot ones.
    private static (float[] Rows, float[] Inputs, FeatureEncoder Encoder) Encoded()
    {
        Random random = new(2);
        const int Features = 13;
        var rows = new float[Rows * Features];
        for (var row = 0; row < Rows; row++)
        {
            rows[row * Features] = (float)random.NextDouble();
            rows[(row * Features) + 1] = row % 3 == 0 ? 0 : random.Next(100);
            rows[(row * Features) + 2] = row % 2;
            rows[(row * Features) + 3 + (row % 10)] = 1;
        }

        var encoder = FeatureEncoder.Fit(
            new() { MaximumBins = 12, MaximumDirectValues = 4, DominantShare = 0.2, RowsPerBin = 1 }, rows, Features);
        return (rows, encoder.Encode(rows, Rows), encoder);
    }

    private static void AssertClose(torch.Tensor expected, torch.Tensor actual)
    {
        using var difference = expected.detach().sub(actual.detach());
        using var largest = difference.abs().max();
        Assert.IsLessThan(1e-5f, largest.item<float>());
    }
}
