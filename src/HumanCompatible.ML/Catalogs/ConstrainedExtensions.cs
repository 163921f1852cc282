using System.Runtime.CompilerServices;
using HumanCompatible.ML;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.MLNet;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Trainers;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The way in to HumanCompatible.ML from an <see cref="MLContext"/>.</summary>
public static class ConstrainedExtensions
{
    /// <summary>Trainers that keep fairness constraints, the audit of any scored data, experiments, and safe saving and loading.</summary>
    /// <param name="mlContext">The context whose random seed, log and progress channels are used.</param>
    /// <returns>The catalog.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="mlContext"/> is null.</exception>
    public static ConstrainedCatalog Constrained(this MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        return new ConstrainedCatalog(mlContext);
    }

    /// <inheritdoc cref="ConstrainedTrainersCatalog.BinaryClassification(string, string, string?,
    /// IReadOnlyList{FairnessConstraint}?, NetworkDefinition?, int?, int?, double?)"/>
    public static ConstrainedBinaryClassificationTrainer Constrained(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = TrainerDefaults.LabelColumnName,
        string featureColumnName = TrainerDefaults.FeatureColumnName,
        string? exampleWeightColumnName = null,
        IReadOnlyList<FairnessConstraint>? constraints = null,
        NetworkDefinition? network = null,
        int? numberOfEpochs = null,
        int? batchSize = null,
        double? learningRate = null)
        => Of(catalog, HostEnvironments.Of).BinaryClassification(labelColumnName, featureColumnName, exampleWeightColumnName, constraints,
            network, numberOfEpochs, batchSize, learningRate);

    /// <inheritdoc cref="ConstrainedTrainersCatalog.BinaryClassification(ConstrainedBinaryClassificationTrainer.Options,
    /// TrainingCallbacks?)"/>
    [OverloadResolutionPriority(1)] // so that new() { ... } means options
    public static ConstrainedBinaryClassificationTrainer Constrained(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        ConstrainedBinaryClassificationTrainer.Options options,
        TrainingCallbacks? callbacks = null)
        => Of(catalog, HostEnvironments.Of).BinaryClassification(options, callbacks);

    /// <inheritdoc cref="ConstrainedTrainersCatalog.MulticlassClassification(string, string, string?,
    /// IReadOnlyList{FairnessConstraint}?, NetworkDefinition?, int?, int?, double?)"/>
    public static ConstrainedMulticlassClassificationTrainer Constrained(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = TrainerDefaults.LabelColumnName,
        string featureColumnName = TrainerDefaults.FeatureColumnName,
        string? exampleWeightColumnName = null,
        IReadOnlyList<FairnessConstraint>? constraints = null,
        NetworkDefinition? network = null,
        int? numberOfEpochs = null,
        int? batchSize = null,
        double? learningRate = null)
        => Of(catalog, HostEnvironments.Of).MulticlassClassification(labelColumnName, featureColumnName, exampleWeightColumnName,
            constraints, network, numberOfEpochs, batchSize, learningRate);

    /// <inheritdoc cref="ConstrainedTrainersCatalog.MulticlassClassification(ConstrainedMulticlassClassificationTrainer.Options,
    /// TrainingCallbacks?)"/>
    [OverloadResolutionPriority(1)] // so that new() { ... } means options
    public static ConstrainedMulticlassClassificationTrainer Constrained(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        ConstrainedMulticlassClassificationTrainer.Options options,
        TrainingCallbacks? callbacks = null)
        => Of(catalog, HostEnvironments.Of).MulticlassClassification(options, callbacks);

    /// <inheritdoc cref="ConstrainedTrainersCatalog.Regression(string, string, string?,
    /// IReadOnlyList{FairnessConstraint}?, NetworkDefinition?, int?, int?, double?)"/>
    public static ConstrainedRegressionTrainer Constrained(
        this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = TrainerDefaults.LabelColumnName,
        string featureColumnName = TrainerDefaults.FeatureColumnName,
        string? exampleWeightColumnName = null,
        IReadOnlyList<FairnessConstraint>? constraints = null,
        NetworkDefinition? network = null,
        int? numberOfEpochs = null,
        int? batchSize = null,
        double? learningRate = null)
        => Of(catalog, HostEnvironments.Of).Regression(labelColumnName, featureColumnName, exampleWeightColumnName, constraints, network,
            numberOfEpochs, batchSize, learningRate);

    /// <inheritdoc cref="ConstrainedTrainersCatalog.Regression(ConstrainedRegressionTrainer.Options,
    /// TrainingCallbacks?)"/>
    [OverloadResolutionPriority(1)] // so that new() { ... } means options
    public static ConstrainedRegressionTrainer Constrained(
        this RegressionCatalog.RegressionTrainers catalog,
        ConstrainedRegressionTrainer.Options options,
        TrainingCallbacks? callbacks = null)
        => Of(catalog, HostEnvironments.Of).Regression(options, callbacks);

    private static ConstrainedTrainersCatalog Of<TCatalog>(TCatalog catalog, Func<TCatalog, IHostEnvironment> environmentOf)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new ConstrainedTrainersCatalog(environmentOf(catalog));
    }
}
