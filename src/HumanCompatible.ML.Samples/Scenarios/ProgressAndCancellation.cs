using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Samples.Data;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Samples.Scenarios;

/// <summary>
/// A program may follow training epoch by epoch, stop it for a reason of its own, and still use the best model so far. Here the reason is that
/// the audited value has been within the bound for two epochs.
/// </summary>
internal sealed class ProgressAndCancellation : IScenario
{
    public string Name => "progress-and-cancellation";

    public string Description => "Follow training, stop it after the second epoch that keeps the bound, score with the best model so far.";

    public void Run(ScenarioContext context)
    {
        var outcome = StopEarly(context, feasibleEpochs: 2);
        context.Say($"{(outcome.StoppedInEpoch is { } epoch ? $"stopped in epoch {epoch}" : "never stopped")} of {context.NumberOfEpochs} after {outcome.Reported.Count} reports; accuracy on the test rows {outcome.Accuracy:0.0000}, difference {outcome.Difference:0.0000}");
    }

    /// <summary>The reports that came, the epoch in which training stopped (null: it ran to its end), and how the model does on the test rows.</summary>
    public sealed record Outcome(IReadOnlyList<TrainingProgress> Reported, int? StoppedInEpoch, double Accuracy, double Difference);

    public static Outcome StopEarly(ScenarioContext context, int feasibleEpochs)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation);
        var watcher = new FeasibleEpochWatcher(feasibleEpochs, cancellation);
        var options = context.Options(Fairness.DemographicParity(CensusColumns.Sex, 0.1));

        // The features are fitted on their own, so that they are at hand for whichever model comes out.
        var features = CensusPipeline.Featurize(context.ML).Fit(context.Train);
        var trainer = context.ML.Constrained().Trainers.BinaryClassification(options,
            new TrainingCallbacks { Progress = watcher, CancellationToken = cancellation.Token });
        BinaryPredictionTransformer<ConstrainedBinaryModelParameters> model;
        int? stoppedInEpoch = null;
        try
        {
            model = trainer.Fit(features.Transform(context.Train));
        }
        catch (TrainingCanceledException stopped) when (stopped.BestModel is { } best && !context.Cancellation.IsCancellationRequested)
        {
            model = best;
            stoppedInEpoch = stopped.Epoch;
        }

        using (model)
        {
            var (accuracy, audit) = context.Evaluate(model.Transform(features.Transform(context.Test)));
            return new Outcome(watcher.Reported, stoppedInEpoch, accuracy, audit.Intersection.DemographicParityDifference);
        }
    }

    private sealed class FeasibleEpochWatcher(int wanted, CancellationTokenSource cancellation) : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> Reported { get; } = [];

        public void Report(TrainingProgress value)
        {
            Reported.Add(value);
            if (Reported.Count(progress => progress.Epoch.IsFeasible) >= wanted)
                cancellation.Cancel();
        }
    }
}
