using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Data;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Trainers;

/// <summary>Makes the shipped model of the best candidate.</summary>
internal static class ModelBuilder
{
    internal static ConstrainedBinaryModelParameters Build(ConstrainedTrainerOptions options, TrainingSplits data, TrainingLoop training,
        TrainingOutcome outcome)
    {
        var best = outcome.Best!;
        var onTraining = training.EvaluateOnTraining(best.Weights);
        var safety = data.Safety is null ? null
            : new SafetyTest(options.Constraints, options.ConfidenceLevel!.Value, data.Safety)
            .Run(training.Logits(best.Weights, data.Safety));
        var constraints = options.Constraints.Select((constraint, index) => new ConstraintSummary(
            constraint.Name,
            constraint.Bound,
            constraint.IsLowerBound,
            onTraining.Audited[index].Value,
            best.Validation.Audited[index].Value)
        {
            WorstInequality = best.Validation.Audited[index].WorstInequality,
            SafetyValue = safety?[index].Value,
            ConfidenceLimit = safety?[index].Limit,
            SafetyRowsNeeded = safety?[index].RowsNeeded,
            ExcludedGroups = [.. data.Groups.Excluded[index].Select(group => group.ToString())],
        });
        var summary = new TrainingSummary(
            best.Epoch,
            outcome.History.Count,
            data.Training.Count,
            data.Validation.Count,
            data.IsHeldOut,
            onTraining.Accuracy,
            best.Validation.Accuracy,
            [.. constraints])
        {
            ConfidenceLevel = options.ConfidenceLevel,
            SafetyRows = data.Safety?.Count ?? 0,
            Conflicts = ConflictSearch.Find(options.Constraints, outcome.History, [.. training.DualNames.Select(name => name.Constraint)],
                LargestDuals(best.Duals)),
        };
        return new ConstrainedBinaryModelParameters(
            options.Network,
            data.Encoder.InputCount,
            best.Weights,
            data.Encoder,
            options.Constraints,
            options.DualOptimizer,
            best.Duals,
            [.. training.DualNames.Zip(best.DualValues, (name, value) => new Multiplier(name.Constraint, name.Row, value))],
            outcome.History,
            summary,
            outcome.State)
        {
            Origin = ModelOrigin.Now(data.Fingerprint),
        };
    }

    private static Dictionary<string, double> LargestDuals(DualOptimizerState? duals)
        => (duals?.Blocks ?? []).ToDictionary(block => block.Name, block => block.DualRange.Upper);
}
