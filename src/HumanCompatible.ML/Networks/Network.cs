namespace HumanCompatible.ML.Networks;

/// <summary>
/// The networks that can be trained. Settings are checked together with the trainer's other options, all problems in one message.
/// </summary>
public static class Network
{
    /// <summary>A linear model, outputs = W x + b: logistic regression when trained with the logistic loss.</summary>
    /// <returns>The definition.</returns>
    public static NetworkDefinition Linear() => new LinearNetwork();

    /// <summary>
    /// A multilayer perceptron, such as <c>Network.MultilayerPerceptron(64, 64)</c>, with <see cref="Activation.ReLU"/> and nothing else.
    /// </summary>
    /// <inheritdoc cref="MultilayerPerceptron(IEnumerable{int}, Activation, double, Normalization)"/>
    public static NetworkDefinition MultilayerPerceptron(params int[] hiddenUnits) => MultilayerPerceptron(hiddenUnits, Activation.ReLU);

    /// <summary>
    /// A multilayer perceptron with every setting, such as
    /// <c>Network.MultilayerPerceptron([64, 64], Activation.Tanh, dropout: 0.1)</c>.
    /// </summary>
    /// <param name="hiddenUnits">The width of each hidden layer, first to last: 1 to 64 layers of 1 to 65536 units.</param>
    /// <param name="activation">The function applied after each hidden layer.</param>
    /// <param name="dropout">The probability p, in [0, 1), with which each hidden unit is set to 0 in a training step, the others
    /// being divided by 1 - p; not applied in scoring.</param>
    /// <param name="normalization">What is done to the sums of each hidden layer before the activation.</param>
    /// <returns>The definition.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="hiddenUnits"/> is null.</exception>
    /// <remarks>
    /// h_0 = x, h_l = a(n(W_l h_(l-1) + b_l)) for each hidden layer l, outputs = W h + b of the last one, where a is the activation, n the
    /// normalization, and the width of h_l is element l - 1 of <paramref name="hiddenUnits"/>. Dropout: Srivastava et al. (2014), section
    /// 4.
    /// </remarks>
    public static NetworkDefinition MultilayerPerceptron(IEnumerable<int> hiddenUnits, Activation activation, double dropout = 0,
        Normalization normalization = Normalization.None)
    {
        ArgumentNullException.ThrowIfNull(hiddenUnits);
        return new MultilayerPerceptronNetwork([.. hiddenUnits])
        {
            Activation = activation,
            Dropout = dropout,
            Normalization = normalization,
        };
    }

    /// <summary>
    /// A perceptron of blocks that add to what they are given, such as <c>Network.ResidualPerceptron(64, blocks: 3)</c>: it can be deeper.
    /// </summary>
    /// <param name="units">The width of every hidden layer, 1 to 65536.</param>
    /// <param name="blocks">The number of blocks of two layers, 1 to 31.</param>
    /// <param name="activation">The function a.</param>
    /// <param name="dropout">The probability p, in [0, 1), with which each unit within a block is set to 0 in a training step, the others
    /// being divided by 1 - p; not applied in scoring.</param>
    /// <param name="normalization">What is done to the sums of each hidden layer.</param>
    /// <returns>The definition.</returns>
    /// <remarks>
    /// h_0 = a(n(W_0 x + b_0)), then for each block k, with weights of its own, h_k = a(h_(k-1) + n(V_k a(n(W_k h_(k-1) + b_k)) + c_k)),
    /// outputs = W h + b of the last one, where n is the normalization. Sources: He et al. (2016), Deep residual learning; dropout within
    /// the block as by Zagoruyko and Komodakis (2016), Wide residual networks.
    /// </remarks>
    public static NetworkDefinition ResidualPerceptron(int units, int blocks, Activation activation = Activation.ReLU, double dropout = 0,
        Normalization normalization = Normalization.None)
        => new ResidualPerceptronNetwork(units, blocks)
        {
            Activation = activation,
            Dropout = dropout,
            Normalization = normalization,
        };

    /// <summary>The user's own TorchSharp module, which <see cref="NetworkRegistry.Register"/> makes known to the process.</summary>
    /// <param name="name">The registered name, 1 to 200 characters, compared exactly.</param>
    /// <returns>The definition.</returns>
    /// <remarks>
    /// A model file keeps the name and the weights, never a type: before such a file is loaded, the same name must be registered again.
    /// </remarks>
    public static NetworkDefinition Module(string name) => new ModuleNetwork(name);
}
