using HumanCompatible.ML.Duals;

namespace HumanCompatible.ML.Persistence;

/// <summary>
/// The state of a dual optimizer as an entry: Duals.safetensors for the epoch of the model, TrainingDuals.safetensors for the last one.
/// </summary>
internal static class DualStateEntry
{
    internal const string Name = "Duals.safetensors";
    internal const string TrainingName = "TrainingDuals.safetensors";

    internal static byte[] Write(DualOptimizerState state) => SafetensorsWriter.ToBytes(
        [.. state.ToArrays().Select(array => SafetensorsTensor.From<double>(array.Key, array.Value))], state.ToMetadata());

    /// <summary>What <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">Something of the state is missing or wrong.</exception>
    internal static DualOptimizerState Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        var file = SafetensorsReader.Read(stream);
        try
        {
            return DualOptimizerState.FromFlat(file.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.ToArray<double>()),
                file.Metadata);
        }
        catch (FormatException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }
}
