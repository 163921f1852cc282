using System.Text.Json.Serialization;

namespace HumanCompatible.ML.Training;

/// <summary>Whether the chosen model keeps a constraint, and by how much not.</summary>
public sealed record ConstraintSummary
{
    [JsonConstructor]
    internal ConstraintSummary(string name, double bound, bool isLowerBound, double trainingValue, double validationValue)
        => (Name, Bound, IsLowerBound, TrainingValue, ValidationValue) = (name, bound, isLowerBound, trainingValue, validationValue);

    /// <summary>The name of the constraint.</summary>
    public string Name { get; internal init; }

    /// <summary>The declared bound.</summary>
    public double Bound { get; internal init; }

    /// <summary>Whether the statistic must be at least the bound (a ratio); otherwise at most.</summary>
    public bool IsLowerBound { get; internal init; }

    /// <summary>The audited statistic of the exact predictions on the training rows; NaN where it is not defined.</summary>
    public double TrainingValue { get; internal init; }

    /// <summary>The same on the rows that chose the epoch; NaN where it is not defined.</summary>
    public double ValidationValue { get; internal init; }

    /// <summary>
    /// The groups that are excluded from the constraint, each with the reason in brackets: too few rows, a missing value, a rate that is
    /// not defined on the training rows. They count in neither value. See <see cref="Trainers.ConstrainedTrainerOptions.Groups"/>.
    /// </summary>
    public IReadOnlyList<string> ExcludedGroups { get; init; } = [];

    /// <summary>By how much the statistic on the rows that chose the epoch misses the bound; 0 where it is kept.</summary>
    public double Violation => double.IsNaN(ValidationValue) ? 0 : ViolationOf(ValidationValue);

    /// <summary>
    /// Whether the bound is kept on the rows that chose the epoch. A statistic that is not defined there does not break it.
    /// </summary>
    public bool IsMet => Violation == 0;

    /// <summary>
    /// Which inequality of the constraint misses the bound by the most on the rows that chose the epoch, as
    /// <see cref="Multiplier.Inequality"/>
    /// names it, such as <c>DemographicParity(Sex): Male - Female &lt;= 0.05</c>; null where the bound is kept.
    /// </summary>
    public string? WorstInequality { get; init; }

    /// <summary>
    /// The statistic on the safety rows, NaN where it is not defined; null where no
    /// <see cref="Trainers.ConstrainedTrainerOptions.ConfidenceLevel"/> was asked for.
    /// </summary>
    public double? SafetyValue { get; init; }

    /// <summary>
    /// The upper limit (lower where <see cref="IsLowerBound"/>) of the statistic on unseen data of the same distribution. It holds with the
    /// confidence asked for, together with the limits of all other constraints. Infinite or NaN where none can be given; null where no
    /// confidence was asked for.
    /// </summary>
    public double? ConfidenceLimit { get; init; }

    /// <summary>
    /// About how many safety rows would show the bound if the rates stayed what they are on the safety rows; null where it is shown, and
    /// where no number would show it.
    /// </summary>
    public long? SafetyRowsNeeded { get; init; }

    /// <summary>
    /// By how much <see cref="ConfidenceLimit"/> misses the bound; 0 where it keeps it, null where no confidence was asked for.
    /// </summary>
    public double? ConfidenceViolation => ConfidenceLimit is { } limit ? ViolationOf(limit) : null;

    /// <summary>Whether the bound was shown to hold on unseen data with the confidence asked for; null where none was.</summary>
    public bool? HoldsWithConfidence => ConfidenceViolation is { } violation ? violation == 0 : null;

    /// <summary>Whether another summary says the same.</summary>
    /// <param name="other">The other summary.</param>
    /// <returns>Whether all members are equal, excluded groups by name and order.</returns>
    public bool Equals(ConstraintSummary? other) => other is not null
        && (Name, Bound, IsLowerBound, TrainingValue, ValidationValue)
            .Equals((other.Name, other.Bound, other.IsLowerBound, other.TrainingValue, other.ValidationValue))
        && (WorstInequality, SafetyValue, ConfidenceLimit, SafetyRowsNeeded)
            .Equals((other.WorstInequality, other.SafetyValue, other.ConfidenceLimit, other.SafetyRowsNeeded))
        && ExcludedGroups.SequenceEqual(other.ExcludedGroups);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Bound, IsLowerBound, TrainingValue, ValidationValue, ExcludedGroups.Count);

    /// <summary>The members and their values, with the numbers of the invariant culture.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => RecordText.Of(this, PrintMembers);

    private double ViolationOf(double value) => Math.Max(0, IsLowerBound ? Bound - value : value - Bound);
}
