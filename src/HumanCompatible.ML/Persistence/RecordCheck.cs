using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Persistence;

/// <summary>Whether the entries of a training are of one training. What is wrong is an <see cref="InvalidDataException"/>.</summary>
internal static class RecordCheck
{
    /// <summary>Epochs in their order, each with a value for each constraint and a multiplier for each inequality.</summary>
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
        }
    }

    /// <summary>The epochs of a model, which its manifest speaks of.</summary>
    internal static void Epochs(IReadOnlyList<EpochHistory> history, ModelManifest manifest)
    {
        var (summary, multipliers) = (manifest.Summary, manifest.Multipliers);
        if (history.Count != summary.EpochsRun)
            throw Problem($"it has {history.Count} epochs, but {summary.EpochsRun} were run.");
        Epochs(history, manifest.Constraints.Count, multipliers.Count);
        if (!history[summary.SelectedEpoch - 1].Duals.SequenceEqual(multipliers.Select(multiplier => multiplier.Value)))
            throw Problem($"epoch {summary.SelectedEpoch}, which was chosen, has other multipliers than the manifest.");
        if (!history.Max(epoch => epoch.ValidationAccuracy).Equals(summary.BestAccuracy))
            throw Problem("its best validationAccuracy is not the bestAccuracy of the manifest.");
    }

    /// <summary>A state of the dual optimizer with the blocks and the number of multipliers of some constraints.</summary>
    internal static void Duals(DualOptimizerState state, IReadOnlyList<(string Constraint, int Count)> constraints)
    {
        var blocks = state.Blocks.IsDefault ? [] : state.Blocks;
        if (!blocks.Select(block => (block.Name, block.Duals.Length)).SequenceEqual(constraints))
            throw Problem("its blocks must be the constraints, with as many multipliers as each has.");
    }

    /// <summary>The state of the dual optimizer at the end of the chosen epoch.</summary>
    internal static void Duals(DualOptimizerState state, ModelManifest manifest)
    {
        Duals(state, manifest.Blocks);
        if (!state.Blocks.SelectMany(block => block.Duals).SequenceEqual(manifest.Multipliers.Select(multiplier => multiplier.Value)))
            throw Problem("its multipliers must be those of the manifest.");
    }

    /// <summary>A state of training after an epoch, of a network and of a number of multipliers.</summary>
    internal static void State(TrainingState state, NetworkDefinition network, NetworkWeights weights, int epochs, int multipliers)
    {
        if (state.Epoch != epochs)
            throw Problem($"it must be of the last epoch, {epochs}, got {state.Epoch}.");
        if (!state.Weights.Arrays.Select(array => (array.Name, array.ShapeText))
            .SequenceEqual(weights.Arrays.Select(array => (array.Name, array.ShapeText))))
        {
            throw Problem("its weights must have the names and shapes of those of the model.");
        }

        // The parameters come first; what follows them in a network of the user's own are buffers.
        var arrays = state.Weights.Arrays;
        var count = state.Primal.Count;
        if (count == 0 || count > arrays.Length || (network is not ModuleNetwork && count != arrays.Length))
            throw Problem($"the state of the primal optimizer must be of {arrays.Length} arrays, got {count}.");
        for (var index = 0; index < count; index++)
        {
            var (primal, length) = (state.Primal[index], arrays[index].Values.Length);
            if (primal.FirstMoment.Length != length || primal.SecondMoment.Length != length
                || (primal.Center is { } center && center.Length != length)
                || (state.Average.Count > 0 && state.Average[index].Length != length))
            {
                throw Problem($"what is known of '{arrays[index].Name}' must have {length} numbers.");
            }

            if (primal.Step < 0 || primal.Step != state.Primal[0].Step || primal.Center is null != state.Primal[0].Center is null)
                throw Problem($"what is known of '{arrays[index].Name}' must be of the steps of the other arrays.");
            if (primal.SecondMoment.AsSpan().ContainsAnyExceptInRange(0, float.MaxValue))
                throw Problem($"'primal.{index}.second' must not be negative.");
        }

        if (state.Margins.Length != multipliers)
            throw Problem($"there must be {multipliers} margins, got {state.Margins.Length}.");
        if (state.Margins.Any(margin => double.IsNaN(margin) || double.IsPositiveInfinity(margin)))
            throw Problem("'margins' must hold no NaN and no infinity.");
        if (state.Duals is null != (multipliers == 0))
            throw Problem($"'{DualStateEntry.TrainingName}' must be there where something is constrained, and only there.");
    }

    private static InvalidDataException Problem(string problem) => new(problem);
}
