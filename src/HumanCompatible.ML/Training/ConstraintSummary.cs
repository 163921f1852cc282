using System.Globalization;
using System.Text.Json.Serialization;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Groups;

namespace HumanCompatible.ML.Training;

/// <summary>
/// Whether the chosen model keeps a constraint: the verdict on the training rows and the rows that chose the epoch together, the former
/// counting less as far as they flatter it (<see cref="TrainingWeights"/>), or on the latter alone (<see cref="IsOfHeldOutRows"/>), with
/// the values on each of them. Shown, it is by the safety rows.
/// </summary>
public sealed record ConstraintSummary : ConstraintVerdict
{
    // What a training row counts as where that is worth a sentence.
    private const double FewRows = 0.1;

    // What is added to a rate where that is worth a word.
    private const double LeastShift = 0.0005;

    private const string MissedByTraining = "the training rows, which hardly count here, miss the bound";

    [JsonConstructor]
    internal ConstraintSummary(string name, double bound, bool isLowerBound, Verdict verdict, double value, ConfidenceInterval interval,
        int rows, double trainingValue, double validationValue)
        : base(name, bound, isLowerBound, verdict, value, interval, rows)
        => (TrainingValue, ValidationValue) = (trainingValue, validationValue);

    internal ConstraintSummary(ConstraintVerdict verdict, double trainingValue, double validationValue)
        : base(verdict) => (TrainingValue, ValidationValue) = (trainingValue, validationValue);

    /// <summary>
    /// The statistic of the groups of <see cref="ConstraintVerdict.Value"/> on the training rows; NaN where it is not defined.
    /// </summary>
    public double TrainingValue { get; internal init; }

    /// <summary>The same on the rows that chose the epoch; NaN where it is not defined.</summary>
    public double ValidationValue { get; internal init; }

    /// <summary>
    /// Whether the verdict is on the rows that chose the epoch alone, which were held out: so are those on bounds of losses, accuracies,
    /// errors and of any rate that labels and predictions decide together, and on differences of losses, of accuracies and of rates over
    /// predictions (predictive parity), which the training rows flatter. A group of which those rows do not define the statistic cannot be
    /// measured.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsOfHeldOutRows { get; init; }

    /// <summary>The names of the groups that are compared.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>
    /// What a training row counts as in the verdict beside a held-out one, 0 to 1, in each rate: for each statistic of the constraint
    /// (true, then false positive rates of equalized odds; the classes in their order), each of the <see cref="Groups"/>. The less, the
    /// harder the multipliers push the rate, the longer the network is trained and the better it has learned its labels by heart, as parity
    /// is then learned by heart too, and where the held-out rows are further from parity than chance explains; nearly 1 where the training
    /// rows are further; 0 where the held-out rows do not define the rate. Null where no rows are held out, and of a custom constraint.
    /// </summary>
    public IReadOnlyList<double>? TrainingWeights { get; init; }

    /// <summary>
    /// What is added in the verdict to each of these rates, as counted over training rows by <see cref="TrainingWeights"/> and held-out
    /// rows: by how much the training rows are expected to flatter it where the held-out rows do not show it, in the unit of the rate. 0
    /// for a rate that cannot be measured. Null where the weights are, and in models of versions that did not add anything.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? TrainingShifts { get; init; }

    internal override int GroupCount => Groups.Count;

    /// <summary>Whether training rows count for so little in the verdict that it is worth a sentence, but are not left out of it.</summary>
    internal bool TrainingRowsHardlyCount => TrainingWeights?.Max() is > 0 and < FewRows;

    /// <summary>
    /// What is to be said where training rows hardly count, as training went beyond parity, and miss the bound themselves: that it is not
    /// kept. Of 110 such fits to fresh populations that would have been called kept 25 exceeded the bound in the population, of 849 others
    /// 50.
    /// </summary>
    internal ConstraintSummary UnlessMissedByTraining()
        => Verdict == Verdict.Kept && TrainingRowsHardlyCount && (IsLowerBound ? TrainingValue < Bound : TrainingValue > Bound)
            ? this with { Verdict = Verdict.NotMeasurable, NotMeasurableReason = MissedByTraining } : this;

    /// <summary>
    /// The statistic on the safety rows, NaN where it is not defined; null where no
    /// <see cref="Trainers.ConstrainedTrainerOptions.ConfidenceLevel"/> was asked for.
    /// </summary>
    public double? SafetyValue { get; init; }

    /// <summary>
    /// The upper limit (lower where <see cref="ConstraintVerdict.IsLowerBound"/>) of the statistic on unseen data of the same distribution.
    /// It is over the groups of <see cref="ConstraintVerdict.Value"/>, and holds with the confidence asked for, together with the limits of
    /// all other constraints. Infinite or NaN where none can be given; null where no
    /// confidence was asked for.
    /// </summary>
    public double? ConfidenceLimit { get; init; }

