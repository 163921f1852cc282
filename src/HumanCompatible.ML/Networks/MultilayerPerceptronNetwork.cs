using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;

namespace HumanCompatible.ML.Networks;

/// <inheritdoc cref="Network.MultilayerPerceptron(IEnumerable{int}, Activation, double)"/>
internal sealed record MultilayerPerceptronNetwork : NetworkDefinition
{
    /// <summary>The most hidden layers a perceptron may have.</summary>
    internal const int MaximumLayers = 64;

    /// <summary>The most units a hidden layer may have.</summary>
    internal const int MaximumUnits = 65536;

    [JsonConstructor]
    internal MultilayerPerceptronNetwork(ImmutableArray<int> hiddenUnits) => HiddenUnits = hiddenUnits;

    /// <summary>The width of each hidden layer, first to last.</summary>
    public ImmutableArray<int> HiddenUnits { get; }

    /// <summary>The function applied after each hidden layer.</summary>
    public Activation Activation { get; init; } = Activation.ReLU;

    /// <summary>The probability of dropping a hidden unit in a training step.</summary>
    public double Dropout { get; init; }

    /// <summary>Whether both have the same hidden units, activation and dropout.</summary>
    /// <param name="other">The definition to compare with.</param>
    /// <returns><see langword="true"/> when all settings are equal.</returns>
    public bool Equals(MultilayerPerceptronNetwork? other) =>
        other is not null && HiddenUnits.AsSpan().SequenceEqual(other.HiddenUnits.AsSpan())
        && Activation == other.Activation && Dropout.Equals(other.Dropout);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (var units in HiddenUnits)
            hash.Add(units);
        hash.Add(Activation);
        hash.Add(Dropout);
        return hash.ToHashCode();
    }

    /// <summary>The settings as text.</summary>
    /// <returns>For example <c>MultilayerPerceptronNetwork { HiddenUnits = [64, 64], Activation = ReLU, Dropout = 0 }</c>.</returns>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{nameof(MultilayerPerceptronNetwork)} {{ HiddenUnits = [{string.Join(", ", HiddenUnits)}], Activation = {Activation}, Dropout = "
            + $"{Dropout} }}");

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
        {
            if (HiddenUnits[layer] is < 1 or > MaximumUnits)
                problems.Add($"Network.HiddenUnits[{layer}] must be in [1, {MaximumUnits}], got {HiddenUnits[layer]}.");
        }

        if (!Enum.IsDefined(Activation))
            problems.Add($"Network.Activation must be one of {string.Join(", ", Enum.GetNames<Activation>())}, got {(int)Activation}.");
        if (!(Dropout >= 0 && Dropout < 1))
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"Network.Dropout must be in [0, 1), got {Dropout}."));
    }
}
