using System.Text.Json.Serialization;

namespace HumanCompatible.ML.Training;

/// <summary>Constraints that no epoch of training kept together.</summary>
public sealed record ConstraintConflict
{
    [JsonConstructor]
    internal ConstraintConflict(IReadOnlyList<string> constraints, string reason)
        => (Constraints, Reason) = (constraints, reason);

    /// <summary>Their names, in the order of the declarations; a single one was kept in no epoch.</summary>
    public IReadOnlyList<string> Constraints { get; internal init; }

    /// <summary>What was seen in the epochs, as a phrase.</summary>
    public string Reason { get; internal init; }

    /// <summary>Whether another conflict is of the same constraints for the same reason.</summary>
    /// <param name="other">The other conflict.</param>
    /// <returns>Whether they are equal.</returns>
    public bool Equals(ConstraintConflict? other)
        => other is not null && Reason == other.Reason && Constraints.SequenceEqual(other.Constraints);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Reason, Constraints.Count);

    /// <summary>The constraints and the reason in one line.</summary>
    public override string ToString() => $"{string.Join(" and ", Constraints)}: {Reason}";
}
