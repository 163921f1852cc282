using System.Globalization;
using System.Text.Json.Serialization;

namespace HumanCompatible.ML.Networks;

/// <summary>What all networks with hidden layers have.</summary>
internal abstract record PerceptronNetwork : NetworkDefinition
{
    /// <summary>The most hidden layers a perceptron may have.</summary>
    internal const int MaximumLayers = 64;

    /// <summary>The most units a hidden layer may have.</summary>
    internal const int MaximumUnits = 65536;

    /// <summary>The function applied after each hidden layer.</summary>
    public Activation Activation { get; init; } = Activation.ReLU;

    /// <summary>The probability of dropping a hidden unit in a training step.</summary>
    public double Dropout { get; init; }

    /// <summary>What is done to the sums of each hidden layer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Normalization Normalization { get; init; }

    /// <summary>The settings as text.</summary>
    private protected string Settings => string.Create(CultureInfo.InvariantCulture, $"Activation = {Activation}, Dropout = {Dropout}")
        + (Normalization == Normalization.None ? "" : $", Normalization = {Normalization}");

    /// <inheritdoc/>
    internal override void Validate(ICollection<string> problems)
    {
        RequireDefined(nameof(Activation), Activation, problems);
        if (!(Dropout >= 0 && Dropout < 1))
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"Network.Dropout must be in [0, 1), got {Dropout}."));
        RequireDefined(nameof(Normalization), Normalization, problems);
    }

    /// <summary>Adds a problem where a width is out of range.</summary>
    private protected static void CheckUnits(string name, int units, ICollection<string> problems)
    {
        if (units is < 1 or > MaximumUnits)
            problems.Add($"Network.{name} must be in [1, {MaximumUnits}], got {units}.");
    }

    private static void RequireDefined<TEnum>(string name, TEnum value, ICollection<string> problems)
        where TEnum : struct, Enum
    {
        if (!Enum.IsDefined(value))
            problems.Add($"Network.{name} must be one of {string.Join(", ", Enum.GetNames<TEnum>())}, got {value}.");
    }
}
