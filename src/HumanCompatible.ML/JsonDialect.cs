using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HumanCompatible.ML;

/// <summary>
/// The one JSON of this library. Members are in camelCase, and so are the words of closed lists: enum values, and the kinds that choose a
/// type. Nothing is null: what there is not is left out. A number that is not finite is "NaN", "Infinity" or "-Infinity".
/// </summary>
internal static class JsonDialect
{
    internal static JsonSerializerOptions Options { get; } = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        AllowOutOfOrderMetadataProperties = true, // the members of an object have no order
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // readable: the file is no web page
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>The same for people to read.</summary>
    internal static JsonSerializerOptions Indented { get; } = new(Options) { WriteIndented = true };
}
