using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace HumanCompatible.ML.Networks;

/// <inheritdoc cref="Network.MultilayerPerceptron(IEnumerable{int}, Activation, double, Normalization)"/>
internal sealed record MultilayerPerceptronNetwork : PerceptronNetwork
{
    [JsonConstructor]
    internal MultilayerPerceptronNetwork(ImmutableArray<int> hiddenUnits) => HiddenUnits = hiddenUnits;

    /// <summary>The width of each hidden layer, first to last.</summary>
    public ImmutableArray<int> HiddenUnits { get; }

    /// <summary>Whether both have the same hidden units and the same other settings.</summary>
    /// <param name="other">The definition to compare with.</param>
    /// <returns><see langword="true"/> when all settings are equal.</returns>
    public bool Equals(MultilayerPerceptronNetwork? other)
        => base.Equals(other) && HiddenUnits.AsSpan().SequenceEqual(other.HiddenUnits.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(base.GetHashCode());
        foreach (var units in HiddenUnits)
            hash.Add(units);
        return hash.ToHashCode();
    }

    /// <summary>The settings as text.</summary>
    /// <returns>For example <c>MultilayerPerceptronNetwork { HiddenUnits = [64, 64], Activation = ReLU, Dropout = 0 }</c>.</returns>
    public override string ToString()
        => $"{nameof(MultilayerPerceptronNetwork)} {{ HiddenUnits = [{string.Join(", ", HiddenUnits)}], {Settings} }}";

    /// <inheritdoc/>
    internal override void Validate(ICollection<string> problems)
    {
        if (HiddenUnits.Length is 0 or > MaximumLayers)
        {
            problems.Add(
                $"Network.HiddenUnits must name 1 to {MaximumLayers} hidden layers, got {HiddenUnits.Length}; a network without hidden "
                + "layers is Network.Linear().");
        }

        for (var layer = 0; layer < HiddenUnits.Length; layer++)
            CheckUnits($"{nameof(HiddenUnits)}[{layer}]", HiddenUnits[layer], problems);
        base.Validate(problems);
    }
}
