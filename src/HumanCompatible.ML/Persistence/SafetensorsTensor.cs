using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace HumanCompatible.ML.Persistence;

/// <summary>One tensor of a safetensors file. Immutable.</summary>
internal sealed class SafetensorsTensor
{
    private readonly ReadOnlyMemory<byte> _data;

    /// <summary>Takes little-endian, row-major data that has been checked to fit the shape.</summary>
    internal SafetensorsTensor(string name, SafetensorsType type, ImmutableArray<long> shape, ReadOnlyMemory<byte> data)
    {
        Name = name;
        Type = type;
        Shape = shape;
        _data = data;
    }

    /// <summary>The name, unique within a file.</summary>
    public string Name { get; }

    /// <summary>The type of the elements.</summary>
    public SafetensorsType Type { get; }

    /// <summary>The length of each dimension; empty for a scalar.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>The elements as the file has them: little-endian, row-major.</summary>
    public ReadOnlySpan<byte> Data => _data.Span;

    /// <summary>A tensor of one dimension; see the other overload.</summary>
    public static SafetensorsTensor From<T>(string name, ReadOnlySpan<T> values)
        where T : unmanaged => From(name, [values.Length], values);

    /// <summary>A tensor of values, which are copied.</summary>
    /// <typeparam name="T"><see cref="float"/>, <see cref="double"/>, <see cref="int"/>, <see cref="long"/> or
    /// <see cref="byte"/>.</typeparam>
    /// <param name="name">The name: not empty, and not <c>__metadata__</c>.</param>
    /// <param name="shape">The length of each dimension.</param>
    /// <param name="values">The values, row-major.</param>
    /// <exception cref="ArgumentException">The name is not allowed, or the values do not fit the shape.</exception>
    public static SafetensorsTensor From<T>(string name, ReadOnlySpan<long> shape, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var type = TypeOf<T>();
        if (string.IsNullOrEmpty(name) || name == SafetensorsWriter.MetadataName)
            throw new ArgumentException($"A tensor must not be called '{name}'.", nameof(name));
        if (ByteCount(shape, type) is not { } count || count != (long)values.Length * SizeOf(type))
        {
            throw new ArgumentException($"The tensor '{name}' of shape [{string.Join(", ", shape.ToArray())}] got {values.Length} values.",
                nameof(values));
        }

        var data = MemoryMarshal.AsBytes(values).ToArray();
        SwapUnlessLittleEndian(data, SizeOf(type));
        return new SafetensorsTensor(name, type, [.. shape], data);
    }

    /// <summary>The values in a new array.</summary>
    /// <typeparam name="T">The type of the elements.</typeparam>
    /// <exception cref="InvalidDataException">The elements have another type.</exception>
    public T[] ToArray<T>()
        where T : unmanaged
    {
        if (TypeOf<T>() != Type)
            throw new InvalidDataException($"The tensor '{Name}' must have type {TypeOf<T>()}, got {Type}.");
        var swapped = BitConverter.IsLittleEndian ? null : Data.ToArray();
        if (swapped is not null)
            SwapUnlessLittleEndian(swapped, SizeOf(Type));
        return MemoryMarshal.Cast<byte, T>(swapped ?? Data).ToArray();
    }

    /// <summary>The bytes of an element.</summary>
    internal static int SizeOf(SafetensorsType type) => type switch
    {
        SafetensorsType.F64 or SafetensorsType.I64 => 8,
        SafetensorsType.F32 or SafetensorsType.I32 => 4,
        _ => 1,
    };

    /// <summary>The bytes of a tensor of this shape, or null where a length is negative or the number does not fit into 64 bits.</summary>
    internal static long? ByteCount(ReadOnlySpan<long> shape, SafetensorsType type)
    {
        long count = SizeOf(type);
        var isEmpty = false;
        foreach (var length in shape)
        {
            if (length < 0)
                return null;
            isEmpty |= length == 0;
            if (length > long.MaxValue / count)
                return null;
            if (length > 0)
                count *= length;
        }

        return isEmpty ? 0 : count;
    }

    private static SafetensorsType TypeOf<T>() =>
        typeof(T) == typeof(float) ? SafetensorsType.F32
        : typeof(T) == typeof(double) ? SafetensorsType.F64
        : typeof(T) == typeof(int) ? SafetensorsType.I32
        : typeof(T) == typeof(long) ? SafetensorsType.I64
        : typeof(T) == typeof(byte) ? SafetensorsType.U8
        : throw new ArgumentException($"A tensor cannot have elements of type {typeof(T).Name}.");

    private static void SwapUnlessLittleEndian(Span<byte> data, int size)
    {
        if (BitConverter.IsLittleEndian)
            return;
        var four = MemoryMarshal.Cast<byte, int>(data);
        var eight = MemoryMarshal.Cast<byte, long>(data);
        if (size == 4)
            BinaryPrimitives.ReverseEndianness(four, four);
        else if (size == 8)
            BinaryPrimitives.ReverseEndianness(eight, eight);
    }
}
