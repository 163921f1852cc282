using System.Runtime.CompilerServices;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Trainers;
using Microsoft.ML.Runtime;

namespace HumanCompatible.ML;

/// <summary>The trainers that keep fairness constraints, one per task.</summary>
public sealed class ConstrainedTrainersCatalog
{
    private readonly IHostEnvironment _environment;

    internal ConstrainedTrainersCatalog(IHostEnvironment environment) => _environment = environment;

    /// <summary>A binary classifier that is trained under fairness constraints.</summary>
    /// <param name="labelColumnName">The label: Boolean, Single or Double holding 0 and 1, or a key with 2 values (the second is
    /// positive).</param>
    /// <param name="featureColumnName">The features: a vector of <see cref="float"/> of fixed size, without missing values.</param>
    /// <param name="exampleWeightColumnName">The weight of a row in the loss and in every rate, Single and not negative; null weighs all
    /// rows alike.</param>
    /// <param name="constraints">The constraints, made by <see cref="Fairness"/>; null or none trains without.</param>
    /// <param name="network">What is trained; null is <c>Network.MultilayerPerceptron(64, 64)</c>.</param>
    /// <param name="numberOfEpochs">Passes over the training rows; at least 1.</param>
    /// <param name="batchSize">Rows per step, at least 1; null chooses by the number of rows
    /// (<see cref="ConstrainedTrainerOptions.BatchSize"/>).</param>
    /// <param name="learningRate">The step size of the primal optimizer (Adam), above 0 and finite; null chooses by the network
    /// (<see cref="ConstrainedTrainerOptions.LearningRate"/>).</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">An argument is out of its range; the message lists every problem.</exception>
    public ConstrainedBinaryClassificationTrainer BinaryClassification(
        string labelColumnName = TrainerDefaults.LabelColumnName,
        string featureColumnName = TrainerDefaults.FeatureColumnName,
        string? exampleWeightColumnName = null,
        IReadOnlyList<FairnessConstraint>? constraints = null,
        NetworkDefinition? network = null,
        int numberOfEpochs = TrainerDefaults.NumberOfEpochs,
        int? batchSize = null,
        double? learningRate = null)
    {
        var options = new ConstrainedBinaryClassificationTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            NumberOfEpochs = numberOfEpochs,
            BatchSize = batchSize,
            LearningRate = learningRate,
        };
        if (constraints is not null)
            options.Constraints = constraints;
        if (network is not null)
            options.Network = network;
        return BinaryClassification(options);
    }

    /// <summary>A binary classifier that is trained under fairness constraints, with every setting.</summary>
    /// <param name="options">The settings. They are copied: later changes of the object have no effect on the trainer.</param>
    /// <param name="callbacks">How the program follows training and stops it; null neither follows nor stops it. Copied as well.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">A setting is out of its range; the message lists every problem.</exception>
    [OverloadResolutionPriority(1)] // so that new() { ... } means options
    public ConstrainedBinaryClassificationTrainer BinaryClassification(ConstrainedBinaryClassificationTrainer.Options options,
        TrainingCallbacks? callbacks = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ConstrainedBinaryClassificationTrainer(_environment, options, callbacks);
    }
}
