namespace HumanCompatible.ML.Networks;

/// <summary>The layers of a built-in network: what the trainable and the managed form have in common.</summary>
/// <param name="Widths">The number of features, the width of each hidden layer, the number of outputs.</param>
/// <param name="Activation">Applied after each layer but the last.</param>
/// <param name="Dropout">The probability of dropping a hidden unit in a training step.</param>
internal sealed record LayeredArchitecture(int[] Widths, Activation Activation, double Dropout)
{
    /// <summary>The number of linear layers.</summary>
    public int LayerCount => Widths.Length - 1;

    /// <summary>The layers of a definition.</summary>
    /// <exception cref="ArgumentException">The definition is the user's own module, whose layers are not known.</exception>
    public static LayeredArchitecture Of(NetworkDefinition definition, int inputCount, int outputCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputCount, 1);
        return definition switch
        {
            LinearNetwork => new([inputCount, outputCount], default, 0),
            MultilayerPerceptronNetwork perceptron
                => new([inputCount, .. perceptron.HiddenUnits, outputCount], perceptron.Activation, perceptron.Dropout),
            _ => throw new ArgumentException($"{definition.GetType().Name} is not a built-in network: its layers are not known.",
                nameof(definition)),
        };
    }

    /// <summary>The name of a layer's weight, of shape <c>[width, width before]</c>.</summary>
    public static string WeightName(int layer) => $"layers.{layer}.weight";

    /// <summary>The name of a layer's bias, of shape <c>[width]</c>.</summary>
    public static string BiasName(int layer) => $"layers.{layer}.bias";

    /// <summary>The names and shapes of all arrays, in order: weight and bias of each layer.</summary>
    public IReadOnlyList<(string Name, long[] Shape)> Arrays()
    {
        List<(string, long[])> arrays = [];
        for (var layer = 0; layer < LayerCount; layer++)
        {
            arrays.Add((WeightName(layer), [Widths[layer + 1], Widths[layer]]));
            arrays.Add((BiasName(layer), [Widths[layer + 1]]));
        }

        return arrays;
    }
}
