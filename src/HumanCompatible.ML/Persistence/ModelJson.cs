using System.Text.Json;

namespace HumanCompatible.ML.Persistence;

/// <summary>The JSON of a model file, see <see cref="JsonDialect"/>.</summary>
/// <remarks>
/// A reader takes what the writer gives and nothing else. A member that is unknown, missing or twice there is refused, and so is one that
/// contradicts the others: the verdicts of a summary are written for whoever reads the file, and must follow from its values.
/// </remarks>
internal static class ModelJson
{
    internal static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, JsonDialect.Indented);

    /// <summary>What <see cref="Write"/> wrote.</summary>
    /// <param name="utf8">The bytes.</param>
    /// <param name="written">Reads them where they are just as they were written, see <see cref="WrittenObject"/>; null where nothing but
    /// the serializer does.</param>
    /// <exception cref="InvalidDataException">The bytes are something else; the message names the member.</exception>
    internal static T Read<T>(byte[] utf8, Func<JsonElement, T>? written = null)
        where T : class
        => (written is null ? null : WrittenObject.TryRead(utf8, written)) ?? ReadAnyOrder<T>(utf8);

    private static T ReadAnyOrder<T>(byte[] utf8)
    {
        try
        {
            RefuseNull(utf8);
            var value = JsonSerializer.Deserialize<T>(utf8, JsonDialect.Options)!;
            if (!Write(value).AsSpan().SequenceEqual(utf8))
            {
                using var document = JsonDocument.Parse(utf8);
                RefuseDifference(document.RootElement, JsonSerializer.SerializeToElement(value, JsonDialect.Options), "$");
            }

            return value;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException or InvalidOperationException)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    /// <summary>The integer member of an object whose other members are not looked at.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    internal static int ReadInteger(byte[] utf8, string member)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty(member, out var value)
                && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var integer)
                ? integer
                : throw new InvalidDataException($"it has no '{member}' that is an integer.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    // The serializer refuses null for a member, but not for an element of a list.
    private static void RefuseNull(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        var member = "$";
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
                member = reader.GetString();
            else if (reader.TokenType == JsonTokenType.Null)
                throw new InvalidDataException($"'{member}' must not be null or hold null.");
        }
    }

    private static void RefuseDifference(JsonElement read, JsonElement written, string path)
    {
        switch (written.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in written.EnumerateObject())
                {
                    if (!read.TryGetProperty(property.Name, out var value))
                        throw new InvalidDataException($"'{path}.{property.Name}' is missing.");
                    RefuseDifference(value, property.Value, $"{path}.{property.Name}");
                }

                if (read.EnumerateObject().Select(property => property.Name).FirstOrDefault(name => !written.TryGetProperty(name, out _))
                    is { } unknown)
                {
                    throw new InvalidDataException($"'{path}.{unknown}' is unknown.");
                }

                break;
            case JsonValueKind.Array:
                foreach (var (index, (own, other)) in read.EnumerateArray().Zip(written.EnumerateArray()).Index())
                    RefuseDifference(own, other, $"{path}[{index}]");
                break;
            default:
                if (!JsonElement.DeepEquals(read, written))
                    throw new InvalidDataException($"'{path}' must be {written.GetRawText()} as the rest says, got {read.GetRawText()}.");
                break;
        }
    }
}
