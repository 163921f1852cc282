using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Persistence;

/// <summary>Whether the entries of a training are of one training. What is wrong is an <see cref="InvalidDataException"/>.</summary>
internal static class RecordCheck
{
    /// <summary>
    /// Epochs in their order, each with a value for each constraint and a multiplier for each inequality. Training ends where a loss is not
    /// finite, and leaves no such epoch; a value may not be defined, and then is NaN.
    /// </summary>
    internal static void Epochs(IReadOnlyList<EpochHistory> history, int constraints, int multipliers)
    {
        for (var index = 0; index < history.Count; index++)
        {
            var epoch = history[index];
            if (epoch.Epoch != index + 1)
                throw Problem($"epoch {index + 1} must come after epoch {index}, got epoch {epoch.Epoch}.");
            if (epoch.AuditedValues.Count != constraints)
            {
                throw Problem($"epoch {epoch.Epoch} has {epoch.AuditedValues.Count} audited values, but there are {constraints} "
                    + "constraints.");
            }

            if (epoch.Duals.Count != multipliers)
                throw Problem($"epoch {epoch.Epoch} has {epoch.Duals.Count} multipliers, but there are {multipliers}.");
            CheckNumber(epoch, "trainingLoss", epoch.TrainingLoss);
            CheckNumber(epoch, "validationLoss", epoch.ValidationLoss);
            for (var multiplier = 0; multiplier < epoch.Duals.Count; multiplier++)
                CheckNumber(epoch, "duals", epoch.Duals[multiplier]);
        }
    }

    /// <summary>The epochs of a model, which its manifest speaks of.</summary>
    internal static void Epochs(IReadOnlyList<EpochHistory> history, ModelManifest manifest)
    {
        var (summary, multipliers) = (manifest.Summary, manifest.Multipliers);
        if (history.Count != summary.EpochsRun)
            throw Problem($"it has {history.Count} epochs, but {summary.EpochsRun} were run.");
        Epochs(history, manifest.Constraints.Count, multipliers.Count);
        CheckAccuracies(history, isRegression: manifest.Task == LearningTask.Regression);
        for (var constraint = 0; constraint < manifest.Constraints.Count; constraint++)
        {
            if (manifest.Constraints[constraint] is not CustomConstraint)
                CheckValues(history, constraint);
        }

        if (!AreThose(history[summary.SelectedEpoch - 1].Duals, multipliers, 0))
            throw Problem($"epoch {summary.SelectedEpoch}, which was chosen, has other multipliers than the manifest.");
        if (!history.Max(epoch => epoch.ValidationAccuracy).Equals(summary.BestAccuracy))
            throw Problem("its best validationAccuracy is not the bestAccuracy of the manifest.");
    }

    /// <summary>A state of the dual optimizer with the blocks and the number of multipliers of some constraints.</summary>
    internal static void Duals(DualOptimizerState state, IReadOnlyList<MultiplierBlock> constraints)
    {
        var blocks = state.Blocks.IsDefault ? [] : state.Blocks;
        if (!blocks.Select(block => new MultiplierBlock(block.Name, block.Duals.Length)).SequenceEqual(constraints))
            throw Problem("its blocks must be the constraints, with as many multipliers as each has.");
    }

    /// <summary>The state of the dual optimizer at the end of the chosen epoch.</summary>
    internal static void Duals(DualOptimizerState state, ModelManifest manifest)
    {
        Duals(state, manifest.Blocks);
        var first = 0;
        foreach (var block in state.Blocks.IsDefault ? [] : state.Blocks)
        {
            if (!AreThose(block.Duals, manifest.Multipliers, first))
                throw Problem("its multipliers must be those of the manifest.");
            first += block.Duals.Length;
        }
    }

    /// <summary>A state of training after an epoch, of a network with these arrays and of a number of multipliers.</summary>
    internal static void State(TrainingState state, NetworkWeights weights, int epochs, int multipliers)
    {
        if (state.Epoch != epochs)
            throw Problem($"it must be of the last epoch, {epochs}, got {state.Epoch}.");
        foreach (var known in new[] { state.Weights, state.Unmixed ?? weights })
        {
            if (!known.Arrays.Select(array => (array.Name, array.ShapeText))
                .SequenceEqual(weights.Arrays.Select(array => (array.Name, array.ShapeText))))
            {
                throw Problem("its weights must have the names and shapes of those of the model.");
            }
        }

        CheckPrimal(state, weights);
        if (state.Margins.Length != multipliers)
            throw Problem($"there must be {multipliers} margins, got {state.Margins.Length}.");
        if (state.Margins.Any(margin => double.IsNaN(margin) || double.IsPositiveInfinity(margin)))
            throw Problem("'margins' must hold no NaN and no positive infinity.");
        if (state.Duals is null != (multipliers == 0))
            throw Problem($"'{DualStateEntry.TrainingName}' must be there where something is constrained, and only there.");
    }