    /// <summary>The groups that the verdict speaks of and that have no safety rows behind a rate: nothing is shown then.</summary>
    public IReadOnlyList<ExcludedGroup> GroupsWithoutSafetyRows { get; init; } = [];

    /// <summary>
    /// About how many safety rows would show the bound if the rates stayed what they are on the safety rows; null where it is shown, and
    /// where not even a hundred times as many would: not with this model.
    /// </summary>
    public long? SafetyRowsNeeded { get; init; }

    /// <summary>
    /// By how much <see cref="ConfidenceLimit"/> misses the bound; 0 where it keeps it, null where no confidence was asked for.
    /// </summary>
    public double? ConfidenceViolation => ConfidenceLimit is { } limit ? Math.Max(0, IsLowerBound ? Bound - limit : limit - Bound) : null;

    /// <summary>Whether the bound was shown to hold on unseen data with the confidence asked for; null where none was.</summary>
    public bool? HoldsWithConfidence => ConfidenceViolation is { } violation ? violation == 0 : null;

    // Without held-out rows the value is that of the training rows.
    private protected override string Details => TrainingWeights is null && TrainingValue.Equals(ValidationValue) ? ""
        : $" (training {Text(TrainingValue)}{Counting}{Shifting}, validation {Text(ValidationValue)})";

    /// <summary>What a training row counts as, the least and the most of any rate to two digits; null where that is not known.</summary>
    internal string? RowCountsAs => TrainingWeights is { Count: > 0 } weights ? Range(weights.Min(), weights.Max()) : null;

    // 0 is said in other words.
    private string Counting => IsOfHeldOutRows || RowCountsAs is not { } counting || TrainingWeights!.Min() >= 0.995 ? ""
        : $", a row counting as {counting}";

    private string Shifting => TrainingShifts is { Count: > 0 } shifts && shifts.Max(Math.Abs) is >= LeastShift and var most
        ? $", rates corrected by up to {Text(most)}" : "";

    private static string Range(double least, double most)
    {
        var (from, to) = (OfARow(least), OfARow(most));
        return from == to ? from : $"{from} to {to}";
    }

    /// <summary>A weight of a row, to two digits.</summary>
    internal static string OfARow(double weight) => weight is > 0 and < 0.001 ? "less than 0.001"
        : weight.ToString(weight is > 0 and < 0.1 ? "G2" : "0.0#", CultureInfo.InvariantCulture);

    private protected override string RowsInWords => IsOfHeldOutRows ? "held-out rows" : base.RowsInWords;

    private protected override string HowCounted => Counting.Length == 0 ? "" : ", a training row counting for less";

    private protected override string WhereShown => " by the safety rows";

    /// <summary>A statistic to four places.</summary>
    internal static string Text(double value)
        => double.IsNaN(value) ? "not defined" : value.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>Why the safety rows give no finite limit, in words; null where they give one, and where no confidence was asked for.
    /// </summary>
    [JsonIgnore]
    public string? WhyNoConfidenceLimit => ConfidenceLimit is not { } limit || double.IsFinite(limit) ? null
        : GroupsWithoutSafetyRows.Count > 0
        ? $"there are no safety rows behind a rate of {Some(GroupsWithoutSafetyRows)}"
        : double.IsNaN(Value) ? "there are no two groups with rows to compare" : "the statistic has no limit";

    /// <summary>Whether another summary says the same.</summary>
    /// <param name="other">The other summary.</param>
    /// <returns>Whether all members are equal, groups by name and order.</returns>
    public bool Equals(ConstraintSummary? other) => base.Equals(other)
        && (TrainingValue, ValidationValue, IsOfHeldOutRows, SafetyValue, ConfidenceLimit, SafetyRowsNeeded).Equals(
            (other.TrainingValue, other.ValidationValue, other.IsOfHeldOutRows, other.SafetyValue, other.ConfidenceLimit,
                other.SafetyRowsNeeded))
        && Groups.SequenceEqual(other.Groups) && (TrainingWeights ?? []).SequenceEqual(other.TrainingWeights ?? [])
        && (TrainingWeights is null) == (other.TrainingWeights is null)
        && (TrainingShifts ?? []).SequenceEqual(other.TrainingShifts ?? [])
        && (TrainingShifts is null) == (other.TrainingShifts is null)
        && GroupsWithoutSafetyRows.SequenceEqual(other.GroupsWithoutSafetyRows);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), TrainingValue, ValidationValue);
}
