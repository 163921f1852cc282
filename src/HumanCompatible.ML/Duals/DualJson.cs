using System.Text.Json;

namespace HumanCompatible.ML.Duals;

/// <summary>The text form of options and states, from which numbers read back bit for bit; see <see cref="JsonDialect"/>.</summary>
internal static class DualJson
{
    internal static string Write<T>(T value) => JsonSerializer.Serialize(value, JsonDialect.Options);

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
            value = JsonSerializer.Deserialize<T>(json, JsonDialect.Options) ?? throw new JsonException("It is null.");
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
