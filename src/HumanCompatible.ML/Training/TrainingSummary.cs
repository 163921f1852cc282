using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Training;

/// <summary>The outcome of training in short.</summary>
public sealed record TrainingSummary
{
    private const string ThresholdChanged = "The decision threshold was changed to ";

    [JsonConstructor]
    internal TrainingSummary(int selectedEpoch, int epochsRun, int trainingRows, int validationRows,
        bool isHeldOut, double trainingAccuracy, double validationAccuracy, double bestAccuracy, double majorityAccuracy,
        IReadOnlyList<ConstraintSummary> constraints)
        => (SelectedEpoch, EpochsRun, TrainingRows, ValidationRows, IsHeldOut, TrainingAccuracy, ValidationAccuracy, BestAccuracy,
            MajorityAccuracy, Constraints) = (selectedEpoch, epochsRun, trainingRows, validationRows, isHeldOut, trainingAccuracy,
            validationAccuracy, bestAccuracy, majorityAccuracy, constraints);

    /// <summary>The epoch whose weights the model has, from 1.</summary>
    public int SelectedEpoch { get; internal init; }

    /// <summary>How many epochs were run.</summary>
    public int EpochsRun { get; internal init; }

    /// <summary>The rows that were trained on.</summary>
    public int TrainingRows { get; internal init; }

    /// <summary>The rows that chose the epoch.</summary>
    public int ValidationRows { get; internal init; }

    /// <summary>Whether those rows were kept out of training. When not, the values on them promise little for unseen data.</summary>
    public bool IsHeldOut { get; internal init; }

    /// <summary>
    /// The accuracy on the training rows, the share that is predicted correctly, 0 to 1; of a regression R squared, 1 - mean squared error
    /// / variance of the labels. NaN where training without constraints was canceled before it was measured.
    /// </summary>
    public double TrainingAccuracy { get; internal init; }

    /// <summary>The accuracy (R squared) on the rows that chose the epoch.</summary>
    public double ValidationAccuracy { get; internal init; }

    /// <summary>
    /// The best accuracy (R squared) on the same rows of any candidate, whatever the bounds: what they cost is the difference. A network
    /// trained without them may do better still.
    /// </summary>
    public double BestAccuracy { get; internal init; }

    /// <summary>
    /// The accuracy on the same rows of predicting the most frequent class for every row; of a regression 0, that of predicting the mean.
    /// </summary>
    public double MajorityAccuracy { get; internal init; }

    /// <summary>What was learned; a model file says it elsewhere.</summary>
    [JsonIgnore]
    internal LearningTask Task { get; init; }

    /// <summary>One entry per declared constraint, in their order.</summary>
    public IReadOnlyList<ConstraintSummary> Constraints { get; internal init; }

    /// <summary>
    /// What may be said of all bounds together: <see cref="Verdict.Missed"/> where one is missed, else
    /// <see cref="Verdict.NotMeasurable"/> where one cannot be measured, else the lesser of the others. Null without constraints.
    /// </summary>
    public Verdict? Verdict => Constraints.Count == 0 ? null
        : Constraints.Any(constraint => constraint.Verdict == Confidence.Verdict.Missed) ? Confidence.Verdict.Missed
        : Constraints.Min(constraint => constraint.Verdict);

    /// <summary>What the log warned of, each a sentence; the verdicts are in <see cref="Constraints"/>.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>
    /// The confidence that was asked for (<see cref="Trainers.ConstrainedTrainerOptions.ConfidenceLevel"/>); null where none was.
    /// </summary>
    public double? ConfidenceLevel { get; init; }

    /// <summary>
    /// The rows that tested the chosen model, neither trained on nor used to choose it; 0 where no confidence was asked for.
    /// </summary>
    public int SafetyRows { get; init; }

    /// <summary>Whether all bounds together were shown to hold on unseen data with the confidence asked for; null where none was.</summary>
    public bool? HoldsWithConfidence => ConfidenceLevel is null
        ? null : Constraints.All(constraint => constraint.HoldsWithConfidence == true);

    /// <summary>Which constraints no epoch kept together on the rows that choose it; empty where some epoch kept all.</summary>
    public IReadOnlyList<ConstraintConflict> Conflicts { get; init; } = [];

    /// <summary>
    /// What is left of the summary where the model decides by another threshold: it was measured at the old one. No bound is called kept
    /// or missed any more, nothing holds with a confidence, and a warning says why.
    /// </summary>
    internal TrainingSummary AtThreshold(float threshold)
    {
        return this with
        {
            Constraints =
            [
                .. Constraints.Select(constraint => constraint with
                {
                    Verdict = Confidence.Verdict.NotMeasurable,
                    SafetyValue = null,
                    ConfidenceLimit = null,
                    SafetyRowsNeeded = null,
                    GroupsWithoutSafetyRows = [],
                }),
            ],
            ConfidenceLevel = null,
            SafetyRows = 0,
            Conflicts = [],
            Warnings = [.. Warnings.Where(old => !IsOfThreshold(old)), ThresholdWarning(threshold)],
        };
    }

