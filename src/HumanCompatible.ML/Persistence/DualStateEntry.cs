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
    /// <exception cref="InvalidDataException">Something of the state is missing or wrong.</exception>
    internal static DualOptimizerState Read(byte[] bytes)
    {
        var state = ModelJson.Read<DualOptimizerState>(bytes);
        var problems = new List<string>();
        state.Validate(new(problems));
        return problems.Count == 0 ? state : throw new InvalidDataException(string.Join(" ", problems));
    }
}
