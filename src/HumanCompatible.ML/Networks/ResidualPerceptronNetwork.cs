using System.Text.Json.Serialization;

namespace HumanCompatible.ML.Networks;

/// <inheritdoc cref="Network.ResidualPerceptron"/>
internal sealed record ResidualPerceptronNetwork : PerceptronNetwork
{
    private const int MaximumBlocks = (MaximumLayers - 1) / 2;

    [JsonConstructor]
    internal ResidualPerceptronNetwork(int units, int blocks) => (Units, Blocks) = (units, blocks);

    /// <summary>The width of every hidden layer.</summary>
    public int Units { get; }

    /// <summary>The number of blocks of two layers, after the first layer.</summary>
    public int Blocks { get; }

    /// <summary>The settings as text.</summary>
    /// <returns>For example <c>ResidualPerceptronNetwork { Units = 64, Blocks = 2, Activation = ReLU, Dropout = 0 }</c>.</returns>
    public override string ToString() => $"{nameof(ResidualPerceptronNetwork)} {{ Units = {Units}, Blocks = {Blocks}, {Settings} }}";

    /// <inheritdoc/>
    internal override void Validate(ICollection<string> problems)
    {
        CheckUnits(nameof(Units), Units, problems);
        if (Blocks is < 1 or > MaximumBlocks)
            problems.Add($"Network.Blocks must be in [1, {MaximumBlocks}], got {Blocks}.");
        base.Validate(problems);
    }
}
