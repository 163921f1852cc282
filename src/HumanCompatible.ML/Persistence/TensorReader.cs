using HumanCompatible.ML.Networks;

namespace HumanCompatible.ML.Persistence;

/// <summary>Takes the tensors of a safetensors file one by one; a tensor that nobody takes does not belong there.</summary>
internal sealed class TensorReader
{
    private readonly SafetensorsFile _file;
    private readonly HashSet<string> _left;

    /// <exception cref="InvalidDataException">The bytes are no such file.</exception>
    internal TensorReader(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        _file = SafetensorsReader.Read(stream);
        _left = [.. _file.Tensors.Select(tensor => tensor.Name)];
    }

    internal bool Has(string name) => _file.Find(name) is not null;

    /// <summary>The values of a tensor of one dimension.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="length">The length that it must have, or null where any is right.</param>
    /// <exception cref="InvalidDataException">It is not there, or of another type or shape.</exception>
    internal T[] Vector<T>(string name, int? length = null)
        where T : unmanaged
    {
        var tensor = _file.Find(name) ?? throw new InvalidDataException($"The tensor '{name}' is missing.");
        if (tensor.Shape.Length != 1 || (length is { } expected && tensor.Shape[0] != expected))
        {
            throw new InvalidDataException($"The tensor '{name}' must have shape [{length?.ToString() ?? "any"}], got "
                + $"{NetworkArray.FormatShape(tensor.Shape.AsSpan())}.");
        }

        _left.Remove(name);
        return tensor.ToArray<T>();
    }

    /// <summary>The arrays of a network: all tensors whose name begins with a prefix, without it.</summary>
    /// <exception cref="InvalidDataException">One is of another type than 32-bit float.</exception>
    internal NetworkWeights Weights(string prefix = "")
    {
        var tensors = _file.Tensors.Where(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        _left.ExceptWith(tensors.Select(tensor => tensor.Name));
        return new NetworkWeights(tensors.Select(tensor => new NetworkArray(tensor.Name[prefix.Length..], tensor.Shape,
            tensor.ToArray<float>())));
    }

    /// <exception cref="InvalidDataException">A tensor was not taken.</exception>
    internal void Finish()
    {
        if (_left.Count > 0)
            throw new InvalidDataException($"The tensor '{_left.Order(StringComparer.Ordinal).First()}' does not belong there.");
    }
}
