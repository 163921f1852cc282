using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Networks;

namespace HumanCompatible.ML.Experiments;

/// <summary>What experiments vary unless told otherwise.</summary>
public static class SearchSpace
{
    // Where searches start, from Adult's training rows in five folds, demographic parity 0.05 by sex, mean accuracy and difference on the
    // rows left out. The defaults .8553 at .039, with half the margin .8565 at .045, with none .8572 at .049. With 30% of the margin: these
    // settings with factors .8575 at .046 (2 seeds), with a cosine schedule .8578 at .048 (2 seeds); one seed: 64 bins .8570 at .046, decay
    // 3 .8569 at .046, rate .002 .8562 at .046, average of three epochs .8573 at .046, batch 1024 .8569 at .045; without factors, decay 2
    // .8537 at .046, a cosine schedule .8555 at .047.

    /// <summary>
    /// Network (with its dropout), InputFactors (see <see cref="Trainers.ConstrainedTrainerOptions.LearningRate"/>; only from 4,000
    /// training rows on), LearningRate, NumberOfEpochs, BatchSize (as a multiple of what the options say or the trainer would choose),
    /// WeightDecay, DualOptimizer, MarginShare. A list to narrow or to extend:
    /// <c>[.. SearchSpace.Default.Where(parameter => parameter.Name != "Network"), SearchParameter.Choice(...)]</c>.
    /// </summary>
    public static IReadOnlyList<SearchParameter> Default { get; } =
    [
        SearchParameter.Choice("Network", Networks, (options, network) => options.Network = network, TextOf).StartingAt(0, 0, 0, 0),
        SearchParameter.Choice("InputFactors", [true, false], (options, learned) => options.LearnsInputFactors = learned)
            .StartingAt(0, 0, 0, 1),
        SearchParameter.Number("LearningRate", 5e-4, 6e-3, (options, rate) => options.LearningRate = rate, isLogarithmic: true)
            .StartingAt(3e-3, 3e-3, 3e-3, 1.5e-3),
        SearchParameter.WholeNumber("NumberOfEpochs", 12, 40, (options, epochs) => options.NumberOfEpochs = epochs, isLogarithmic: true)
            .StartingAt(20, 20, 20, 20),
        SearchParameter.Choice("BatchSize", [1, 0.5, 2], (options, factor) => options.BatchSizeFactor = factor,
            factor => FormattableString.Invariant($"{factor} times the usual")).StartingAt(0, 0, 0, 0),
        SearchParameter.Number("WeightDecay", 1e-3, 3, (options, decay) => options.Optimizer.WeightDecay = decay, isLogarithmic: true)
            .StartingAt(2, 2, 2, 1e-3),
        SearchParameter.Choice<DualOptimizerOptions>("DualOptimizer",
            [new InexactAugmentedLagrangianOptions(), new AugmentedLagrangianOptions(), new NuPIOptions()],
            (options, dual) => options.DualOptimizer = dual, dual => dual switch
            {
                InexactAugmentedLagrangianOptions => "iALM",
                AugmentedLagrangianOptions => "ALM",
                _ => "nuPI",
            }).StartingAt(0, 0, 0, 0),
        SearchParameter.Number("MarginShare", 0, 1, (options, share) => options.MarginShare = share).StartingAt(0.4, 0.2, 0.6, 0.4),
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
