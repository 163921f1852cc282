using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Trainers;

/// <summary>Makes the shipped model of the best candidate.</summary>
internal static class ModelBuilder
{
    internal static ConstrainedModelParameters Build(ConstrainedTrainerOptions options, TrainingData data, ConstrainedTraining training, TrainingOutcome outcome)
    {
        var best = outcome.Best!;
        var onTraining = training.EvaluateOnTraining(best.Weights);
        var constraints = options.Constraints.Select((constraint, index) => new ConstraintSummary(
            constraint.Name,
            constraint.Bound,
            constraint.IsLowerBound,
            onTraining.Audited[index].Value,
            best.Selection.Audited[index].Value));
        var summary = new TrainingSummary(
            best.Epoch,
            outcome.History.Count,
            data.Training.Count,
            data.Selection.Count,
            !ReferenceEquals(data.Training, data.Selection),
            onTraining.Accuracy,
            best.Selection.Accuracy,
            [.. constraints]);
        return new ConstrainedModelParameters(
            options.Network,
            data.Encoder.InputCount,
            best.Weights,
            data.Encoder,
            options.Constraints,
            options.DualOptimizer,
            best.Duals,
            [.. training.DualNames.Zip(best.DualValues, (name, value) => new DualValue(name.Constraint, name.Row, value))],
            outcome.History,
            summary);
    }
}
