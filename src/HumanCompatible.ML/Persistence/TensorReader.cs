using System.Numerics;
using System.Numerics.Tensors;
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
        var tensor = Find(name);
        return tensor.Shape.Length == 1 ? Array<T>(name, [length ?? tensor.Shape[0]])
            : throw WrongShape(tensor, length?.ToString() ?? "any");
    }

    /// <summary>The values of a tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">The shape that it must have.</param>
    /// <exception cref="InvalidDataException">It is not there, or of another type or shape.</exception>
    internal T[] Array<T>(string name, ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        var tensor = Find(name);
        if (!tensor.Shape.AsSpan().SequenceEqual(shape))
            throw WrongShape(tensor, string.Join(", ", shape.ToArray()));
        _left.Remove(name);
        return tensor.ToArray<T>();
    }

    /// <summary>Numbers none of which is NaN or infinite.</summary>
    /// <exception cref="InvalidDataException">One is.</exception>
    internal static T[] Finite<T>(string name, T[] values, bool takesInfinity = false)
        where T : unmanaged, IFloatingPoint<T>
    {
        if (TensorPrimitives.IsFiniteAll<T>(values))
            return values;
        var wrong = System.Array.FindIndex(values, value => !T.IsFinite(value) && !(takesInfinity && T.IsInfinity(value)));
        return wrong < 0 ? values : throw new InvalidDataException(FormattableString.Invariant(
            $"The tensor '{name}' must hold finite numbers, got {values[wrong]} at position {wrong}."));
    }

    /// <summary>The arrays of a network: all tensors whose name begins with a prefix, without it.</summary>
    /// <param name="network">The network. A buffer of the user's own may be infinite, as a mask is.</param>
    /// <param name="prefix">The prefix.</param>
    /// <exception cref="InvalidDataException">One is of another type than 32-bit float, or holds what is not finite.</exception>
    internal NetworkWeights Weights(NetworkDefinition network, string prefix = "")
    {
        var tensors = _file.Tensors.Where(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        _left.ExceptWith(tensors.Select(tensor => tensor.Name));
        var takesInfinity = network is ModuleNetwork;
        return new NetworkWeights(tensors.Select(tensor => new NetworkArray(tensor.Name[prefix.Length..], tensor.Shape,
            Finite(tensor.Name, tensor.ToArray<float>(), takesInfinity))));
    }

    private SafetensorsTensor Find(string name)
        => _file.Find(name) ?? throw new InvalidDataException($"The tensor '{name}' is missing.");

    private static InvalidDataException WrongShape(SafetensorsTensor tensor, string expected) => new(
        $"The tensor '{tensor.Name}' must have shape [{expected}], got {NetworkArray.FormatShape(tensor.Shape.AsSpan())}.");

    /// <exception cref="InvalidDataException">A tensor was not taken.</exception>
    internal void Finish()
    {
        if (_left.Count > 0)
            throw new InvalidDataException($"The tensor '{_left.Order(StringComparer.Ordinal).First()}' does not belong there.");
    }
}
