using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;

namespace HumanCompatible.ML.Persistence;

/// <summary>Where a tensor's data lies: from byte <paramref name="Start"/> of the data to before <paramref name="End"/>.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">The length of each dimension.</param>
/// <param name="Start">The first byte.</param>
/// <param name="End">The byte after the last.</param>
internal sealed record SafetensorsEntry(string Name, SafetensorsType Type, ImmutableArray<long> Shape, long Start, long End);

/// <summary>The checked header of a safetensors file.</summary>
/// <param name="Entries">One entry a tensor, in the header's order. Their data fill the file: no hole, no overlap, no byte left.</param>
/// <param name="Metadata">The text about the file, by name.</param>
internal sealed record SafetensorsHeader(ImmutableArray<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>Parses and checks the header of a file whose data has <paramref name="dataLength"/> bytes.</summary>
    /// <exception cref="InvalidDataException">Anything is wrong with it.</exception>
    public static SafetensorsHeader Parse(ReadOnlyMemory<byte> utf8, long dataLength)
    {
        if (utf8.IsEmpty || utf8.Span[0] != '{')
            throw new InvalidDataException("The header must be a JSON object: it must begin with '{'.");
        if (!Utf8.IsValid(utf8.Span))
            throw new InvalidDataException("The header is not valid UTF-8.");
        try
        {
            using var document = JsonDocument.Parse(utf8);
            return Parse(document.RootElement, dataLength);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"The header is not valid JSON: {exception.Message}", exception);
        }
    }

    private static SafetensorsHeader Parse(JsonElement root, long dataLength)
    {
        List<SafetensorsEntry> entries = [];
        Dictionary<string, string>? metadata = null;
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (var property in root.EnumerateObject())
        {
            var name = Text(() => property.Name);
            if (name.Length == 0)
                throw new InvalidDataException("The header has a tensor with an empty name.");
            if (!names.Add(name))
                throw new InvalidDataException($"The header names '{name}' twice.");
            if (name == SafetensorsWriter.MetadataName)
                metadata = ParseMetadata(property.Value);
            else
                entries.Add(ParseEntry(name, property.Value, dataLength));
        }

        CheckLayout(entries, dataLength);
        return new SafetensorsHeader([.. entries], metadata ?? []);
    }

    private static Dictionary<string, string> ParseMetadata(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException($"The header's '{SafetensorsWriter.MetadataName}' must be an object of strings.");
        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        foreach (var property in json.EnumerateObject())
        {
            var name = Text(() => property.Name);
            if (property.Value.ValueKind != JsonValueKind.String)
            {
                throw new InvalidDataException(
                    $"The header's '{SafetensorsWriter.MetadataName}' must be an object of strings; '{name}' is none.");
            }

            if (!metadata.TryAdd(name, Text(() => property.Value.GetString()!)))
                throw new InvalidDataException($"The header's '{SafetensorsWriter.MetadataName}' names '{name}' twice.");
        }

        return metadata;
    }

    private static SafetensorsEntry ParseEntry(string name, JsonElement json, long dataLength)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException($"The tensor '{name}' must be an object with 'dtype', 'shape' and 'data_offsets'.");
        JsonElement? type = null, shape = null, offsets = null;
        foreach (var property in json.EnumerateObject())
        {
            var member = Text(() => property.Name);
            ref var slot = ref offsets;
            if (member == "dtype")
                slot = ref type;
            else if (member == "shape")
                slot = ref shape;
            else if (member != "data_offsets")
                throw new InvalidDataException($"The tensor '{name}' has an unknown member '{member}'.");
            if (slot is not null)
                throw new InvalidDataException($"The tensor '{name}' has '{member}' twice.");
            slot = property.Value;
        }

        var elements = ParseType(name, type);
        var lengths = ParseIntegers(name, "shape", shape);
        if (SafetensorsTensor.ByteCount(lengths.AsSpan(), elements) is not { } size)
        {
            throw new InvalidDataException(
                $"The tensor '{name}' has the shape [{string.Join(", ", lengths)}], whose size is out of range.");
        }

        var ends = ParseIntegers(name, "data_offsets", offsets);
        if (ends.Length != 2 || ends[0] > ends[1])
        {
            throw new InvalidDataException(
                $"The tensor '{name}' must have 'data_offsets' [start, end] with start <= end, got [{string.Join(", ", ends)}].");
        }

        if (ends[1] > dataLength)
        {
            throw new InvalidDataException(
                $"The tensor '{name}' ends at byte {ends[1]} of the data, which has only {dataLength}: the file is truncated or altered.");
        }

        if (ends[1] - ends[0] != size)
        {
            throw new InvalidDataException(
                $"The tensor '{name}' of type {elements} and shape [{string.Join(", ", lengths)}] takes {size} bytes, but its "
                + $"'data_offsets' span {ends[1] - ends[0]}.");
        }

        return new SafetensorsEntry(name, elements, lengths, ends[0], ends[1]);
    }

    private static SafetensorsType ParseType(string name, JsonElement? json)
    {
        if (json is not { ValueKind: JsonValueKind.String } text)
            throw new InvalidDataException($"The tensor '{name}' must have a 'dtype' that is a string.");
        var type = Text(() => text.GetString()!);
        var index = Array.IndexOf(Enum.GetNames<SafetensorsType>(), type);
        return index >= 0 ? Enum.GetValues<SafetensorsType>()[index]
            : throw new InvalidDataException(
                $"The tensor '{name}' has the dtype '{type}'; supported are {string.Join(", ", Enum.GetNames<SafetensorsType>())}.");
    }

    private static ImmutableArray<long> ParseIntegers(string name, string member, JsonElement? json)
    {
        if (json is not { ValueKind: JsonValueKind.Array } array)
            throw new InvalidDataException($"The tensor '{name}' must have a '{member}' that is an array.");
        var values = new long[array.GetArrayLength()];
        for (var index = 0; index < values.Length; index++)
        {
            var item = array[index];
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out var value) || value < 0)
            {
                throw new InvalidDataException(
                    $"The tensor '{name}' has a '{member}' whose element {index} is not an integer from 0 to {long.MaxValue}.");
            }

            values[index] = value;
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(values);
    }

    private static void CheckLayout(List<SafetensorsEntry> entries, long dataLength)
    {
        long end = 0;
        var before = "";
        List<SafetensorsEntry> inOrder = [.. entries];
        inOrder.Sort((left, right) => left.Start != right.Start ? left.Start.CompareTo(right.Start) : left.End.CompareTo(right.End));
        foreach (var entry in inOrder)
        {
            if (entry.Start < end)
                throw new InvalidDataException($"The data of the tensors '{before}' and '{entry.Name}' overlap at byte {entry.Start}.");
            if (entry.Start > end)
            {
                throw new InvalidDataException(
                    $"The data bytes {end} to {entry.Start} before the tensor '{entry.Name}' belong to no tensor.");
            }

            (end, before) = (entry.End, entry.Name);
        }

        if (end != dataLength)
            throw new InvalidDataException($"The tensors take {end} bytes, but {dataLength} follow the header.");
    }

    /// <summary>Text of the JSON; what is valid JSON can still escape half a surrogate pair.</summary>
    private static string Text(Func<string> text)
    {
        try
        {
            return text();
        }
        catch (InvalidOperationException exception)
        {
            throw new InvalidDataException("The header has text that is not valid Unicode.", exception);
        }
    }
}
