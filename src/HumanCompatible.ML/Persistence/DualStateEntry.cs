using HumanCompatible.ML.Duals;

namespace HumanCompatible.ML.Persistence;

/// <summary>
/// The state of a dual optimizer as an entry: Duals.json for the epoch of the model, TrainingDuals.json for the last one.
/// </summary>
internal static class DualStateEntry
{
    internal const string Name = "Duals.json";
    internal const string TrainingName = "TrainingDuals.json";

    internal static byte[] Write(DualOptimizerState state) => ModelJson.Write(state);

    /// <summary>What <see cref="Write"/> wrote.</summary>
    /// <param name="bytes">The entry.</param>
    /// <param name="check">Throws where the state, valid by itself, is of something else.</param>
    /// <exception cref="InvalidDataException">Something of the state is missing or wrong.</exception>
    internal static DualOptimizerState Read(byte[] bytes, Action<DualOptimizerState> check)
    {
        var state = ModelJson.Read(bytes, WrittenManifest.ReadDuals);
        var problems = new List<string>();
        state.Validate(new(problems));
        if (problems.Count > 0)
            throw new InvalidDataException(string.Join(" ", problems));
        check(state);
        return state;
    }
}
