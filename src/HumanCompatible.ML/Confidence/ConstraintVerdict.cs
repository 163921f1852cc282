using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using HumanCompatible.ML.Groups;

namespace HumanCompatible.ML.Confidence;

/// <summary>What may be said of a constraint on some rows.</summary>
public record ConstraintVerdict
{
    // Of each kind of group in a line.
    private const int MostNamed = 5;

    // Letters.
    private const int LongestName = 160;

    [JsonConstructor]
    internal ConstraintVerdict(string name, double bound, bool isLowerBound, Verdict verdict, double value, ConfidenceInterval interval,
        int rows)
        => (Name, Bound, IsLowerBound, Verdict, Value, Interval, Rows) = (name, bound, isLowerBound, verdict, value, interval, rows);

    /// <summary>The name of the constraint.</summary>
    public string Name { get; internal init; }

    /// <summary>The declared bound.</summary>
    public double Bound { get; internal init; }

    /// <summary>Whether the statistic must be at least the bound (a ratio); otherwise at most.</summary>
    public bool IsLowerBound { get; internal init; }

    /// <summary>What may be said of it.</summary>
    public Verdict Verdict { get; internal init; }

    /// <summary>
    /// The statistic over the groups that can be measured; where they are too few to be compared, over all groups that define it. NaN
    /// where it is not defined.
    /// </summary>
    public double Value { get; internal init; }

    /// <summary>
    /// The limits of the statistic of the same groups on other rows of the same distribution. They are one-sided: each by itself holds
    /// with <see cref="IntervalConfidence"/>, about. NaN where none can be given.
    /// </summary>
    public ConfidenceInterval Interval { get; internal init; }

    /// <summary>
    /// The confidence of each end of <see cref="Interval"/> by itself, 0.95 but in experiments; both ends together have that of a two-sided
    /// interval of 2 c - 1, 0.90.
    /// </summary>
    public double IntervalConfidence { get; internal init; } = 1 - HoldingRule.Tail;

    /// <summary>The rows that the rates of these groups are counted over; of weighted rows the effective number.</summary>
    public int Rows { get; internal init; }

    /// <summary>The groups that cannot be measured. Where others can, the verdict is over those.</summary>
    public IReadOnlyList<UnmeasurableGroup> UnmeasurableGroups { get; init; } = [];

    /// <summary>The groups that the constraint leaves out: too few rows, a missing value, a rate without rows to count.</summary>
    public IReadOnlyList<ExcludedGroup> ExcludedGroups { get; init; } = [];

    /// <summary>The groups that the training of the model did not see, where the model is known.</summary>
    public IReadOnlyList<string> UnseenGroups { get; init; } = [];

    /// <summary>
    /// Which inequality misses the bound by the most, such as <c>DemographicParity(Sex): Male - Female &lt;= 0.05</c>; null where the value
    /// is within the bound or not defined.
    /// </summary>
    public string? WorstInequality { get; init; }

    /// <summary>
    /// Why it is <see cref="Verdict.NotMeasurable"/> where not the number of rows is to blame: an audit cannot compute a custom
    /// constraint, nor a loss without probabilities, training holds out no rows, or the safety rows miss the bound, or the training rows
    /// where these hardly count. Null otherwise.
    /// </summary>
    [JsonInclude, JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NotMeasurableReason { get; internal init; }

    /// <summary>How many groups are compared, those that cannot be measured included; 0 where none are.</summary>
    internal virtual int GroupCount { get; init; }

    /// <summary>
    /// Of how many groups it says that they keep the bound, such as <c>for 2 of 3 groups</c>, the others having a rate that cannot be
    /// measured, or without which classes, such as <c>but for rates of 2 classes</c>; null where it says so of all groups or of none.
    /// </summary>
    [JsonIgnore]
    public string? OfHowMany
    {
        get
        {
            if (!IsWithinBound || UnmeasurableGroups.Count == 0)
                return null;
            string[] classes = [.. UnmeasurableGroups.Select(group => group.ClassName).OfType<string>().Distinct()];
            if (classes.Length > 0)
            {
                return classes.Length == 1 ? $"but for rates of class {ShownName.Of($"'{classes[0]}'", LongestName)}"
                    : string.Create(CultureInfo.InvariantCulture, $"but for rates of {classes.Length} classes");
            }

            var few = UnmeasurableGroups.Select(group => group.Group).Distinct().Count();
            return GroupCount <= few ? null
                : string.Create(CultureInfo.InvariantCulture, $"for {GroupCount - few} of {GroupCount} groups");
        }
    }

    /// <summary>By how much the value misses the bound; 0 where it is within it, NaN where it is not defined.</summary>
    public double Violation => Math.Max(0, IsLowerBound ? Bound - Value : Value - Bound);

    /// <summary>Why the verdict does not speak of a group, or not of all its rates.</summary>
    /// <param name="group">The name of the group.</param>
    /// <returns>The reasons, such as <c>95 positive rows, about 670 needed</c>; null where it speaks of the group.</returns>
    public string? WhyWithout(string group)
    {
        string[] reasons = [.. ExcludedGroups.Where(one => one.Name == group).Select(one => one.Reason)
            .Concat(UnmeasurableGroups.Where(one => one.Group == group).Select(one => one.Reason)).Distinct()];
        return reasons.Length == 0 ? null : string.Join("; ", reasons);
    }

    /// <summary>Whether the verdict is <see cref="Verdict.Kept"/> or <see cref="Verdict.Shown"/>.</summary>
    internal bool IsWithinBound => Verdict is Verdict.Kept or Verdict.Shown;

    /// <summary>Whether another verdict says the same.</summary>
    /// <param name="other">The other verdict.</param>
    /// <returns>Whether all members are equal, groups by their order.</returns>
    public virtual bool Equals(ConstraintVerdict? other) => other is not null && EqualityContract == other.EqualityContract
        && (Name, Bound, IsLowerBound, Verdict, Value, Interval, Rows)
            .Equals((other.Name, other.Bound, other.IsLowerBound, other.Verdict, other.Value, other.Interval, other.Rows))
        && (IntervalConfidence, GroupCount, WorstInequality, NotMeasurableReason)
            .Equals((other.IntervalConfidence, other.GroupCount, other.WorstInequality, other.NotMeasurableReason))
        && UnmeasurableGroups.SequenceEqual(other.UnmeasurableGroups)
        && ExcludedGroups.SequenceEqual(other.ExcludedGroups)
        && UnseenGroups.SequenceEqual(other.UnseenGroups);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Bound, Verdict, Value, Rows, ExcludedGroups.Count);

