namespace HumanCompatible.ML.Networks;

/// <summary>The layers of a built-in network: what the trainable and the managed form have in common.</summary>
/// <param name="Layers">The layers, first to last.</param>
/// <param name="Activation">The activation of all hidden layers.</param>
/// <param name="Dropout">The probability of dropping a unit in a training step.</param>
internal sealed record LayeredArchitecture(Layer[] Layers, Activation Activation, double Dropout)
{
    /// <summary>What is added to a variance that is divided by.</summary>
    internal const double Epsilon = 1e-5;

    /// <summary>The number of linear layers.</summary>
    public int LayerCount => Layers.Length;

    /// <summary>The number of outputs.</summary>
    public int OutputCount => Layers[^1].Width;

    /// <summary>Whether hidden layers need the values of the layer before last.</summary>
    public bool HasBlocks => Array.Exists(Layers, layer => layer.EndsBlock);

    /// <summary>The layers of a definition.</summary>
    /// <exception cref="ArgumentException">The definition is the user's own module, whose layers are not known.</exception>
    public static LayeredArchitecture Of(NetworkDefinition definition, int inputCount, int outputCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputCount, 1);
        if (definition is LinearNetwork)
            return new([new Layer(inputCount, outputCount)], default, 0);
        if (definition is not PerceptronNetwork network)
        {
            throw new ArgumentException($"{definition.GetType().Name} is not a built-in network: its layers are not known.",
                nameof(definition));
        }

        var layers = Hidden(network, inputCount).ToList();
        layers.Add(new Layer(layers[^1].Width, outputCount));
        return new([.. layers], network.Activation, network.Dropout);
    }

    /// <summary>The name of a layer's weight, of shape <c>[width, width before]</c>.</summary>
    public static string WeightName(int layer) => $"layers.{layer}.weight";

    /// <summary>The name of a layer's bias, of shape <c>[width]</c>.</summary>
    public static string BiasName(int layer) => $"layers.{layer}.bias";

    /// <summary>The name of the gain of a layer's normalization, of shape <c>[width]</c>.</summary>
    public static string GainName(int layer) => $"layers.{layer}.norm.weight";

    /// <summary>The name of the shift of a layer's normalization, of shape <c>[width]</c>.</summary>
    public static string ShiftName(int layer) => $"layers.{layer}.norm.bias";

    /// <summary>The name of the mean of a layer's batch normalization, of shape <c>[width]</c>.</summary>
    public static string MeanName(int layer) => $"layers.{layer}.norm.running_mean";

    /// <summary>The name of the variance of a layer's batch normalization, of shape <c>[width]</c>.</summary>
    public static string VarianceName(int layer) => $"layers.{layer}.norm.running_var";

    /// <summary>
    /// The names and shapes of all arrays, in order: of each layer weight and bias, where it is normalized gain and shift, and of batch
    /// normalization mean and variance.
    /// </summary>
    public IReadOnlyList<(string Name, long[] Shape)> Arrays()
    {
        List<(string, long[])> arrays = [];
        for (var index = 0; index < Layers.Length; index++)
        {
            var layer = Layers[index];
            arrays.Add((WeightName(index), [layer.Width, layer.InputCount]));
            string[] names =
            [
                BiasName(index),
                .. layer.Normalization == Normalization.None ? [] : new[] { GainName(index), ShiftName(index) },
                .. layer.Normalization == Normalization.Batch ? new[] { MeanName(index), VarianceName(index) } : [],
            ];
            foreach (var name in names)
                arrays.Add((name, [layer.Width]));
        }

        return arrays;
    }

    private static IEnumerable<Layer> Hidden(PerceptronNetwork network, int inputCount)
    {
        Layer Hidden(int before, int width) => new(before, width) { Normalization = network.Normalization, Activates = true };
        if (network is MultilayerPerceptronNetwork perceptron)
        {
            foreach (var width in perceptron.HiddenUnits)
            {
                yield return Hidden(inputCount, width) with { Drops = true };
                inputCount = width;
            }
        }
        else if (network is ResidualPerceptronNetwork residual)
        {
            yield return Hidden(inputCount, residual.Units);
            for (var block = 0; block < residual.Blocks; block++)
            {
                yield return Hidden(residual.Units, residual.Units) with { Drops = true };
                yield return Hidden(residual.Units, residual.Units) with { EndsBlock = true };
            }
        }
    }
}
