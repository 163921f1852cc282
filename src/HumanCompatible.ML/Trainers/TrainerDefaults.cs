using HumanCompatible.ML.Networks;

namespace HumanCompatible.ML.Trainers;

/// <summary>The defaults that the short overloads of the catalog share with <see cref="ConstrainedTrainerOptions"/>.</summary>
internal static class TrainerDefaults
{
    internal const string LabelColumnName = "Label";
    internal const string FeatureColumnName = "Features";
    internal const int NumberOfEpochs = 20;
    internal const double LearningRate = 1.5e-3;

    private const int UsualBatch = 512;
    private const int LargestBatch = 1024;
    private const int SmallestBatch = 32;
    private const int FewestSteps = 16;
    private const int MostUsualSteps = 50;
    private const double DecayedRows = 4000;
    private const double LargestDecay = 5;

    /// <summary>The rows per step for a number of training rows.</summary>
    internal static int BatchSize(int rows)
        => Math.Clamp(Math.Max(Math.Min(rows / FewestSteps, UsualBatch), rows / MostUsualSteps), SmallestBatch, LargestBatch);

    /// <summary>
    /// The weight decay for a number of training rows. A linear network is left alone, which this much would hold back, and so is the
    /// user's own module, of which nothing is known.
    /// </summary>
    internal static double WeightDecay(NetworkDefinition network, int rows)
        => network is MultilayerPerceptronNetwork ? Math.Min(DecayedRows / rows, LargestDecay) : 0;
}
