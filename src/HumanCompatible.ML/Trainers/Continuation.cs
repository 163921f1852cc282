using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Data;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Trainers;

/// <summary>Training that goes on from a trained model.</summary>
internal static class Continuation
{
    /// <summary>
    /// Checks that a model was trained as the options train: with the same network, under the same constraints but for their bounds.
    /// </summary>
    /// <exception cref="ArgumentException">It was not; the message says what differs.</exception>
    internal static void Check(ConstrainedModelParameters modelParameters, ConstrainedTrainerOptions options)
    {
        var problems = new Problems();
        if (!modelParameters.Network.Equals(options.Network))
            problems.Add($"{nameof(options.Network)} must be that of the model, {modelParameters.Network}, got {options.Network}.");
        var names = modelParameters.Constraints.Select(constraint => constraint.Name).ToList();
        var wanted = options.Constraints.Select(constraint => constraint.Name).ToList();
        if (!names.SequenceEqual(wanted))
        {
            problems.Add($"{nameof(options.Constraints)} must be those of the model, [{string.Join("; ", names)}], got "
                + $"[{string.Join("; ", wanted)}].");
        }
        else
        {
            foreach (var (own, other) in modelParameters.Constraints.Zip(options.Constraints)
                .Where(pair => !IsSame(pair.First, pair.Second)))
            {
                problems.Add($"{own.Name} must be the constraint of the model but for its bound, {own.Kind} of "
                    + $"[{string.Join(", ", own.GroupColumnNames)}] compared as there, got {other.Kind} of "
                    + $"[{string.Join(", ", other.GroupColumnNames)}].");
            }
        }

        problems.ThrowIfAny("Training cannot go on from the model", nameof(modelParameters));
    }

    /// <summary>Checks that the data has the groups that the model's multipliers are of.</summary>
    /// <exception cref="InvalidOperationException">It has others; the message names both.</exception>
    internal static void CheckGroups(ConstrainedModelParameters model, GroupPartitions partitions)
    {
        foreach (var (index, constraint) in model.Constraints.Index().Where(item => item.Item is not CustomConstraint))
        {
            var own = model.Duals.Where(multiplier => multiplier.Constraint == constraint.Name).Select(multiplier => multiplier.Inequality);
            var other = constraint.Of(model.Trained.Task).Inequalities(partitions[index].GroupNames).Select(inequality => inequality.Name);
            if (!own.SequenceEqual(other))
            {
                throw new InvalidOperationException($"Training cannot go on from the model: its multipliers of {constraint.Name} are of "
                    + $"[{string.Join("; ", own)}], the data asks for [{string.Join("; ", other)}].");
            }
        }
    }

    /// <summary>What the new model does not take over.</summary>
    internal static IEnumerable<string> Warn(ConstrainedModelParameters model) => model.Summary.IsOf(0) ? []
        : ["The model that training goes on from decides by another threshold than 0; the new one decides by 0 and is measured so."];

    /// <summary>How the model divided its data.</summary>
    internal static PreviousSplit SplitOf(ConstrainedModelParameters model)
        => new(model.TrainingState?.Seed, model.Origin.DataFingerprint, model.Summary.TrainingRows, model.Summary.ValidationRows,
            model.Summary.SafetyRows, model.Summary.Warnings);

    /// <summary>What training resumes from.</summary>
    internal static TrainingRecord Start(ConstrainedModelParameters model)
    {
        var shipped = model.History[model.Summary.SelectedEpoch - 1];

        // Before the first epoch it is measured anew, on the rows of the training that goes on.
        var evaluation = new Evaluation(shipped.ValidationLoss, shipped.ValidationAccuracy, [], [], []);
        var best = new TrainedCandidate(shipped.Epoch, model.Weights, model.DualState, [.. model.Duals.Select(dual => dual.Value)],
            evaluation)
        {
            Unmixed = model.TrainingState?.Unmixed,
        };
        return new TrainingRecord(best, model.History, model.TrainingState);
    }

    // A model does not keep the function of a custom constraint.
    private static bool IsSame(FairnessConstraint own, FairnessConstraint other) => own is CustomConstraint
        ? other is CustomConstraint && own.GroupColumnNames.Equals(other.GroupColumnNames)
        : (own with { Bound = other.Bound }).Equals(other);
}
