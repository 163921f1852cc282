using HumanCompatible.ML.Networks;

namespace HumanCompatible.ML.Persistence;

/// <summary>The arrays of a model as safetensors files, and back.</summary>
internal static class ModelArrays
{
    private const string EncodingPrefix = "encoding.";

    // A network of the user's own may call an array as the encoding calls its own.
    private const string NetworkPrefix = "network.";

    /// <summary>The weights of the network and the arrays of its encoding, as 32-bit floats.</summary>
    internal static byte[] WriteWeights(NetworkWeights weights, FeatureEncoder encoder)
    {
        var arrays = weights.Arrays.Select(array => array with { Name = NetworkPrefix + array.Name }).Concat(FeatureEncoderArrays.Write(encoder).Arrays);
        return Write([.. arrays.Select(array => SafetensorsTensor.From(array.Name, array.Shape.AsSpan(), array.Values.Span))], null);
    }

    /// <summary>What <see cref="WriteWeights"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not such a file.</exception>
    /// <exception cref="FormatException">An array of the encoding is missing or wrong.</exception>
    internal static (NetworkWeights Weights, FeatureEncoder Encoder) ReadWeights(byte[] bytes, int featureCount)
    {
        var network = new List<NetworkArray>();
        var encoding = new List<NetworkArray>();
        foreach (var tensor in Read(bytes).Tensors)
        {
            if (tensor.Name.StartsWith(NetworkPrefix, StringComparison.Ordinal))
                network.Add(new NetworkArray(tensor.Name[NetworkPrefix.Length..], tensor.Shape, tensor.ToArray<float>()));
            else if (tensor.Name.StartsWith(EncodingPrefix, StringComparison.Ordinal))
                encoding.Add(new NetworkArray(tensor.Name, tensor.Shape, tensor.ToArray<float>()));
            else
                throw new FormatException($"the array '{tensor.Name}' belongs neither to the network nor to the encoding.");
        }

        return (new NetworkWeights(network), FeatureEncoderArrays.Read(new NetworkWeights(encoding), featureCount));
    }

    /// <summary>The state of the dual optimizer, as 64-bit floats; what is not an array is in the file's metadata.</summary>
    internal static byte[] WriteDuals(DualOptimizerState state)
        => Write([.. state.ToArrays().Select(array => SafetensorsTensor.From<double>(array.Key, [array.Value.Length], array.Value))], state.ToMetadata());

    /// <summary>What <see cref="WriteDuals"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not such a file.</exception>
    /// <exception cref="FormatException">Something of the state is missing or wrong.</exception>
    internal static DualOptimizerState ReadDuals(byte[] bytes)
    {
        var file = Read(bytes);
        return DualOptimizerState.FromFlat(file.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.ToArray<double>()), file.Metadata);
    }

    private static byte[] Write(IReadOnlyList<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, tensors, metadata);
        return stream.ToArray();
    }

    private static SafetensorsFile Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        return SafetensorsReader.Read(stream);
    }
}
