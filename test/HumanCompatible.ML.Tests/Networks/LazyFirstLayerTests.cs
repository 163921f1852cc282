using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Tests.Features;
using HumanCompatible.ML.Training;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Networks;

/// <summary>A lazy first layer, its optimizer and its average beside the dense ones.</summary>
[TestClass]
public sealed class LazyFirstLayerTests
{
    private const int Rows = 60;
    private const double Rate = 0.01;

    // A slot with bins and a dominant value, two rare slots, ten one-hot ones.
    private static readonly float[] Values = Draw();
    private static readonly FeatureEncoder Encoder = FeatureEncoder.Fit(
        new() { MaximumBins = 12, MaximumDirectValues = 4, DominantShare = 0.2, RowsPerBin = 1 }, Values, 13);

    [TestMethod]
    [DataRow(1)]
    [DataRow(6)]
    public void Forward_AndBackward_GiveWhatTheDenseInputsGive(int width)
    {
        using var scope = torch.NewDisposeScope();
        long[] numbers = [3, 17, 3, 0, 39];
        using TrainableNetwork lazy = Network(width, isLazy: true), dense = Network(width, isLazy: false);
        var layer = lazy.Lazy!;
        CollectionAssert.AreEqual(dense.Snapshot().Arrays[0].Values.ToArray(), lazy.Snapshot().Arrays[0].Values.ToArray());
        for (var pass = 1; pass <= 2; pass++)
        {
            // The second pass adds to the gradients of the first.
            var ours = lazy.Forward(Encoder.Inputs(Values, numbers));
            var theirs = dense.Forward(Inputs().index_select(0, torch.tensor(numbers)));
            AssertClose(theirs, ours);
            ours.square().sum().backward();
            theirs.square().sum().backward();
            for (var index = 1; index < dense.Parameters.Count; index++)
                AssertClose(dense.Parameters[index].grad!, lazy.Parameters[index].grad!);
            AssertClose(dense.Parameters[0].grad!, Gradient(layer, width));
            Assert.IsNull(lazy.Parameters[0].grad);
        }

        Assert.IsFalse(layer.Touched.Contains(Encoder.OutputCount - 10 + (4 % 10)), "no row of the batch has it");
        layer.ClearGradient();
        Assert.IsTrue(layer.Touched.IsEmpty);
    }

    [TestMethod]
    public void Forward_WithoutGradients_GivesTheSame()
    {
        using var scope = torch.NewDisposeScope();
        using var network = Network(6, isLazy: true);
        using var noGradient = torch.no_grad();
        AssertClose(network.Forward(Inputs()), network.Forward(Encoder.Inputs(Values, AllRows)));
        Assert.IsTrue(network.Lazy!.Touched.IsEmpty);
    }

    [TestMethod]
    [DataRow(0.0, 1)]
    [DataRow(0.7, 4)]
    public void Steps_ThatTouchAllInputs_AreThoseOfAdamW_AndSoIsTheAverage(double decay, int stride)
    {
        using var scope = torch.NewDisposeScope();
        using TrainableNetwork lazy = Network(6, isLazy: true), dense = Network(6, isLazy: false);
        using Trained ours = new(lazy, decay, stride), theirs = new(dense, decay, stride);
        for (var step = 0; step < 12; step++)
        {
            ours.Step(lazy.Forward(Encoder.Inputs(Values, AllRows)));
            theirs.Step(dense.Forward(Inputs()));
        }

        ours.EndEpoch();
        AssertSame(dense, lazy);
        foreach (var (expected, actual) in theirs.Average.Save().Zip(ours.Average.Save()))
            AssertClose(torch.tensor(expected), torch.tensor(actual), 1e-4f);
        using (ours.Average.InPlaceOfWeights())
        using (theirs.Average.InPlaceOfWeights())
            AssertSame(dense, lazy);
        foreach (var (expected, actual) in theirs.Optimizer.Save().Zip(ours.Optimizer.Save()))
            AssertClose(torch.tensor(expected.SecondMoment), torch.tensor(actual.SecondMoment));
    }

    [TestMethod]
    public void Steps_OfSgdWithAShortGradient_AreThoseOfTheDenseLayer()
    {
        var options = new PrimalOptions { Method = PrimalMethod.Sgd, MaximumGradientNorm = 0.05 };
        using var scope = torch.NewDisposeScope();
        using TrainableNetwork lazy = Network(6, isLazy: true), dense = Network(6, isLazy: false), free = Network(6, isLazy: true);
        using Trained ours = new(lazy, 0.5, 1, options), theirs = new(dense, 0.5, 1, options),
            unclipped = new(free, 0.5, 1, options with { MaximumGradientNorm = null });
        for (var step = 0; step < 5; step++)
        {
            ours.Step(lazy.Forward(Encoder.Inputs(Values, AllRows)));
            theirs.Step(dense.Forward(Inputs()));
            unclipped.Step(free.Forward(Encoder.Inputs(Values, AllRows)));
        }

        ours.EndEpoch();
        AssertSame(dense, lazy);
        unclipped.EndEpoch();
        Assert.IsGreaterThan(1e-3, lazy.Snapshot().Arrays[1].Values.ToArray().Zip(free.Snapshot().Arrays[1].Values.ToArray())
            .Max(pair => Math.Abs(pair.First - pair.Second)), "the gradient was longer");
    }

