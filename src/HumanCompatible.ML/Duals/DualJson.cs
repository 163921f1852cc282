using System.Text.Json;
using System.Text.Json.Serialization;

namespace HumanCompatible.ML.Duals;

/// <summary>The text form of options and states: kinds and enums by name, numbers that read back bit for bit, no unknown members.</summary>
internal static class DualJson
{
    private static readonly JsonSerializerOptions Format = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    internal static string Write<T>(T value) => JsonSerializer.Serialize(value, Format);

    /// <summary>What <see cref="Write"/> wrote.</summary>
    /// <param name="json">The text.</param>
    /// <param name="what">What it is to be, for the message.</param>
    /// <param name="validate">Reports what is wrong with the values.</param>
    /// <exception cref="FormatException">The text is nothing such, or a value is out of its range.</exception>
    internal static T Read<T>(string json, string what, Action<T, Problems> validate)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(json);
        T value;
        try
        {
            value = JsonSerializer.Deserialize<T>(json, Format) ?? throw new JsonException("It is null.");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new FormatException($"The {what} of a dual optimizer cannot be read: {exception.Message}", exception);
        }

        var problems = new List<string>();
        validate(value, new(problems));
        return problems.Count == 0 ? value
            : throw new FormatException($"The {what} of a dual optimizer cannot be used: {string.Join(" ", problems)}");
    }
}
