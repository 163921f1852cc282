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
        int? numberOfEpochs = null,
        int? batchSize = null,
        double? learningRate = null)
        => BinaryClassification(Set(new ConstrainedBinaryClassificationTrainer.Options(), labelColumnName, featureColumnName,
            exampleWeightColumnName, constraints, network, numberOfEpochs, batchSize, learningRate));

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

    /// <summary>A classifier of several classes that is trained under fairness constraints.</summary>
    /// <param name="labelColumnName">The label: a key of <see cref="uint"/> with at least 2 values, such as <c>MapValueToKey</c>
    /// gives.</param>
    /// <param name="featureColumnName">The features: a vector of <see cref="float"/> of fixed size, without missing values.</param>
    /// <param name="exampleWeightColumnName">The weight of a row, Single and not negative; null weighs all rows alike.</param>
    /// <param name="constraints">The constraints, made by <see cref="Fairness"/>; null or none trains without.</param>
    /// <param name="network">What is trained; null is <c>Network.MultilayerPerceptron(64, 64)</c>.</param>
    /// <param name="numberOfEpochs">Passes over the training rows; at least 1.</param>
    /// <param name="batchSize">Rows per step, at least 1; null chooses by the number of rows.</param>
    /// <param name="learningRate">The step size of the primal optimizer (Adam), above 0 and finite; null chooses by the network.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">An argument is out of its range; the message lists every problem.</exception>
    public ConstrainedMulticlassClassificationTrainer MulticlassClassification(
        string labelColumnName = TrainerDefaults.LabelColumnName,
        string featureColumnName = TrainerDefaults.FeatureColumnName,
        string? exampleWeightColumnName = null,
        IReadOnlyList<FairnessConstraint>? constraints = null,
        NetworkDefinition? network = null,
        int? numberOfEpochs = null,
        int? batchSize = null,
        double? learningRate = null)
        => MulticlassClassification(Set(new ConstrainedMulticlassClassificationTrainer.Options(), labelColumnName, featureColumnName,
            exampleWeightColumnName, constraints, network, numberOfEpochs, batchSize, learningRate));

    /// <summary>A classifier of several classes that is trained under fairness constraints, with every setting.</summary>
    /// <inheritdoc cref="BinaryClassification(ConstrainedBinaryClassificationTrainer.Options, TrainingCallbacks?)"
    /// path="/*[not(self::summary)]"/>
    [OverloadResolutionPriority(1)] // so that new() { ... } means options
    public ConstrainedMulticlassClassificationTrainer MulticlassClassification(ConstrainedMulticlassClassificationTrainer.Options options,
        TrainingCallbacks? callbacks = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ConstrainedMulticlassClassificationTrainer(_environment, options, callbacks);
    }

    /// <summary>A regression that is trained under fairness constraints.</summary>
    /// <param name="labelColumnName">The label: Single or Double, of any scale.</param>
    /// <param name="featureColumnName">The features: a vector of <see cref="float"/> of fixed size, without missing values.</param>
    /// <param name="exampleWeightColumnName">The weight of a row, Single and not negative; null weighs all rows alike.</param>
    /// <param name="constraints">The constraints, made by <see cref="Fairness"/>; null or none trains without.</param>
    /// <param name="network">What is trained; null is <c>Network.MultilayerPerceptron(64, 64)</c>.</param>
    /// <param name="numberOfEpochs">Passes over the training rows; at least 1.</param>
    /// <param name="batchSize">Rows per step, at least 1; null chooses by the number of rows.</param>
    /// <param name="learningRate">The step size of the primal optimizer (Adam), above 0 and finite; null chooses by the network.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">An argument is out of its range; the message lists every problem.</exception>
    public ConstrainedRegressionTrainer Regression(
        string labelColumnName = TrainerDefaults.LabelColumnName,
        string featureColumnName = TrainerDefaults.FeatureColumnName,
        string? exampleWeightColumnName = null,
        IReadOnlyList<FairnessConstraint>? constraints = null,
        NetworkDefinition? network = null,
        int? numberOfEpochs = null,
        int? batchSize = null,
        double? learningRate = null)
        => Regression(Set(new ConstrainedRegressionTrainer.Options(), labelColumnName, featureColumnName,
            exampleWeightColumnName, constraints, network, numberOfEpochs, batchSize, learningRate));

    /// <summary>A regression that is trained under fairness constraints, with every setting.</summary>
    /// <inheritdoc cref="BinaryClassification(ConstrainedBinaryClassificationTrainer.Options, TrainingCallbacks?)"
    /// path="/*[not(self::summary)]"/>
    [OverloadResolutionPriority(1)] // so that new() { ... } means options
    public ConstrainedRegressionTrainer Regression(ConstrainedRegressionTrainer.Options options,
        TrainingCallbacks? callbacks = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ConstrainedRegressionTrainer(_environment, options, callbacks);
    }

    private static TOptions Set<TOptions>(TOptions options, string labelColumnName, string featureColumnName,
        string? exampleWeightColumnName, IReadOnlyList<FairnessConstraint>? constraints, NetworkDefinition? network, int? numberOfEpochs,
        int? batchSize, double? learningRate)
        where TOptions : ConstrainedTrainerOptions
    {
        (options.LabelColumnName, options.FeatureColumnName) = (labelColumnName, featureColumnName);
        options.ExampleWeightColumnName = exampleWeightColumnName;
        (options.NumberOfEpochs, options.BatchSize, options.LearningRate) = (numberOfEpochs, batchSize, learningRate);
        options.Constraints = constraints ?? options.Constraints;
        options.Network = network ?? options.Network;
        return options;
    }
}