    /// <summary>
    /// The verdict as one line: value, interval, rows, bound, what may be said, and which groups are not in it, at most five of each kind
    /// by name.
    /// </summary>
    public sealed override string ToString()
    {
        var text = new StringBuilder($"{ShownName.Of(Name, LongestName)}: ");
        if (double.IsNaN(Value))
            text.Append("not defined");
        else
            text.Append(CultureInfo.InvariantCulture, $"{Value:0.0000}{Limits()} on {Rows} {RowsInWords}");
        text.Append(Details);
        text.Append(CultureInfo.InvariantCulture, $", bound {Figure(Bound)}: {Word}");
        if (UnmeasurableGroups.Count > 0)
            text.Append($"; too few {RowsInWords} to tell{HowCounted}: {Some(UnmeasurableGroups)}");
        if (ExcludedGroups.Count > 0)
            text.Append($"; left out: {Some(ExcludedGroups)}");
        if (UnseenGroups.Count > 0)
            text.Append($"; not seen in training: {Some(UnseenGroups)}");
        return text.ToString();
    }

    /// <summary>What a kind of verdict says beside the value, with a leading blank.</summary>
    private protected virtual string Details => "";

    /// <summary>What the rows that the verdict is on are called.</summary>
    private protected virtual string RowsInWords => "rows";

    /// <summary>Where rows do not count as one each, that they do not, with a leading comma.</summary>
    private protected virtual string HowCounted => "";

    /// <summary>On which rows it was shown, where they are not those of the value, with a leading blank.</summary>
    private protected virtual string WhereShown => "";

    private string Word => Verdict switch
    {
        Verdict.Shown => "shown" + After(OfHowMany) + WhereShown,
        Verdict.Kept => "kept" + After(OfHowMany),
        Verdict.Missed => string.Create(CultureInfo.InvariantCulture, $"missed by {Figure(Violation)}{WhereMissed}"),
        _ => NotMeasurableReason is { } reason ? $"not measurable ({reason})" : "not measurable",
    };

    // To four places, and what is less than they show to its first digit.
    private static string Figure(double value)
        => value.ToString(Math.Abs(value) is > 0 and < 0.00005 ? "G1" : "0.0000", CultureInfo.InvariantCulture);

    /// <summary>A confidence in percent, to two places, or as many as tell it from certainty.</summary>
    internal static string Percent(double level)
        => (level * 100).ToString(level < 0.9999 ? "0.##" : "0.##########", CultureInfo.InvariantCulture) + "%";

    private static string After(string? words) => words is null ? "" : " " + words;

    // The inequality without the name of the constraint, which the line begins with.
    private string WhereMissed => WorstInequality is not { } inequality ? ""
        : ", the most by " + ShownName.Of(
            inequality.StartsWith(Name + ": ", StringComparison.Ordinal) ? inequality[(Name.Length + 2)..] : inequality, LongestName);

    private protected static string Some<T>(IReadOnlyList<T> groups)
        => string.Join("; ", groups.Take(MostNamed).Select(group => ShownName.Of($"{group}", LongestName)))
        + (groups.Count > MostNamed ? string.Create(CultureInfo.InvariantCulture, $"; and {groups.Count - MostNamed} more") : "");

    private string Limits() => Interval == ConfidenceInterval.Undefined ? ""
        : string.Create(CultureInfo.InvariantCulture,
            $" [{Interval.Lower:0.0000}, {Interval.Upper:0.0000}; each end {Percent(IntervalConfidence)}]");
}
