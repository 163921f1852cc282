using HumanCompatible.ML.Networks;

namespace HumanCompatible.ML.Tests.Networks;

/// <summary>Integrated gradients against their definition: a sum over a fine grid, with derivatives by differences.</summary>
[TestClass]
public sealed class IntegratedGradientsTests
{
    private const int Inputs = 6;

    public static IEnumerable<object[]> Activations => Enum.GetValues<Activation>().Select(activation => new object[] { activation });

    public static IEnumerable<object[]> Networks =>
        from activation in Enum.GetValues<Activation>()
        from normalization in Enum.GetValues<Normalization>()
        from definition in new[]
        {
            Network.MultilayerPerceptron([5], activation, 0, normalization),
            Network.MultilayerPerceptron([9, 7], activation, 0, normalization),
            Network.MultilayerPerceptron([4, 6, 5], activation, 0, normalization),
            Network.ResidualPerceptron(5, 2, activation, 0, normalization),
        }
        select new object[] { definition };

    [TestMethod]
    public void Attribute_ALinearNetwork_GivesItsProducts()
    {
        var network = new RandomNetwork(Network.Linear(), 1, new Random(3));

        var contributions = network.Attribute(0, out var inputs, out var baseline);

        for (var input = 0; input < Inputs; input++)
        {
            double weight = network.Weights.Arrays[0].Values.Span[input];
            Assert.AreEqual(weight * ((double)inputs[input] - baseline[input]), contributions[input], 1e-12);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Attribute_IsTheIntegralOfTheGradient(NetworkDefinition definition)
    {
        var network = new RandomNetwork(definition, 2, new Random(11));
        for (var output = 0; output < 2; output++)
        {
            var contributions = network.Attribute(output, out var inputs, out var baseline);

            var expected = network.OnAGrid(output, inputs, baseline);
            for (var input = 0; input < Inputs; input++)
                Assert.AreEqual(expected[input], contributions[input], 3e-3 * (1 + Math.Abs(expected[input])), $"input {input}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Activations))]
    public void Attribute_SumsToTheChangeOfTheOutput(Activation activation)
    {
        var random = new Random(17);
        for (var round = 0; round < 60; round++)
        {
            // Up to inputs that were never scaled, which saturate the units and change the sign of all of them.
            var scale = MathF.Pow(10, round % 6);
            var normalization = (Normalization)(round / 6 % 3);
            var definition = round % 4 == 3 ? Network.ResidualPerceptron(random.Next(2, 20), 2, activation, 0, normalization)
                : Network.MultilayerPerceptron([random.Next(1, 40), random.Next(1, 40)], activation, 0, normalization);
            var network = new RandomNetwork(definition, 1, random) { Scale = scale };

            var contributions = network.Attribute(0, out var inputs, out var baseline);

            double from = network.Score(0, baseline), to = network.Score(0, inputs);
            Assert.AreEqual(to - from, contributions.Sum(), 1e-6 * (1 + Math.Abs(from) + Math.Abs(to)), $"scale {scale}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Activations))]
    public void Attribute_AnInputOfTheBaselineOrWithoutWeight_ContributesNothing(Activation activation)
    {
        var network = new RandomNetwork(Network.MultilayerPerceptron([8], activation), 1, new Random(5));
        network.Forget(input: 2);

        var contributions = network.Attribute(0, out _, out _, same: 4);

        Assert.AreEqual(0, contributions[2]);
        Assert.AreEqual(0, contributions[4]);
        Assert.AreNotEqual(0, contributions[1]);
    }

    [TestMethod]
    public void Attribute_TheBaselineItself_ContributesNothing()
    {
        foreach (var activation in Enum.GetValues<Activation>())
        {
            var network = new RandomNetwork(Network.MultilayerPerceptron([8, 3], activation), 1, new Random(5));
            var gradients = new IntegratedGradients(network.Architecture, network.Weights, new float[Inputs]);
            var contributions = new double[Inputs];

            gradients.Attribute(new float[Inputs], 0, contributions);

            CollectionAssert.AreEqual(new double[Inputs], contributions);
        }
    }

    private sealed class RandomNetwork
    {
        private readonly Random _random;

        internal RandomNetwork(NetworkDefinition definition, int outputs, Random random)
        {
            _random = random;
            Architecture = LayeredArchitecture.Of(definition, Inputs, outputs);
            Weights = new NetworkWeights(Architecture.Arrays().Select(array => new NetworkArray(array.Name, [.. array.Shape],
                (float[])[.. Enumerable.Range(0, (int)array.Shape.Aggregate((x, y) => x * y)).Select(_
                    => random.NextSingle() + (array.Name.EndsWith("running_var", StringComparison.Ordinal) ? 0.1f : -0.4f))])));
        }

        internal float Scale { get; init; } = 1;

        internal LayeredArchitecture Architecture { get; }

        internal NetworkWeights Weights { get; private set; }

        internal void Forget(int input)
            => Weights = new NetworkWeights(Weights.Arrays.Select((array, index) => index > 0 ? array : array with
            {
                Values = array.Values.ToArray().Select((value, place) => place % Inputs == input ? 0 : value).ToArray(),
            }));

        internal double[] Attribute(int output, out float[] inputs, out float[] baseline, int? same = null)
        {
            (inputs, baseline) = (Row(), Row());
            if (same is { } kept)
                inputs[kept] = baseline[kept];
            var contributions = new double[Inputs];
            new IntegratedGradients(Architecture, Weights, baseline).Attribute(inputs, output, contributions);
            return contributions;
        }

        // The definition, as a sum over the middles of many steps.
        internal double[] OnAGrid(int output, float[] inputs, float[] baseline)
        {
            const int Steps = 1000;
            const double Difference = 1e-6;
            var sums = new double[Inputs];
            for (var step = 0; step < Steps; step++)
            {
                var t = (step + 0.5) / Steps;
                double[] point = [.. baseline.Zip(inputs, (from, to) => from + t * ((double)to - from))];
                for (var input = 0; input < Inputs; input++)
                {
                    double[] up = [.. point], down = [.. point];
                    up[input] += Difference;
                    down[input] -= Difference;
                    sums[input] += (Score(output, up) - Score(output, down)) / (2 * Difference) / Steps;
                }
            }

            return [.. sums.Select((sum, input) => sum * ((double)inputs[input] - baseline[input]))];
        }

        internal double Score(int output, float[] inputs) => Score(output, Array.ConvertAll(inputs, value => (double)value));

        private double Score(int output, double[] values)
        {
            float[] Of(int layer, string name) => Weights.Find($"layers.{layer}.{name}")!.Values.ToArray();
            List<double[]> all = [values];
            foreach (var (index, layer) in Architecture.Layers.Index())
            {
                var (weight, before) = (Of(index, "weight"), all[^1]);
                double[] z = [.. Of(index, "bias").Select((own, unit) => own + before.Select((value, place)
                    => value * weight[unit * before.Length + place]).Sum())];
                if (layer.Normalization != Normalization.None)
                {
                    var mean = z.Average();
                    var variance = z.Average(value => (value - mean) * (value - mean));
                    z = [.. z.Select((value, unit) => layer.Normalization == Normalization.Layer
                        ? (value - mean) / Math.Sqrt(variance + 1e-5)
                        : (value - Of(index, "norm.running_mean")[unit]) / Math.Sqrt(Of(index, "norm.running_var")[unit] + 1e-5))];
                    z = [.. z.Select((value, unit) => (Of(index, "norm.weight")[unit] * value) + Of(index, "norm.bias")[unit])];
                }

                if (layer.EndsBlock)
                    z = [.. z.Zip(all[^2], (own, start) => own + start)];
                all.Add(layer.Activates ? Array.ConvertAll(z, Activate) : z);
            }

            return all[^1][output];
        }

        private double Activate(double z) => Architecture.Activation switch
        {
            Activation.ReLU => z > 0 ? z : 0,
            Activation.LeakyReLU => z > 0 ? z : 0.01f * z,
            Activation.Tanh => Math.Tanh(z),
            Activation.Sigmoid => 1 / (1 + Math.Exp(-z)),
            Activation.GELU => z * ByQuadrature(z),
            _ => z / (1 + Math.Exp(-z)),
        };

        // P(Z <= z): half, and the density from 0 to z by Simpson's rule.
        private static double ByQuadrature(double z)
        {
            const int Steps = 200;
            if (Math.Abs(z) > 8)
                return z > 0 ? 1 : 0;
            double Density(int step) => Math.Exp(-Math.Pow(z * step / Steps, 2) / 2) / Math.Sqrt(2 * Math.PI);
            var sum = Density(0) + Density(Steps);
            for (var step = 1; step < Steps; step++)
                sum += (step % 2 == 0 ? 2 : 4) * Density(step);
            return 0.5 + sum * z / Steps / 3;
        }

        private float[] Row() => [.. Enumerable.Range(0, Inputs).Select(_ => Scale * (4 * _random.NextSingle() - 2))];
    }
}
