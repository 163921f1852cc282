using HumanCompatible.ML.Constraints;
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
            best.Selection.Audited[index].Value)
        {
            ExcludedGroups = [.. data.Groups.Excluded[index].Select(group => group.ToString())],
        });
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
            summary,
            outcome.State);
    }

    /// <summary>What training needs of a model to go on from it.</summary>
    internal static StartingPoint? Start(ConstrainedTrainerOptions options)
    {
        if (options.ContinueFrom is not { } model)
            return null;
        var shipped = model.History[model.Summary.SelectedEpoch - 1];
        var selection = new Evaluation(
            shipped.SelectionLoss,
            shipped.SelectionAccuracy,
            [.. options.Constraints.Select((constraint, index) => new AuditedConstraint(constraint, shipped.AuditedValues[index], []))]);
        var best = new TrainedCandidate(shipped.Epoch, model.Weights, model.DualState, [.. model.Duals.Select(dual => dual.Value)], selection);
        return new StartingPoint(best, model.History, model.TrainingState);
    }
}
