using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Trainers;

/// <summary>Training that goes on from a trained model.</summary>
internal static class Continuation
{
    /// <summary>Checks that a model was trained as the options train: with the same network, under constraints of the same names.</summary>
    /// <exception cref="ArgumentException">It was not; the message says what differs.</exception>
    internal static void Check(ConstrainedBinaryModelParameters modelParameters, ConstrainedTrainerOptions options)
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

        problems.ThrowIfAny("Training cannot go on from the model", nameof(modelParameters));
    }

    /// <summary>What training resumes from.</summary>
    internal static TrainingRecord Start(ConstrainedBinaryModelParameters model, ConstrainedTrainerOptions options)
    {
        var shipped = model.History[model.Summary.SelectedEpoch - 1];
        var validation = new Evaluation(
            shipped.ValidationLoss,
            shipped.ValidationAccuracy,
            [.. options.Constraints.Select((constraint, index) => new AuditedConstraint(constraint, shipped.AuditedValues[index], [])
            {
                WorstInequality = model.Summary.Constraints[index].WorstInequality,
            })]);
        var best = new TrainedCandidate(shipped.Epoch, model.Weights, model.DualState, [.. model.Duals.Select(dual => dual.Value)],
            validation);
        return new TrainingRecord(best, model.History, model.TrainingState);
    }
}
