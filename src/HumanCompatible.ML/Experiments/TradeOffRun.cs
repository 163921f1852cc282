using System.Diagnostics;
using System.Globalization;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Data;
using HumanCompatible.ML.MLNet;
using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Experiments;

/// <summary>Trains under several constraints or bounds and measures all of them on the same rows.</summary>
/// <param name="context">The user's context.</param>
/// <param name="settings">The settings.</param>
/// <param name="task">The task.</param>
/// <param name="input">The data.</param>
/// <param name="progress">Is told of every point.</param>
internal sealed class TradeOffRun(MLContext context, ExperimentSettings settings, ExperimentTask task, ExperimentInput input,
    IProgress<TradeOffPoint>? progress)
{
    // Of the epochs of a cold start: with ten bounds the whole takes 1.9 times as many.
    private const double WarmShare = 0.1;

    /// <summary>One training for each set of constraints.</summary>
    internal TradeOff Compare(IReadOnlyList<IReadOnlyList<FairnessConstraint>> alternatives)
    {
        if (alternatives.Count == 0)
            throw new ArgumentException("At least one set of constraints is needed.", nameof(alternatives));
        ConstrainedTrainerOptions[] options = [.. alternatives.Select(constraints => With(constraints))];
        foreach (var one in options)
            TrainerOptionChecks.Check(one);
        FairnessConstraint[] compared = [.. alternatives.SelectMany(constraints => constraints).Distinct()];
        var fold = Divide(compared);
        return Of(fold, compared, isSweep: false, [.. options.Select(one =>
        {
            var start = Stopwatch.GetTimestamp();
            var model = task.Fit(context, one, fold.Schema, setup => TrainingSplits.Pair(fold.Training, fold.Tuning.Table, setup), null,
                settings.CancellationToken);
            return Measure(fold, one, model, compared, Stopwatch.GetElapsedTime(start).TotalSeconds);
        })]);
    }

    /// <summary>One training for each bound, from the loosest on.</summary>
    /// <param name="bounds">The bounds.</param>
    /// <param name="isWarm">Whether each goes on from the one before.</param>
    internal TradeOff Sweep(IReadOnlyList<double> bounds, bool isWarm)
    {
        var constraints = settings.BaseOptions.Constraints;
        if (bounds.Count == 0 || constraints.Count == 0)
        {
            throw new ArgumentException(
                $"A sweep needs at least one bound and one constraint, got {bounds.Count} and {constraints.Count}.", nameof(bounds));
        }

        if (bounds.GroupBy(bound => bound).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"A sweep takes each bound once, got {twice.Key} {twice.Count()} times."), nameof(bounds));
        }

        if (constraints.Select(constraint => constraint.IsLowerBound).Distinct().Count() > 1)
        {
            throw new ArgumentException("A sweep gives one bound to all constraints: all must be at most, or all at least.",
                nameof(bounds));
        }

        var isLower = constraints[0].IsLowerBound;
        double[] order = [.. bounds.OrderBy(bound => isLower ? bound : -bound)];
        ConstrainedTrainerOptions[] options =
            [.. order.Select(bound => With([.. constraints.Select(constraint => constraint with { Bound = bound })]))];
        foreach (var one in options)
            TrainerOptionChecks.Check(one);
        var fold = Divide(constraints);
        var points = new List<TradeOffPoint>();
        TrainingSplits? divided = null;
        ConstrainedModelParameters? before = null;
        foreach (var one in options)
        {
            var start = Stopwatch.GetTimestamp();
            var trained = one.Copy();
            trained.KeepTrainingState = isWarm;
            if (isWarm && before is not null)
                trained.NumberOfEpochs = Math.Max(1, (int)Math.Round(WarmShare * one.NumberOfEpochsFor(fold.Training.RowCount)));
            var model = task.Fit(context, trained, fold.Schema, setup => Under(one.Constraints,
                divided ??= TrainingSplits.Pair(fold.Training, fold.Tuning.Table, setup)), isWarm ? before : null,
                settings.CancellationToken);
            before = model.Model;
            points.Add(Measure(fold, one, model, one.Constraints, Stopwatch.GetElapsedTime(start).TotalSeconds));
        }

        return Of(fold, constraints, isSweep: true, points);
    }

    private TradeOff Of(Fold fold, IReadOnlyList<FairnessConstraint> compared, bool isSweep, IReadOnlyList<TradeOffPoint> points)
        => new(settings.Objective, settings.IsLoss, compared, fold.Judging.Table.RowCount, points) { IsSweep = isSweep };

    private ConstrainedTrainerOptions With(IReadOnlyList<FairnessConstraint> constraints)
    {
        var options = settings.BaseOptions.Copy();
        (options.Constraints, options.Seed) = (constraints, settings.Seed);
        return options;
    }

    private Fold Divide(IReadOnlyList<FairnessConstraint> constraints) => ExperimentData.Of(context, input, settings.BaseOptions,
        [.. constraints.SelectMany(constraint => constraint.GroupColumnNames).Distinct()], null, settings.Seed, settings.CancellationToken)
        .Folds[0];

    // The division of the rows does not depend on the bounds.
    private static TrainingSplits Under(IReadOnlyList<FairnessConstraint> constraints, TrainingSplits divided) => divided with
    {
        Groups = divided.Groups with
        {
            Constraints = [.. divided.Groups.Constraints.Zip(constraints, (own, other) => own with { Bound = other.Bound })],
        },
    };

    private TradeOffPoint Measure(Fold fold, ConstrainedTrainerOptions options,
        ISingleFeaturePredictionTransformer<ConstrainedModelParameters> model, IReadOnlyList<FairnessConstraint> compared, double seconds)
    {
        var scored = model.Transform(fold.Judging.View);
        var metrics = task.Evaluate(context, scored, options);
        var rows = JudgedRows.Of(fold.Judging.Table, scored, model.Model);

        // What a model's own training left out is left out of its own constraints; of the others all groups are compared.
        FairnessConstraint[] judged = [.. options.Constraints, .. compared.Except(options.Constraints)];
        var verdicts = judged.Zip(rows.Judge(judged, options.Groups.MissingValues, null, HoldingRule.Tail)).ToList();
        var point = new TradeOffPoint(options, PredictionTransformers.After(fold.Featurizer, model))
        {
            Objective = metrics[settings.Objective],
            Metrics = metrics,
            Verdicts = [.. compared.Select(constraint => verdicts.First(pair => pair.First.Equals(constraint)).Second)],
            Seconds = seconds,
        };
        progress?.Report(point);
        return point;
    }
}
