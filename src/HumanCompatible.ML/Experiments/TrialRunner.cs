using System.Diagnostics;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;
using Microsoft.ML;

namespace HumanCompatible.ML.Experiments;

/// <summary>Trains a run on every fold, and measures it on the rows that guide the search.</summary>
/// <param name="task">The task.</param>
/// <param name="data">The rows.</param>
/// <param name="objective">The name of the metric that is to be best.</param>
internal sealed class TrialRunner(ExperimentTask task, ExperimentData data, string objective)
{
    private const int EarlyShare = 4;

    // What is kept of the time for the finalists' other folds.
    private const double OtherFoldsShare = 0.2;

    /// <summary>The part of an experiment's time that is for the search.</summary>
    internal double SearchShare => data.OtherFolds.Count > 0 ? 1 - OtherFoldsShare : 1;

    /// <summary>Whether a run can be looked at early: a quarter of its epochs is at least one.</summary>
    internal static bool HasEarlyLook(Trial trial) => !(trial.Options.NumberOfEpochs < EarlyShare);

    /// <summary>The first quarter of the epochs.</summary>
    internal void Begin(Trial trial, CancellationToken cancellation)
    {
        var options = OptionsOf(trial);
        (options.NumberOfEpochs, options.KeepTrainingState) = (Early(options), true);
        Train(trial, options, cancellation);
        trial.Early = Measure(trial).Score;
    }

    /// <summary>The rest of the epochs, or all where none were run.</summary>
    internal void Finish(Trial trial, CancellationToken cancellation)
    {
        var options = OptionsOf(trial);
        options.KeepTrainingState = false;
        if (trial.Models.Count > 0)
            options.NumberOfEpochs = Math.Max(1, Epochs(options) - Early(options));
        Train(trial, options, cancellation);
    }

    /// <summary>All epochs in a fold that is not one of the search.</summary>
    internal ISingleFeaturePredictionTransformer<ConstrainedModelParameters> TrainIn(Fold fold, Trial trial,
        CancellationToken cancellation)
    {
        var options = OptionsOf(trial);
        options.KeepTrainingState = false;
        return Train(new MLContext(0), fold, options, null, cancellation);
    }

    // A schedule runs over the early look and the rest as over one training. Runs side by side use the processors better than threads of
    // one run, which wait for each other at every step.
    private ConstrainedTrainerOptions OptionsOf(Trial trial)
    {
        var options = trial.Options.Copy();
        options.NumberOfWorkers ??= 1;
        options.Optimizer.Schedule = options.Optimizer.Schedule.Over(Epochs(options));
        return options;
    }

    private int Epochs(ConstrainedTrainerOptions options) => options.NumberOfEpochsFor(data.Folds[0].Training.RowCount);

    private int Early(ConstrainedTrainerOptions options) => Math.Max(1, Epochs(options) / EarlyShare);

    /// <summary>How a run stands.</summary>
    internal (TrialScore Score, IReadOnlyDictionary<string, double> Metrics, IReadOnlyDictionary<string, double> Values) Measure(
        Trial trial)
    {
        var ml = new MLContext(0);
        var metrics = Mean([.. data.Folds.Zip(trial.Models, (fold, model)
            => task.Evaluate(ml, model.Transform(fold.Tuning.View), trial.Options))]);
        var summaries = trial.Models.Select(model => model.Model.Summary).ToList();
        var unit = trial.Models[0].Model.Trained.Task;
        var (worst, gap) = (0.0, double.NegativeInfinity);
        var values = new Dictionary<string, double>();
        for (var index = 0; index < trial.Options.Constraints.Count; index++)
        {
            var constraint = trial.Options.Constraints[index];
            values[constraint.Name] = summaries.Average(summary => summary.Constraints[index].Value);
            var one = constraint is CustomConstraint || constraint.Metrics.Count == 0 ? 1 : unit.UnitOf(constraint.Metrics[0]);
            var violation = summaries.Average(summary => summary.Constraints[index].Violation) / one;
            worst = Math.Max(worst, double.IsNaN(violation) ? double.MaxValue : violation);
            var beyond = constraint.Violation(values[constraint.Name]) / one;
            gap = Math.Max(gap, double.IsNaN(beyond) ? double.MaxValue : beyond);
        }

        return (new TrialScore(worst, metrics[objective], trial.Options.Constraints.Count == 0 ? 0 : gap), metrics, values);
    }

    /// <summary>The means of metrics.</summary>
    internal static IReadOnlyDictionary<string, double> Mean(IReadOnlyList<IReadOnlyDictionary<string, double>> metrics)
        => metrics[0].Keys.ToDictionary(name => name, name => metrics.Average(fold => fold[name]));

    private void Train(Trial trial, ConstrainedTrainerOptions options, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        var ml = new MLContext(0);
        trial.Models = [.. data.Folds.Select((fold, index)
            => Train(ml, fold, options, trial.Models.Count == 0 ? null : trial.Models[index].Model, cancellation))];
        trial.Seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private ISingleFeaturePredictionTransformer<ConstrainedModelParameters> Train(MLContext ml, Fold fold,
        ConstrainedTrainerOptions options, ConstrainedModelParameters? from, CancellationToken cancellation)
        => task.Fit(ml, options, fold.Schema, settings => fold.Divide(options, settings), from, cancellation);
}
