using System.Text.Json.Serialization;

namespace HumanCompatible.ML.Training;

/// <summary>The multiplier of one inequality or equality of a constraint.</summary>
public sealed record Multiplier
{
    [JsonConstructor]
    internal Multiplier(string constraint, string inequality, double value)
        => (Constraint, Inequality, Value) = (constraint, inequality, value);

    /// <summary>The name of the constraint.</summary>
    public string Constraint { get; internal init; }

    /// <summary>The inequality or equality it belongs to, with the groups in it.</summary>
    public string Inequality { get; internal init; }

    /// <summary>The multiplier, lambda: how much the loss would fall per unit by which the bound is relaxed.</summary>
    public double Value { get; internal init; }

    /// <summary>The members and their values, with the numbers of the invariant culture.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => RecordText.Of(this, PrintMembers);
}
