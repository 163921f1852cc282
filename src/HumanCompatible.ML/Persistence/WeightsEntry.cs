using HumanCompatible.ML.Networks;

namespace HumanCompatible.ML.Persistence;

/// <summary>Weights.safetensors: the arrays of the network under their own names, as 32-bit floats.</summary>
internal static class WeightsEntry
{
    internal const string Name = "Weights.safetensors";

    internal static byte[] Write(NetworkWeights weights) => SafetensorsWriter.ToBytes(Tensors(weights));

    /// <summary>What <see cref="Write"/> wrote. Whether the arrays fit the network is said where it is built.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="network">The network.</param>
    /// <exception cref="InvalidDataException">The bytes are no such file, or a weight is not finite.</exception>
    internal static NetworkWeights Read(byte[] bytes, NetworkDefinition network) => new TensorReader(bytes).Weights(network);

    /// <summary>The arrays as tensors, their names after a prefix.</summary>
    internal static IReadOnlyList<SafetensorsTensor> Tensors(NetworkWeights weights, string prefix = "")
        => [.. weights.Arrays.Select(array => SafetensorsTensor.From(prefix + array.Name, array.Shape.AsSpan(), array.Values.Span))];
}
