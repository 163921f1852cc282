using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Trainers;

/// <summary>How a program follows training and stops it. A trainer takes a copy.</summary>
public sealed record TrainingCallbacks
{
    /// <summary>Is told of every epoch, on the thread that fits. What it throws ends the Fit.</summary>
    /// <value>The default, null, tells nobody.</value>
    public IProgress<TrainingProgress>? Progress { get; set; }

    /// <summary>
    /// Stops training within a batch; Fit then throws <see cref="TrainingCanceledException"/>, which holds the best model so far.
    /// </summary>
    /// <value>The default never cancels.</value>
    public CancellationToken CancellationToken { get; set; }
}