    /// <summary>Whether the summary is of a threshold: the last that it was changed to, or 0, by which training decides.</summary>
    internal bool IsOf(float threshold)
        => Warnings.FirstOrDefault(IsOfThreshold) is { } last ? last == ThresholdWarning(threshold) : threshold == 0;

    private static bool IsOfThreshold(string warning) => warning.StartsWith(ThresholdChanged, StringComparison.Ordinal);

    private static string ThresholdWarning(float threshold) => string.Create(CultureInfo.InvariantCulture, $"{ThresholdChanged}{threshold} "
        + $"after training: accuracies and statistics are those of the old one, and no bound is measurable until scored data is audited.");

    /// <summary>Whether another summary says the same.</summary>
    /// <param name="other">The other summary.</param>
    /// <returns>Whether all members are equal, those of lists by their order.</returns>
    public bool Equals(TrainingSummary? other) => other is not null
        && (SelectedEpoch, EpochsRun, TrainingRows, ValidationRows, IsHeldOut, Task, ConfidenceLevel, SafetyRows).Equals(
            (other.SelectedEpoch, other.EpochsRun, other.TrainingRows, other.ValidationRows, other.IsHeldOut, other.Task,
                other.ConfidenceLevel, other.SafetyRows))
        && (TrainingAccuracy, ValidationAccuracy, BestAccuracy, MajorityAccuracy).Equals(
            (other.TrainingAccuracy, other.ValidationAccuracy, other.BestAccuracy, other.MajorityAccuracy))
        && Constraints.SequenceEqual(other.Constraints) && Warnings.SequenceEqual(other.Warnings)
        && Conflicts.SequenceEqual(other.Conflicts);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(SelectedEpoch, EpochsRun, TrainingRows, TrainingAccuracy, ValidationAccuracy);

    /// <summary>The summary as text: accuracies, a line per constraint, and one per confidence limit, conflict and warning.</summary>
    public override string ToString()
    {
        var rows = IsHeldOut ? "held-out" : "training";
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture,
            $"epoch {SelectedEpoch} of {EpochsRun}: {AccuracyName(Task)} {ValidationAccuracy:0.0000} on {ValidationRows} {rows} rows ")
            .Append(CultureInfo.InvariantCulture, $"({Constantly} {MajorityAccuracy:0.0000}");
        if (Constraints.Count > 0)
            text.Append(CultureInfo.InvariantCulture, $", best of any epoch {BestAccuracy:0.0000}");
        text.Append(')');
        foreach (var constraint in Constraints)
        {
            text.AppendLine().Append(constraint);
            if (constraint.ConfidenceLimit is not null)
                text.AppendLine().Append(CultureInfo.InvariantCulture, $"{constraint.Name}: {ConfidenceOf(constraint)}");
        }

        foreach (var conflict in Conflicts)
            text.AppendLine().Append(conflict);
        foreach (var warning in Warnings)
            text.AppendLine().Append("warning: ").Append(warning);
        return text.ToString();
    }

    /// <summary>What the accuracy of a task is called.</summary>
    internal static string AccuracyName(LearningTask task) => task == LearningTask.Regression ? "R squared" : "accuracy";

    private string Constantly => Task == LearningTask.Regression ? "predicting the mean" : "majority class";

    /// <summary>What was shown of a constraint with the confidence asked for, as a sentence without its name.</summary>
    internal string ConfidenceOf(ConstraintSummary constraint)
    {
        var level = $"with {ConstraintVerdict.Percent(ConfidenceLevel.GetValueOrDefault())} confidence";
        if (constraint.ConfidenceLimit is not { } limit || !double.IsFinite(limit))
        {
            return string.Create(CultureInfo.InvariantCulture,
                $"{level} nothing is known of unseen data ({SafetyRows} safety rows): bound {constraint.Bound:0.0000} not shown, for "
                + $"{constraint.WhyNoConfidenceLimit}");
        }

        var isOverAll = constraint.UnmeasurableGroups.Count == 0 || constraint.Verdict == Confidence.Verdict.NotMeasurable;
        var without = isOverAll ? "" : ", over the groups with enough rows to tell";
        var claim = string.Create(CultureInfo.InvariantCulture,
            $"{level} {(constraint.IsLowerBound ? "at least" : "at most")} {limit:0.0000} on unseen data ({SafetyRows} safety rows{without}"
            + $"): bound {constraint.Bound:0.0000} ");
        if (constraint.HoldsWithConfidence == true)
            return claim + "shown";
        var rows = constraint.SafetyRowsNeeded is { } needed
            ? string.Create(CultureInfo.InvariantCulture, $"about {needed} safety rows would be needed")
            : string.Create(CultureInfo.InvariantCulture,
                $"not with this model, whose value on the safety rows is {(double.IsNaN(constraint.SafetyValue ?? double.NaN)
                    ? "not defined" : constraint.SafetyValue!.Value.ToString("0.0000", CultureInfo.InvariantCulture))}");
        return claim + string.Create(CultureInfo.InvariantCulture, $"not shown, missed by {constraint.ConfidenceViolation:0.0000}; {rows}");
    }
}
