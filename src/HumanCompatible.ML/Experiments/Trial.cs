using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;
using Microsoft.ML;

namespace HumanCompatible.ML.Experiments;

/// <summary>How a run came out on the rows that guide the search.</summary>
/// <param name="Violation">
/// By how much the worst constraint is violated on the rows that the models were made of, the mean of the folds; 0 where all are kept.
/// </param>
/// <param name="Objective">The metric that is to be best.</param>
/// <param name="Gap">How far the statistic that is nearest to its bound is beyond it; below 0 where all are kept.</param>
internal readonly record struct TrialScore(double Violation, double Objective, double Gap = 0)
{
    /// <summary>
    /// Runs that keep the bounds come first, by their objective; then the others, by their violation. An objective that is not defined,
    /// such as the F1 score of a model that predicts no positives, is the worst.
    /// </summary>
    internal (double, double) Rank(bool isLoss) => (Violation > 0 ? Violation : 0,
        double.IsNaN(Objective) ? double.PositiveInfinity : Cost(isLoss));

    /// <summary>The objective, less of which is better.</summary>
    internal double Cost(bool isLoss) => isLoss ? Objective : -Objective;
}

/// <summary>A run as the journal keeps it.</summary>
/// <param name="Number">Its number; 0 is that of the options as they are.</param>
/// <param name="Point">Its place in the search space; empty for number 0.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Metrics">The metrics on the rows that guide the search.</param>
/// <param name="Values">The statistic of each constraint on the rows that the models were made of.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Elapsed">The seconds of the experiment when it ended.</param>
/// <param name="Early">How it stood after a quarter of its epochs; null where that was not asked.</param>
/// <param name="Score">How it stood when it ended; null where it failed.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="Models">The sums of the files of its models, where they are kept on disk.</param>
/// <param name="RoundSize">How many runs its round had: of another number, another half goes on.</param>
internal sealed record TrialRecord(int Number, double[] Point, RunStatus Status, IReadOnlyDictionary<string, double> Metrics,
    IReadOnlyDictionary<string, double> Values, double Seconds, double Elapsed, TrialScore? Early = null, TrialScore? Score = null,
    string? Error = null, IReadOnlyList<string>? Models = null, int RoundSize = 0);

/// <summary>A run.</summary>
/// <param name="number">Its number.</param>
/// <param name="point">Its place in the search space.</param>
/// <param name="options">Its options.</param>
/// <param name="parameters">What was varied, by name.</param>
/// <param name="roundSize">How many runs its round has.</param>
internal sealed class Trial(int number, double[] point, ConstrainedTrainerOptions options, IReadOnlyDictionary<string, string> parameters,
    int roundSize)
{
    internal int Number => number;

    internal double[] Point => point;

    internal ConstrainedTrainerOptions Options => options;

    internal IReadOnlyDictionary<string, string> Parameters => parameters;

    internal int RoundSize => roundSize;

    /// <summary>The model of each fold; empty where they are not at hand.</summary>
    internal IReadOnlyList<ISingleFeaturePredictionTransformer<ConstrainedModelParameters>> Models { get; set; } = [];

    /// <summary>How it stood after a quarter of its epochs.</summary>
    internal TrialScore? Early { get; set; }

    /// <summary>What the journal keeps; null while it is not finished.</summary>
    internal TrialRecord? Record { get; set; }

    internal double Seconds { get; set; }

    /// <summary>Whether it was run before, and found again.</summary>
    internal bool IsReused { get; set; }

    /// <summary>Whether its models were to be found again, and were not there as they were written.</summary>
    internal bool IsRepeated { get; set; }

    internal bool IsFinished => Record is { Status: RunStatus.Finished };

    /// <summary>Forgets the models.</summary>
    internal void Drop()
    {
        foreach (var model in Models)
            model.Model.Dispose();
        Models = [];
    }
}
