using System.Runtime.CompilerServices;
using HumanCompatible.ML;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.MLNet;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Trainers;

namespace Microsoft.ML;

/// <summary>The way in to HumanCompatible.ML from an <see cref="MLContext"/>.</summary>
public static class ConstrainedExtensions
{
    /// <summary>Trainers that keep fairness constraints, and the audit of any scored data.</summary>
    /// <param name="mlContext">The context whose random seed, log and progress channels are used.</param>
    /// <returns>The catalog.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="mlContext"/> is null.</exception>
    public static ConstrainedCatalog Constrained(this MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        return new ConstrainedCatalog(mlContext);
    }

    /// <inheritdoc cref="ConstrainedTrainersCatalog.BinaryClassification(string, string, string?, IReadOnlyList{FairnessConstraint}?,
    /// NetworkDefinition?, int, int?, double)"/>
    public static ConstrainedBinaryClassificationTrainer Constrained(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = TrainerDefaults.LabelColumnName,
        string featureColumnName = TrainerDefaults.FeatureColumnName,
        string? exampleWeightColumnName = null,
        IReadOnlyList<FairnessConstraint>? constraints = null,
        NetworkDefinition? network = null,
        int numberOfEpochs = TrainerDefaults.NumberOfEpochs,
        int? batchSize = null,
        double? learningRate = null)
        => Of(catalog).BinaryClassification(labelColumnName, featureColumnName, exampleWeightColumnName, constraints, network,
            numberOfEpochs, batchSize, learningRate);

    /// <inheritdoc cref="ConstrainedTrainersCatalog.BinaryClassification(ConstrainedBinaryClassificationTrainer.Options,
    /// TrainingCallbacks?)"/>
    [OverloadResolutionPriority(1)] // so that new() { ... } means options
    public static ConstrainedBinaryClassificationTrainer Constrained(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        ConstrainedBinaryClassificationTrainer.Options options,
        TrainingCallbacks? callbacks = null)
        => Of(catalog).BinaryClassification(options, callbacks);

    private static ConstrainedTrainersCatalog Of(BinaryClassificationCatalog.BinaryClassificationTrainers catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new ConstrainedTrainersCatalog(HostEnvironments.Of(catalog));
    }
}
