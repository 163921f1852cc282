using System.Buffers.Binary;
using System.Collections.Immutable;

namespace HumanCompatible.ML.Persistence;

/// <summary>
/// Reads the safetensors format (see <see cref="SafetensorsWriter"/>). Sizes, names, types, shapes and offsets are checked against what the
/// file
/// really has before memory of their size is taken; every defect is an <see cref="InvalidDataException"/> that says what is wrong.
/// </summary>
internal static class SafetensorsReader
{
    /// <summary>The largest header, in bytes: the format's own limit.</summary>
    internal const long MaximumHeaderLength = 100_000_000;

    private const int LengthSize = 8;

    /// <summary>Reads a file, from the stream's position to its end.</summary>
    /// <param name="stream">The file; not closed. One that cannot seek is first copied to memory, so that its length is known.</param>
    /// <exception cref="InvalidDataException">The file is truncated, altered, or has an element type or a size that is not
    /// supported.</exception>
    public static SafetensorsFile Read(Stream stream)
    {
        if (stream.CanSeek)
            return Read(stream, stream.Length - stream.Position);
        using MemoryStream copy = new();
        stream.CopyTo(copy);
        copy.Position = 0;
        return Read(copy, copy.Length);
    }

    private static SafetensorsFile Read(Stream stream, long length)
    {
        if (length < LengthSize)
        {
            throw new InvalidDataException(
                $"The file is truncated: it has {length} bytes, and the length of its header alone takes {LengthSize}.");
        }

        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(ReadBytes(stream, LengthSize));
        if (headerLength > MaximumHeaderLength)
        {
            throw new InvalidDataException(
                $"The header's length is {headerLength} bytes, more than the {MaximumHeaderLength} that are allowed.");
        }

        if ((long)headerLength > length - LengthSize)
        {
            throw new InvalidDataException(
                $"The file is truncated: its header has {headerLength} bytes, but only {length - LengthSize} follow the header's length.");
        }

        var dataLength = length - LengthSize - (long)headerLength;
        var header = SafetensorsHeader.Parse(ReadBytes(stream, (int)headerLength), dataLength);
        if (dataLength > Array.MaxLength)
            throw new InvalidDataException($"The tensors take {dataLength} bytes, more than the {Array.MaxLength} that are supported.");
        ReadOnlyMemory<byte> data = ReadBytes(stream, (int)dataLength);
        ImmutableArray<SafetensorsTensor> tensors =
            [.. header.Entries.Select(entry => new SafetensorsTensor(entry.Name, entry.Type, entry.Shape,
                data[(int)entry.Start..(int)entry.End]))];
        return new SafetensorsFile(tensors, header.Metadata);
    }

    private static byte[] ReadBytes(Stream stream, int count)
    {
        var bytes = new byte[count];
        var read = stream.ReadAtLeast(bytes, count, throwOnEndOfStream: false);
        return read == count ? bytes : throw new InvalidDataException(
            $"The file ended after {read} of {count} bytes that its length promised.");
    }
}
