using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Metrics;
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
    /// <summary>What was learned of the labels.</summary>
    internal TaskLabels Labels { get; init; } = TaskLabels.Binary;

    /// <summary>The counts of the best candidate on the training rows; null where there is none or nobody waited for them.</summary>
    internal Measurement? OnTraining { get; init; }

    /// <summary>Those on the rows that chose it; the same where none were held out.</summary>
    internal Measurement? OnValidation { get; init; }

    /// <summary>
    /// What a training row counts as beside those that chose the best candidate, of every constraint and rate: as when it was chosen, but
    /// nothing in a rate that the others do not define, of which the training rows alone would speak.
    /// </summary>
    internal IReadOnlyList<IReadOnlyList<double>> TrainingWeights
        => [.. Record.Best!.Evaluation.TrainingWeights.Select((weights, constraint) => OnValidation!.WhereDefined(constraint, weights))];

    /// <summary>What is added to each of these rates for what the training rows flatter it by.</summary>
    internal IReadOnlyList<IReadOnlyList<double>> TrainingShifts => Record.Best!.Evaluation.TrainingShifts;

    /// <summary>What is known from both.</summary>
    internal Measurement OnBoth => OnTraining == OnValidation ? OnTraining!
        : OnTraining!.With(OnValidation!, TrainingWeights).Shifted(TrainingShifts);

    /// <summary>The test of the best candidate on the safety rows; null where none is asked for or training was canceled.</summary>
    internal IReadOnlyList<SafetyResult>? Safety { get; init; }

    /// <summary>The constraint and the inequality of each multiplier, in the order of <see cref="TrainedCandidate.Multipliers"/>.</summary>
    internal IReadOnlyList<(string Constraint, string Inequality)> MultiplierNames { get; init; } = [];

    /// <summary>Where the values of a custom constraint are among those of all.</summary>
    /// <param name="constraint">The constraint.</param>
    /// <param name="constraints">All constraints.</param>
    internal Range CustomRange(CustomConstraint constraint, IReadOnlyList<FairnessConstraint> constraints)
    {
        int CountOf(FairnessConstraint other) => MultiplierNames.Count(name => name.Constraint == other.Name);
        var start = constraints.TakeWhile(other => other != constraint).OfType<CustomConstraint>().Sum(CountOf);
        return start..(start + CountOf(constraint));
    }
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

    /// <summary>
    /// The epoch that patience counts from: that of the first candidate that keeps the bounds without being nearly constant. Null where
    /// there was none; of a model that training goes on from, the last one where the candidate is such a one.
    /// </summary>
    internal int? PatienceFrom { get; init; }
}

/// <summary>A candidate with what is needed to ship it.</summary>
/// <param name="Epoch">Its epoch, from 1.</param>
/// <param name="Weights">The weights of the network.</param>
/// <param name="Duals">The state of the dual optimizer, or null where nothing is constrained.</param>
/// <param name="Multipliers">The multipliers.</param>
/// <param name="Evaluation">How it does.</param>
internal sealed record TrainedCandidate(int Epoch, NetworkWeights Weights, DualOptimizerState? Duals, IReadOnlyList<double> Multipliers,
    Evaluation Evaluation)
{
    /// <summary>Its weights without the share of logistic regression; null where it has none.</summary>
    internal NetworkWeights? Unmixed { get; init; }
}
