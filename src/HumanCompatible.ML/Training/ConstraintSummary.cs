namespace HumanCompatible.ML;

/// <summary>Whether the chosen model keeps a constraint, and by how much not.</summary>
/// <param name="Name">The name of the constraint.</param>
/// <param name="Bound">The declared bound.</param>
/// <param name="IsLowerBound">Whether the statistic must be at least the bound (a ratio); otherwise at most.</param>
/// <param name="TrainingValue">The audited statistic of the hard predictions on the training rows; NaN where it is not defined.</param>
/// <param name="SelectionValue">The same on the rows that chose the epoch; NaN where it is not defined.</param>
public sealed record ConstraintSummary(string Name, double Bound, bool IsLowerBound, double TrainingValue, double SelectionValue)
{
    /// <summary>
    /// The groups that the bound does not speak of, each with the reason in brackets: too few rows, a missing value, a rate that is not defined on the training rows.
    /// They count in neither value. See <see cref="ConstrainedTrainerOptions.MinimumGroupSize"/>.
    /// </summary>
    public IReadOnlyList<string> ExcludedGroups { get; init; } = [];

    /// <summary>By how much the statistic on the rows that chose the epoch misses the bound; 0 where it is kept.</summary>
    public double MissedBy => double.IsNaN(SelectionValue) ? 0 : Math.Max(0, IsLowerBound ? Bound - SelectionValue : SelectionValue - Bound);

    /// <summary>Whether the bound is kept on the rows that chose the epoch. A statistic that is not defined there does not break it.</summary>
    public bool IsMet => MissedBy == 0;

    /// <summary>Whether another summary says the same.</summary>
    /// <param name="other">The other summary.</param>
    /// <returns>Whether all members are equal, excluded groups by name and order.</returns>
    public bool Equals(ConstraintSummary? other) => other is not null
        && (Name, Bound, IsLowerBound, TrainingValue, SelectionValue).Equals((other.Name, other.Bound, other.IsLowerBound, other.TrainingValue, other.SelectionValue))
        && ExcludedGroups.SequenceEqual(other.ExcludedGroups);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Bound, IsLowerBound, TrainingValue, SelectionValue, ExcludedGroups.Count);
}
