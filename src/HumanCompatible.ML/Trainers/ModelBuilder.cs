using System.Numerics.Tensors;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Data;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Trainers;

/// <summary>What is shipped of the best candidate.</summary>
internal static class ModelBuilder
{
    private const string OfTrainingRowsAlone = "no rows were held out, and training rows flatter it";

    /// <param name="options">The options of the trainer.</param>
    /// <param name="data">What was trained on.</param>
    /// <param name="outcome">What training left behind, with a candidate.</param>
    internal static TrainedModel Build(ConstrainedTrainerOptions options, TrainingSplits data, TrainingOutcome outcome)
    {
        var (best, onValidation) = (outcome.Record.Best!, outcome.OnValidation!);
        ConstraintSummary[] summaries = [.. options.Constraints.Select((_, index) => Summarize(index, data, outcome))];
        var missed = summaries.Where(constraint => constraint.Verdict == Verdict.Missed).Select(constraint => constraint.Name).ToHashSet();
        var summary = new TrainingSummary(
            best.Epoch,
            outcome.Record.History.Count,
            data.Training.Count,
            data.Validation.Count,
            data.IsHeldOut,
            outcome.OnTraining?.Accuracy ?? double.NaN,
            onValidation.Accuracy,
            outcome.Record.History.Max(epoch => epoch.ValidationAccuracy),
            onValidation.Overall.ConstantAccuracy,
            summaries)
        {
            Task = options.Task,
            ConfidenceLevel = options.ConfidenceLevel,
            SafetyRows = data.Safety?.Count ?? 0,
            Conflicts = [.. ConflictSearch.Find(options.Constraints, outcome.Record.History,
                    [.. outcome.MultiplierNames.Select(name => name.Constraint)], LargestMultipliers(best.Duals))
                .Where(conflict => conflict.Constraints.Any(missed.Contains))],
            Warnings = [.. data.Warnings, .. options.DualOptimizer.GetWarnings(),
                .. TrainingWarnings.OfWarmUp(outcome, options.DualOptimizer),
                .. TrainingWarnings.Of(outcome, summaries, data.IsHeldOut),
                .. missed.Count == 0 ? [] : TrainingWarnings.OfMissed(outcome, data.Groups.Constraints)],
        };
        return new TrainedModel
        {
            Task = data.Training.Task,
            Network = options.Network,
            Weights = best.Weights,
            Encoder = data.Encoder,
            Baseline = data.Training.AverageInputs(),
            Constraints = options.Constraints,
            DualOptimizer = options.DualOptimizer,
            DualState = best.Duals,
            Duals = [.. outcome.MultiplierNames.Zip(best.Multipliers, (name, value)
                => new Multiplier(name.Constraint, name.Inequality, value))],
            History = outcome.Record.History,
            Summary = summary,
            TrainingState = outcome.Record.State,
            Origin = ModelOrigin.Now(data.Fingerprint),
            Metadata = options.Metadata,
        };
    }

    private static ConstraintSummary Summarize(int index, TrainingSplits data, TrainingOutcome outcome)
    {
        var constraint = data.Groups.Constraints[index];
        var (onTraining, onValidation) = (outcome.OnTraining!, outcome.OnValidation!);
        var onAll = outcome.OnBoth;
        var custom = constraint is CustomConstraint own ? outcome.CustomRange(own, data.Groups.Constraints) : default;
        double ValueOf(Measurement rows) => constraint is CustomConstraint ? Largest(rows.Custom[custom])
            : constraint.ValueOf(VerdictRule.OfMeasurable(constraint, onAll.RatesOf(index), rows.RatesOf(index)).Others);
        var verdict = constraint is CustomConstraint declared
            ? VerdictRule.OfCustom(declared, Largest(onAll.Custom[custom]), onAll.Overall.RowCount)
            : VerdictRule.Of(constraint, onAll.RatesOf(index), tail: null);
        if (!data.IsHeldOut && verdict.IsWithinBound)
            verdict = verdict with { Verdict = Verdict.NotMeasurable, NotMeasurableReason = OfTrainingRowsAlone };
        var safety = outcome.Safety?[index];
        verdict = safety?.Judge(constraint, verdict) ?? verdict;
        return new ConstraintSummary(verdict, ValueOf(onTraining), ValueOf(onValidation))
        {
            IsOfHeldOutRows = data.IsHeldOut && constraint.IsFlatteredByTraining,
            ExcludedGroups = data.Groups.Excluded[index],
            Groups = data.Training.Partitions[index].GroupNames,
            TrainingWeights = constraint is CustomConstraint || !data.IsHeldOut ? null
                : outcome.TrainingWeights[index],
            TrainingShifts = constraint is CustomConstraint || !data.IsHeldOut ? null : outcome.TrainingShifts[index],
            SafetyValue = safety?.Value,
            ConfidenceLimit = safety?.Limit,
            SafetyRowsNeeded = safety?.RowsNeeded,
            GroupsWithoutSafetyRows = safety?.Lacking ?? [],
        }.UnlessMissedByTraining();
    }

    private static double Largest(ReadOnlySpan<double> values) => TensorPrimitives.Max(values);

    private static Dictionary<string, double> LargestMultipliers(DualOptimizerState? duals)
        => (duals?.Blocks ?? []).ToDictionary(block => block.Name, block => block.DualRange.Upper);
}
