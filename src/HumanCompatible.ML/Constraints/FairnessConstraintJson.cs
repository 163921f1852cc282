using System.Text.Json;
using System.Text.Json.Serialization;

namespace HumanCompatible.ML.Constraints;

/// <summary>
/// Declarations as JSON: an array of objects whose "kind" is one of the kinds that <see cref="FairnessConstraint"/> lists; nothing else in
/// a file chooses a type.
/// </summary>
internal static class FairnessConstraintJson
{
    internal static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowOutOfOrderMetadataProperties = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        MaxDepth = 8,
        Converters = { new JsonStringEnumConverter(allowIntegerValues: false) },
    };

    internal static string Serialize(IReadOnlyList<FairnessConstraint> constraints) => JsonSerializer.Serialize(constraints, Options);

    /// <exception cref="InvalidDataException">The text is not a list of valid declarations; the message says why.</exception>
    internal static IReadOnlyList<FairnessConstraint> Deserialize(string json)
    {
        FairnessConstraint[] constraints;
        try
        {
            constraints = JsonSerializer.Deserialize<FairnessConstraint[]>(json, Options)
                ?? throw new InvalidDataException("The fairness constraints cannot be read: the list is null.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException)
        {
            throw new InvalidDataException($"The fairness constraints cannot be read: {e.Message}", e);
        }
        var problems = new List<string>();
        FairnessConstraint.Validate(constraints, problems);
        if (problems.Count > 0) throw new InvalidDataException("The fairness constraints cannot be used: " + string.Join(" ", problems));
        return constraints;
    }
}