    [TestMethod]
    public void Steps_ThatDoNotTouchAnInput_OnlyDecayItsWeights_AndTheAverageFollows()
    {
        const double Decay = 2;
        const int Steps = 9, Untouched = 4;
        using var scope = torch.NewDisposeScope();
        using var network = Network(3, isLazy: true);
        using Trained trained = new(network, Decay, 1);
        var input = Encoder.OutputCount - 10 + Untouched;
        long[] numbers = [.. AllRows.Where(row => row % 10 != Untouched)];
        var before = Column(network.Snapshot(), input);
        for (var step = 0; step < Steps; step++)
            trained.Step(network.Forward(Encoder.Inputs(Values, numbers)));

        // Until the epoch ends the weights stand still, and so does their average.
        CollectionAssert.AreEqual(before, Column(network.Snapshot(), input));
        trained.EndEpoch();
        var after = Column(network.Snapshot(), input);
        for (var unit = 0; unit < after.Length; unit++)
        {
            Assert.AreEqual(before[unit] * Math.Pow(1 - (Rate * Decay), Steps), after[unit], 1e-6);
            Assert.AreEqual(before[unit], trained.Average.Save()[0][(unit * Encoder.OutputCount) + input], 1e-6);
        }
    }

    private static long[] AllRows => [.. Enumerable.Range(0, Rows).Select(row => (long)row)];

    private static TrainableNetwork Network(int width, bool isLazy)
        => new(width == 1 ? ML.Networks.Network.Linear() : ML.Networks.Network.MultilayerPerceptron(width), Encoder.OutputCount, 1, 5,
            torch.CPU, isLazy);

    private static torch.Tensor Inputs() => torch.tensor(Encoder.Encode(Values, Rows), [Rows, Encoder.OutputCount]);

    private static torch.Tensor Gradient(LazyFirstLayer layer, int width)
    {
        var gradient = torch.zeros(width, Encoder.OutputCount);
        for (var position = 0; position < layer.Touched.Length; position++)
            gradient[.., layer.Touched[position]] = torch.tensor(layer.Gradient(position).ToArray());
        return gradient;
    }

    private static float[] Column(NetworkWeights weights, int input)
        => [.. weights.Arrays[0].Values.ToArray().Where((_, index) => index % Encoder.OutputCount == input)];

    private static float[] Draw()
    {
        Random random = new(2);
        var rows = new float[Rows * 13];
        for (var row = 0; row < Rows; row++)
        {
            rows[row * 13] = row % 3 == 0 ? 0 : random.Next(100);
            rows[(row * 13) + 1] = row % 7 == 0 ? 1 : 0;
            rows[(row * 13) + 2] = row % 9 == 0 ? -1 : 0;
            rows[(row * 13) + 3 + (row % 10)] = 1;
        }

        return rows;
    }

    private static void AssertSame(TrainableNetwork expected, TrainableNetwork actual)
    {
        foreach (var (first, second) in expected.Snapshot().Arrays.Zip(actual.Snapshot().Arrays))
            AssertClose(torch.tensor(first.Values.ToArray()), torch.tensor(second.Values.ToArray()), 1e-4f);
    }

    private static void AssertClose(torch.Tensor expected, torch.Tensor actual, float tolerance = 1e-5f)
        => Assert.IsLessThan(tolerance, expected.detach().sub(actual.detach()).abs().max().item<float>());

    private sealed class Trained(TrainableNetwork network, double decay, int stride, PrimalOptions? options = null) : IDisposable
    {
        public PrimalOptimizer Optimizer { get; } = new(network.Parameters, Rate, decay, options ?? new(), network.Lazy);

        public WeightAverage Average { get; } = new(network.Parameters, 5, stride, network.Lazy);

        public void Step(torch.Tensor outputs)
        {
            Optimizer.Step(outputs.sub(torch.linspace(-1, 1, outputs.numel())).square().mean(), beforeMove: Average.BeforeMove);
            Average.Add();
        }

        public void EndEpoch()
        {
            Average.EndEpoch();
            Optimizer.EndEpoch();
        }

        public void Dispose()
        {
            Optimizer.Dispose();
            Average.Dispose();
        }
    }
}
