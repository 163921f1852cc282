using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Persistence;

/// <summary>
/// Whether what a manifest says of its training can have come of one: the outcome, the constraints and the multipliers say many things
/// twice.
/// </summary>
internal static class SummaryCheck
{
    private const int FingerprintLength = 64;

    /// <summary>Adds what contradicts itself in a manifest whose members are valid by themselves.</summary>
    internal static void Check(ModelManifest manifest, List<string> problems)
    {
        CheckOutcome(manifest, new Problems(problems, "summary."));
        var fingerprint = manifest.Origin.DataFingerprint;
        if (fingerprint.Length != FingerprintLength || !fingerprint.All(char.IsAsciiHexDigitLower))
            problems.Add($"origin.dataFingerprint must be {FingerprintLength} hexadecimal digits.");
        FairnessConstraint.ValidateFor([.. manifest.Constraints.Where(one => one is not CustomConstraint)], manifest.Task, problems);
        var multipliers = manifest.Multipliers.ToLookup(one => one.Constraint, one => one.Inequality);
        foreach (var (constraint, summary) in manifest.Constraints.Zip(manifest.Summary.Constraints))
        {
            CheckVerdict(constraint, summary, manifest.Summary, new Problems(problems).For(constraint.Name));
            if (!AreOf(constraint, summary.Groups, [.. multipliers[constraint.Name]], manifest.Labels))
            {
                problems.Add($"{constraint.Name}: multipliers must be those of its inequalities between the groups that "
                    + "summary.constraints names, in their order.");
            }
        }

        var order = manifest.Multipliers.Select(one => one.Constraint).Distinct();
        if (!order.SequenceEqual(manifest.Constraints.Select(one => one.Name)))
            problems.Add("multipliers must be of constraints, in their order.");
    }

    private static void CheckOutcome(ModelManifest manifest, Problems problems)
    {
        var summary = manifest.Summary;
        problems.AtLeast("trainingRows", summary.TrainingRows, 1);
        problems.AtLeast("validationRows", summary.ValidationRows, 1);
        var isRegression = manifest.Task == LearningTask.Regression;
        foreach (var (name, accuracy) in new[]
        {
            ("trainingAccuracy", summary.TrainingAccuracy), ("validationAccuracy", summary.ValidationAccuracy),
            ("bestAccuracy", summary.BestAccuracy), ("majorityAccuracy", summary.MajorityAccuracy),
        })
        {
            problems.Require(!(accuracy > 1 || (accuracy < 0 && !isRegression)), name, accuracy,
                isRegression ? "at most 1" : "from 0 to 1");
        }

        if (summary.ConfidenceLevel is { } level)
        {
            problems.Require(level is > 0.5 and < 1, "confidenceLevel", level, "above 0.5 and below 1");
            problems.AtLeast("safetyRows", summary.SafetyRows, 1);
        }
        else if (summary.SafetyRows != 0)
        {
            problems.Add("safetyRows must be 0 where no confidence was asked for.");
        }

        var names = manifest.Constraints.Select(constraint => constraint.Name).ToHashSet();
        if (summary.Conflicts.SelectMany(conflict => conflict.Constraints).FirstOrDefault(name => !names.Contains(name)) is { } other)
            problems.Add($"conflicts has one of '{other}', which is none of the constraints.");
    }

    private static void CheckVerdict(FairnessConstraint declared, ConstraintSummary constraint, TrainingSummary summary,
        Problems problems)
    {
        var isRight = constraint.Verdict switch
        {
            Verdict.Kept => constraint.Violation == 0,
            Verdict.Missed => constraint.Violation > 0,
            Verdict.Shown => constraint.HoldsWithConfidence == true,
            _ => true,
        };
        if (!isRight)
        {
            problems.Add($"verdict must follow from value and bound, got {constraint.Verdict} for "
                + $"{Problems.Text(constraint.Value)} and {Problems.Text(constraint.Bound)}.");
        }

        problems.AtLeast("rows", constraint.Rows, 0);
        problems.Require(!(constraint.Interval.Lower > constraint.Interval.Upper), "interval.lower", constraint.Interval.Lower,
            "at most interval.upper");
        problems.AtLeast("safetyRowsNeeded", constraint.SafetyRowsNeeded, 1);
        if (constraint.IsOfHeldOutRows && !declared.IsFlatteredByTraining)
            problems.Add("isOfHeldOutRows must be false: training rows do not flatter its statistic.");
        if (constraint.TrainingWeights is { } weights
            && (weights.Count % Math.Max(1, constraint.Groups.Count) > 0 || weights.Count == 0 != (constraint.Groups.Count == 0)))
        {
            problems.Add($"trainingWeights must be of all {constraint.Groups.Count} groups for each statistic, got {weights.Count}.");
        }

        foreach (var weight in constraint.TrainingWeights ?? [])
            problems.Require(weight is >= 0 and <= 1, "trainingWeights", weight, "from 0 to 1");
        if (constraint.TrainingShifts is { } shifts && shifts.Count != constraint.TrainingWeights?.Count)
        {
            problems.Add($"trainingShifts must be as many as trainingWeights, {constraint.TrainingWeights?.Count ?? 0}, got "
                + $"{shifts.Count}.");
        }

        var areRates = declared is not CustomConstraint && declared.Metrics.All(metric => metric.IsRate);
        foreach (var shift in constraint.TrainingShifts ?? [])
        {
            problems.Require(double.IsFinite(shift) && (Math.Abs(shift) <= 1 || !areRates), "trainingShifts", shift,
                areRates ? "from -1 to 1" : "a finite number");
        }

        var isAsked = summary.ConfidenceLevel is not null;
        if (constraint.ConfidenceLimit is null == isAsked || constraint.SafetyValue is null == isAsked
            || (!isAsked && (constraint.SafetyRowsNeeded is not null || constraint.GroupsWithoutSafetyRows.Count > 0)))
        {
            problems.Add("safetyValue and confidenceLimit must be there where a confidence was asked for, and only there.");
        }
    }

    // A few group names ask for very many inequalities: no more of them are made than there are multipliers.
    private static bool AreOf(FairnessConstraint constraint, IReadOnlyList<string> groups, string[] own, TaskLabels labels)
    {
        if (constraint is CustomConstraint)
            return own.Length > 0;
        if (constraint.ClassName is null && constraint.Metrics.Any(metric => metric.IsPerClass) && own.Length < labels.Classes.Count)
            return false;
        try
        {
            return own.SequenceEqual(constraint.Of(labels).Inequalities(groups).Select(inequality => inequality.Name));
        }
        catch (InvalidOperationException)
        {
            return false; // its class or reference group is not there
        }
    }
}
