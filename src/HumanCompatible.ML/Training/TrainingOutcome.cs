using HumanCompatible.ML.Confidence;
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

/// <summary>What training leaves behind.</summary>
/// <param name="End">Why it ended.</param>
/// <param name="Epoch">The epoch in which it ended, from 1.</param>
/// <param name="Step">The step of that epoch in which it ended, from 1.</param>
/// <param name="Record">What it came to.</param>
internal sealed record TrainingOutcome(TrainingEnd End, int Epoch, int Step, TrainingRecord Record)
{
    /// <summary>How the best candidate does on the training rows; null where there is no candidate.</summary>
    internal Evaluation? OnTraining { get; init; }

    /// <summary>The test of the best candidate on the safety rows; null where no confidence is asked for.</summary>
    internal IReadOnlyList<SafetyResult>? Safety { get; init; }

    /// <summary>The constraint and the inequality of each multiplier, in the order of <see cref="TrainedCandidate.Multipliers"/>.</summary>
    internal IReadOnlyList<(string Constraint, string Inequality)> MultiplierNames { get; init; } = [];
}

/// <summary>What training has come to, and what it resumes from.</summary>
/// <param name="Best">The best candidate, which new ones must beat; null where no epoch was finished.</param>
/// <param name="History">The finished epochs.</param>
/// <param name="State">
/// Where training stood after the last finished epoch. Null where it is not kept: training then resumes from the best candidate's weights
/// and multipliers with a fresh primal optimizer.
/// </param>
internal sealed record TrainingRecord(TrainedCandidate? Best, IReadOnlyList<EpochHistory> History, TrainingState? State)
{
    /// <summary>That of a training that has not begun.</summary>
    internal static TrainingRecord Empty { get; } = new(null, [], null);
}

/// <summary>A candidate with what is needed to ship it.</summary>
/// <param name="Epoch">Its epoch, from 1.</param>
/// <param name="Weights">The weights of the network.</param>
/// <param name="Duals">The state of the dual optimizer, or null where nothing is constrained.</param>
/// <param name="Multipliers">The multipliers.</param>
/// <param name="Validation">How it does on the rows that choose the epoch.</param>
internal sealed record TrainedCandidate(int Epoch, NetworkWeights Weights, DualOptimizerState? Duals, IReadOnlyList<double> Multipliers,
    Evaluation Validation);