    // R squared is at most 1, and minus infinity or NaN where the labels are equal.
    private static void CheckAccuracies(IReadOnlyList<EpochHistory> history, bool isRegression)
    {
        foreach (var epoch in history)
        {
            var accuracy = epoch.ValidationAccuracy;
            if (isRegression ? accuracy > 1 : accuracy is not (>= 0 and <= 1))
                throw Problem(epoch, "validationAccuracy", isRegression ? "at most 1" : "from 0 to 1", accuracy);
        }
    }

    // No statistic but those of the user's own is infinite. A ratio of means may be negative.
    private static void CheckValues(IReadOnlyList<EpochHistory> history, int constraint)
    {
        foreach (var epoch in history)
        {
            if (double.IsInfinity(epoch.AuditedValues[constraint]))
                throw Problem(epoch, "auditedValues", "finite or NaN", epoch.AuditedValues[constraint]);
        }
    }

    private static void CheckNumber(EpochHistory epoch, string name, double value)
    {
        if (!(double.IsFinite(value) && value >= 0))
            throw Problem(epoch, name, "finite and not negative", value);
    }

    private static InvalidDataException Problem(EpochHistory epoch, string name, string expected, double value)
        => Problem(FormattableString.Invariant($"{name} of epoch {epoch.Epoch} must be {expected}, got {value}."));

    // Not every array is a parameter: a network may have buffers, which no optimizer moves.
    private static void CheckPrimal(TrainingState state, NetworkWeights weights)
    {
        var (first, arrays) = (state.Primal.Count == 0 ? null : state.Primal[0], weights.Arrays);
        var parameter = 0;
        foreach (var array in arrays)
        {
            if (parameter < state.Primal.Count && state.Primal[parameter].FirstMoment.Length == array.Values.Length)
                parameter++;
        }

        if (first is null || parameter < state.Primal.Count)
            throw Problem("the state of the primal optimizer must be of arrays of the network, in their order.");
        for (var index = 0; index < state.Primal.Count; index++)
        {
            var (primal, length) = (state.Primal[index], state.Primal[index].FirstMoment.Length);
            if (primal.SecondMoment.Length != (first.SecondMoment.Length == 0 ? 0 : length))
            {
                throw Problem($"'primal.{index}.second' must have as many numbers as 'primal.{index}.first', or none of them any.");
            }

            if (primal.SecondMoment.AsSpan().ContainsAnyExceptInRange(0, float.MaxValue))
                throw Problem($"'primal.{index}.second' must not be negative.");
            if ((primal.Center is null) != (first.Center is null) || (primal.Center is { } center && center.Length != length))
                throw Problem($"'primal.{index}.center' must have as many numbers as 'primal.{index}.first', or none of them any.");
            if (primal.Step < 0 || primal.Step != first.Step)
                throw Problem("'primal.steps' must be the same of all, and not negative.");
            if (state.Average.Count > 0 && state.Average[index].Length != length)
                throw Problem($"'average.{index}' must have as many numbers as 'primal.{index}.first'.");
        }

        if (first.Scale is { } scale)
            CheckScale(scale, first.FirstMoment.Length);
    }

    private static void CheckScale(InputScaleState scale, int length)
    {
        var inputs = scale.Factors.Length;
        if (scale.Unscaled.Length != length || inputs == 0 || length % inputs != 0)
            throw Problem("'scale.unscaled' must have as many numbers as 'primal.0.first', 'scale.factors' one for each input.");
        if (scale.FirstMoment.Length != inputs || scale.SecondMoment.Length != inputs)
            throw Problem("'scale.first' and 'scale.second' must have as many numbers as 'scale.factors'.");
        if (scale.SecondMoment.AsSpan().ContainsAnyExceptInRange(0, float.MaxValue))
            throw Problem("'scale.second' must not be negative.");
    }

    // Loops, not queries over numbers: of those .NET compiles each anew where a model is loaded.
    private static bool AreThose(IReadOnlyList<double> values, IReadOnlyList<Multiplier> multipliers, int first)
    {
        for (var index = 0; index < values.Count; index++)
        {
            if (!values[index].Equals(multipliers[first + index].Value))
                return false;
        }

        return true;
    }

    private static InvalidDataException Problem(string problem) => new(problem);
}
