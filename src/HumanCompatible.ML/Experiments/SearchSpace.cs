using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Networks;

namespace HumanCompatible.ML.Experiments;

/// <summary>What experiments vary unless told otherwise.</summary>
public static class SearchSpace
{
    /// <summary>
    /// Network (with its dropout), LearningRate, NumberOfEpochs, BatchSize, WeightDecay, DualOptimizer, MarginShare. A list to narrow or to
    /// extend:
    /// <c>[.. SearchSpace.Default.Where(parameter => parameter.Name != "Network"), SearchParameter.Choice(...)]</c>.
    /// </summary>
    public static IReadOnlyList<SearchParameter> Default { get; } =
    [
        SearchParameter.Choice("Network", Networks, (options, network) => options.Network = network, TextOf),
        SearchParameter.Number("LearningRate", 5e-4, 6e-3, (options, rate) => options.LearningRate = rate, isLogarithmic: true),
        SearchParameter.WholeNumber("NumberOfEpochs", 12, 40, (options, epochs) => options.NumberOfEpochs = epochs, isLogarithmic: true),
        SearchParameter.Choice("BatchSize", [128, 256, 512, 1024], (options, rows) => options.BatchSize = rows),
        SearchParameter.Number("WeightDecay", 1e-3, 3, (options, decay) => options.Optimizer.WeightDecay = decay, isLogarithmic: true),
        SearchParameter.Choice<DualOptimizerOptions>("DualOptimizer",
            [new InexactAugmentedLagrangianOptions(), new AugmentedLagrangianOptions(), new NuPIOptions()],
            (options, dual) => options.DualOptimizer = dual, dual => dual switch
            {
                InexactAugmentedLagrangianOptions => "iALM",
                AugmentedLagrangianOptions => "ALM",
                _ => "nuPI",
            }),
        SearchParameter.Number("MarginShare", 0.1, 1, (options, share) => options.MarginShare = share),
    ];

    private static string TextOf(NetworkDefinition network) => network is MultilayerPerceptronNetwork layers
        ? string.Join('-', layers.HiddenUnits) + (layers.Dropout > 0 ? FormattableString.Invariant($" dropout {layers.Dropout}") : "")
        : $"{network}";

    private static IReadOnlyList<NetworkDefinition> Networks =>
    [
        Network.MultilayerPerceptron(64, 64),
        Network.MultilayerPerceptron(128),
        Network.MultilayerPerceptron(128, 64),
        Network.MultilayerPerceptron([64, 64], Activation.ReLU, dropout: 0.1),
        Network.MultilayerPerceptron([128, 64], Activation.ReLU, dropout: 0.2),
    ];
}
