using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Networks;

namespace HumanCompatible.ML.Training;

/// <summary>Why training ended.</summary>
internal enum TrainingEnd
{
    /// <summary>All epochs were run, or patience ran out.</summary>
    Finished,

    /// <summary>The caller canceled.</summary>
    Canceled,

    /// <summary>The loss was not finite.</summary>
    Diverged,
}

/// <summary>What training left behind.</summary>
/// <param name="End">Why it ended.</param>
/// <param name="Epoch">The epoch in which it ended, from 1.</param>
/// <param name="Step">The step of that epoch in which it ended, from 1.</param>
/// <param name="Best">The best candidate, or null where no epoch was finished.</param>
/// <param name="History">The finished epochs.</param>
/// <param name="State">Where training stood after the last finished epoch; null where that is not asked for, or none was finished.</param>
internal sealed record TrainingOutcome(TrainingEnd End, int Epoch, int Step, TrainedCandidate? Best, IReadOnlyList<EpochHistory> History,
    TrainingState? State);

/// <summary>A candidate with what is needed to ship it.</summary>
/// <param name="Epoch">Its epoch, from 1.</param>
/// <param name="Weights">The weights of the network.</param>
/// <param name="Duals">The state of the dual optimizer, or null where nothing is constrained.</param>
/// <param name="DualValues">The multipliers.</param>
/// <param name="Validation">How it does on the rows that choose the epoch.</param>
internal sealed record TrainedCandidate(int Epoch, NetworkWeights Weights, DualOptimizerState? Duals, IReadOnlyList<double> DualValues,
    Evaluation Validation);
