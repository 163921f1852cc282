using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Networks;

namespace HumanCompatible.ML.Training;

/// <summary>
/// Where training stood after its last epoch, as plain numbers: with it training resumes as if it had never stopped. The order of the rows
/// and the dropout masks of an epoch follow from the seed and the number of the epoch, so no random state is kept.
/// </summary>
/// <param name="Epoch">The last epoch, from 1.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Weights">The weights after it (not those of the chosen epoch).</param>
/// <param name="Primal">The state of the primal optimizer, one entry per parameter.</param>
/// <param name="Duals">The state of the dual optimizer, or null where nothing is constrained.</param>
/// <param name="Statistics">The smoothed group statistics; empty where there are none yet.</param>
internal sealed record TrainingState(int Epoch, int Seed, NetworkWeights Weights, IReadOnlyList<PrimalState> Primal,
    DualOptimizerState? Duals, double[] Statistics)
{
    /// <summary>The batches that <see cref="Statistics"/> have taken in.</summary>
    internal long SmoothedBatches { get; init; }

    /// <summary>The margins of the inequalities, one for each multiplier.</summary>
    internal double[] Margins { get; init; } = [];

    /// <summary>The factor that damps the dual steps; 1 where they are not damped.</summary>
    internal double DampingFactor { get; init; } = 1;

    /// <inheritdoc cref="CandidateSelection.Gap"/>
    internal double ObjectiveGap { get; init; }

    /// <summary>The average of the weights, one array per parameter; empty where they are not averaged.</summary>
    internal IReadOnlyList<float[]> Average { get; init; } = [];

    /// <inheritdoc cref="TrainedCandidate.Unmixed"/>
    internal NetworkWeights? Unmixed { get; init; }

    /// <summary>The steps averaged.</summary>
    internal long AverageCount { get; init; }
}

/// <summary>What the primal optimizer knows of one parameter.</summary>
/// <param name="Step">The steps taken.</param>
/// <param name="FirstMoment">The decayed mean of the gradients.</param>
/// <param name="SecondMoment">The decayed mean of their squares; empty where the method keeps none.</param>
/// <param name="Center">The center of the Moreau envelope, or null where there is none.</param>
internal sealed record PrimalState(long Step, float[] FirstMoment, float[] SecondMoment, double[]? Center)
{
    /// <summary>Of the first parameter, where the inputs have learned factors; else null.</summary>
    internal InputScaleState? Scale { get; init; }
}
