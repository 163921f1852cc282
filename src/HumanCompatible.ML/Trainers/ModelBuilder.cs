using HumanCompatible.ML.Data;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Trainers;

/// <summary>Makes the shipped model of the best candidate.</summary>
internal static class ModelBuilder
{
    /// <param name="options">The options of the trainer.</param>
    /// <param name="data">What was trained on.</param>
    /// <param name="outcome">What training left behind, with a candidate.</param>
    internal static ConstrainedBinaryModelParameters Build(ConstrainedTrainerOptions options, TrainingSplits data, TrainingOutcome outcome)
    {
        var (best, onTraining, safety) = (outcome.Record.Best!, outcome.OnTraining!, outcome.Safety);
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
            outcome.Record.History.Count,
            data.Training.Count,
            data.Validation.Count,
            data.IsHeldOut,
            onTraining.Accuracy,
            best.Validation.Accuracy,
            [.. constraints])
        {
            ConfidenceLevel = options.ConfidenceLevel,
            SafetyRows = data.Safety?.Count ?? 0,
            Conflicts = ConflictSearch.Find(options.Constraints, outcome.Record.History,
                [.. outcome.MultiplierNames.Select(name => name.Constraint)], LargestMultipliers(best.Duals)),
        };
        return new ConstrainedBinaryModelParameters(
            new TrainedModel
            {
                Network = options.Network,
                Weights = best.Weights,
                Encoder = data.Encoder,
                Constraints = options.Constraints,
                DualOptimizer = options.DualOptimizer,
                DualState = best.Duals,
                Duals = [.. outcome.MultiplierNames.Zip(best.Multipliers, (name, value)
                    => new Multiplier(name.Constraint, name.Inequality, value))],
                History = outcome.Record.History,
                Summary = summary,
                TrainingState = outcome.Record.State,
                Origin = ModelOrigin.Now(data.Fingerprint),
            },
            options.Device);
    }

    private static Dictionary<string, double> LargestMultipliers(DualOptimizerState? duals)
        => (duals?.Blocks ?? []).ToDictionary(block => block.Name, block => block.DualRange.Upper);
}
