using System.Text.Json.Serialization;

namespace HumanCompatible.ML.Networks;

/// <summary>See <see cref="Network.Linear"/>: W has the shape <c>[outputs, features]</c>, b <c>[outputs]</c>.</summary>
internal sealed record LinearNetwork : NetworkDefinition
{
    [JsonConstructor]
    internal LinearNetwork()
    {
    }

    /// <inheritdoc/>
    internal override void Validate(ICollection<string> problems)
    {
    }
}
