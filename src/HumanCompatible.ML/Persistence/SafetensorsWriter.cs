using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace HumanCompatible.ML.Persistence;

/// <summary>
/// Writes the safetensors format: the length of the header (8 bytes, little-endian), the header (JSON: for each name the type, the shape
/// and where
/// its data lies; padded with spaces to a multiple of 8), the data. The same tensors always give the same bytes.
/// </summary>
internal static class SafetensorsWriter
{
    /// <summary>The header's member for free text about the file.</summary>
    internal const string MetadataName = "__metadata__";

    /// <summary>A file in memory; see <see cref="Write"/>.</summary>
    public static byte[] ToBytes(IReadOnlyList<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        using MemoryStream stream = new();
        Write(stream, tensors, metadata);
        return stream.ToArray();
    }

    /// <summary>Writes a file.</summary>
    /// <param name="stream">Receives the bytes; not closed.</param>
    /// <param name="tensors">
    /// The tensors. The header lists them in this order; their data comes with the widest element types first, so that each lies aligned.
    /// </param>
    /// <param name="metadata">Text by name, or null; written in the order of the names.</param>
    /// <exception cref="ArgumentException">A name occurs twice.</exception>
    public static void Write(Stream stream, IReadOnlyList<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        SafetensorsTensor[] byWidth = [.. tensors.OrderByDescending(tensor => SafetensorsTensor.SizeOf(tensor.Type))];
        Dictionary<string, long> starts = new(StringComparer.Ordinal);
        long end = 0;
        foreach (var tensor in byWidth)
        {
            if (!starts.TryAdd(tensor.Name, end))
                throw new ArgumentException($"The tensor '{tensor.Name}' occurs twice.", nameof(tensors));
            end += tensor.Data.Length;
        }

        ArrayBufferWriter<byte> header = new();
        using (Utf8JsonWriter json = new(header))
            WriteHeader(json, tensors, starts, metadata);
        var padding = -header.WrittenCount & 7;
        header.GetSpan(padding)[..padding].Fill((byte)' ');
        header.Advance(padding);

        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.WrittenCount);
        stream.Write(length);
        stream.Write(header.WrittenSpan);
        foreach (var tensor in byWidth)
            stream.Write(tensor.Data);
    }

    private static void WriteHeader(Utf8JsonWriter json, IReadOnlyList<SafetensorsTensor> tensors, Dictionary<string, long> starts,
        IReadOnlyDictionary<string, string>? metadata)
    {
        json.WriteStartObject();
        if (metadata is { Count: > 0 })
        {
            json.WriteStartObject(MetadataName);
            foreach ((var name, var text) in metadata.OrderBy(item => item.Key, StringComparer.Ordinal))
                json.WriteString(name, text);
            json.WriteEndObject();
        }

        foreach (var tensor in tensors)
        {
            json.WriteStartObject(tensor.Name);
            json.WriteString("dtype", tensor.Type.ToString());
            json.WriteStartArray("shape");
            foreach (var dimension in tensor.Shape)
                json.WriteNumberValue(dimension);
            json.WriteEndArray();
            json.WriteStartArray("data_offsets");
            json.WriteNumberValue(starts[tensor.Name]);
            json.WriteNumberValue(starts[tensor.Name] + tensor.Data.Length);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
