namespace HumanCompatible.ML.Training;

/// <summary>Constraints that no epoch of training kept together.</summary>
/// <param name="Constraints">Their names, in the order of the declarations; a single one was kept in no epoch.</param>
/// <param name="Reason">What was seen in the epochs, as a phrase.</param>
public sealed record ConstraintConflict(IReadOnlyList<string> Constraints, string Reason)
{
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
