using System.Text.Json.Serialization;

namespace HumanCompatible.ML.Networks;

/// <summary>A linear model: outputs = W x + b, with W of shape <c>[outputs, features]</c> and b of shape <c>[outputs]</c>.</summary>
public sealed record LinearNetwork : NetworkDefinition
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
