namespace HumanCompatible.ML.Networks;

/// <summary>
/// The networks that can be trained. Settings are checked together with the trainer's other options, all problems in one message.
/// </summary>
public static class Network
{
    /// <summary>A linear model, outputs = W x + b: logistic regression when trained with the logistic loss.</summary>
    /// <returns>The definition.</returns>
    public static LinearNetwork Linear() => new();

    /// <summary>
    /// A multilayer perceptron, for example
    /// <c>Network.MultilayerPerceptron(64, 64) with { Activation = Activation.Tanh, Dropout = 0.1 }</c>.
    /// </summary>
    /// <param name="hiddenUnits">The width of each hidden layer, first to last: 1 to 64 layers of 1 to 65536 units.</param>
    /// <returns>The definition, with <see cref="Activation.ReLU"/> and no dropout.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="hiddenUnits"/> is null.</exception>
    public static MultilayerPerceptronNetwork MultilayerPerceptron(params int[] hiddenUnits)
    {
        ArgumentNullException.ThrowIfNull(hiddenUnits);
        return new([.. hiddenUnits]);
    }

    /// <summary>A multilayer perceptron with every setting.</summary>
    /// <param name="hiddenUnits">The width of each hidden layer, first to last: 1 to 64 layers of 1 to 65536 units.</param>
    /// <param name="activation">The function applied after each hidden layer.</param>
    /// <param name="dropout">The probability, in [0, 1), with which a hidden unit is set to 0 in a training step.</param>
    /// <returns>The definition.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="hiddenUnits"/> is null.</exception>
    public static MultilayerPerceptronNetwork MultilayerPerceptron(IEnumerable<int> hiddenUnits, Activation activation, double dropout = 0)
    {
        ArgumentNullException.ThrowIfNull(hiddenUnits);
        return new([.. hiddenUnits]) { Activation = activation, Dropout = dropout };
    }

    /// <summary>The user's own network, which <see cref="NetworkRegistry.Register"/> makes known to the process.</summary>
    /// <param name="name">The registered name, compared exactly.</param>
    /// <returns>The definition.</returns>
    public static ModuleNetwork Module(string name) => new(name);
}
