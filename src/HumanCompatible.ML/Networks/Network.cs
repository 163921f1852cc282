using TorchSharp;

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
        return new(hiddenUnits);
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
        return new(hiddenUnits) { Activation = activation, Dropout = dropout };
    }

    /// <summary>The user's own network, whose factory is (or will be) registered with <see cref="NetworkRegistry.Register"/>.</summary>
    /// <param name="name">The registered name.</param>
    /// <returns>The definition.</returns>
    public static ModuleNetwork Module(string name) => new(name);

    /// <summary>
    /// The user's own network: registers the factory under the name (see <see cref="NetworkRegistry.Register"/>) and refers to it.
    /// </summary>
    /// <param name="name">The name, 1 to 200 characters.</param>
    /// <param name="factory">Builds a new module from the number of features and the number of outputs.</param>
    /// <returns>The definition.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty or too long.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="factory"/> is null.</exception>
    public static ModuleNetwork Module(string name, Func<int, int, torch.nn.Module<torch.Tensor, torch.Tensor>> factory)
    {
        NetworkRegistry.Register(name, factory);
        return new(name);
    }
}
