using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Persistence;

/// <summary>The outcome of training as it was written, see <see cref="WrittenObject"/>.</summary>
internal static class WrittenSummary
{
    internal static TrainingSummary Read(WrittenObject json)
    {
        var summary = new TrainingSummary(json.Integer("selectedEpoch"), json.Integer("epochsRun"), json.Integer("trainingRows"),
            json.Integer("validationRows"), json.Flag("isHeldOut"), json.Number("trainingAccuracy"), json.Number("validationAccuracy"),
            json.Number("bestAccuracy"), json.Number("majorityAccuracy"), json.List("constraints", Constraint));
        Verdict? verdict = json.Has("verdict") ? json.Word<Verdict>("verdict") : null;
        summary = summary with
        {
            Warnings = json.Texts("warnings"),
            ConfidenceLevel = json.NumberOrNull("confidenceLevel"),
            SafetyRows = json.Integer("safetyRows"),
        };
        WrittenObject.Require(verdict == summary.Verdict && json.FlagOrNull("holdsWithConfidence") == summary.HoldsWithConfidence);
        return summary with { Conflicts = json.List("conflicts", Conflict) };
    }

    private static ConstraintSummary Constraint(WrittenObject json)
    {
        double trainingValue = json.Number("trainingValue"), validationValue = json.Number("validationValue");
        var isOfHeldOutRows = json.FlagOrNull("isOfHeldOutRows");
        WrittenObject.Require(isOfHeldOutRows is not false);
        var groups = json.Texts("groups");
        var trainingWeights = json.Has("trainingWeights") ? json.Numbers("trainingWeights") : null;
        var trainingShifts = json.Has("trainingShifts") ? json.Numbers("trainingShifts") : null;
        double? safetyValue = json.NumberOrNull("safetyValue"), limit = json.NumberOrNull("confidenceLimit");
        var without = json.List("groupsWithoutSafetyRows", Excluded);
        long? needed = json.Has("safetyRowsNeeded") ? json.Long("safetyRowsNeeded") : null;
        var violation = json.NumberOrNull("confidenceViolation");
        var holds = json.FlagOrNull("holdsWithConfidence");
        var (name, bound, isLowerBound) = (json.Text("name"), json.Number("bound"), json.Flag("isLowerBound"));
        var (verdict, value) = (json.Word<Verdict>("verdict"), json.Number("value"));
        var interval = json.Object("interval", one => new ConfidenceInterval(one.Number("lower"), one.Number("upper")));
        var confidence = json.Number("intervalConfidence");
        var summary = new ConstraintSummary(name, bound, isLowerBound, verdict, value, interval, json.Integer("rows"), trainingValue,
            validationValue)
        {
            IsOfHeldOutRows = isOfHeldOutRows is true,
            Groups = groups,
            TrainingWeights = trainingWeights,
            TrainingShifts = trainingShifts,
            SafetyValue = safetyValue,
            ConfidenceLimit = limit,
            GroupsWithoutSafetyRows = without,
            SafetyRowsNeeded = needed,
            UnmeasurableGroups = json.List("unmeasurableGroups", Unmeasurable),
            ExcludedGroups = json.List("excludedGroups", Excluded),
            UnseenGroups = json.Texts("unseenGroups"),
            WorstInequality = json.TextOrNull("worstInequality"),
        };
        WrittenObject.Require(confidence.Equals(summary.IntervalConfidence) && holds == summary.HoldsWithConfidence
            && violation.Equals(summary.ConfidenceViolation) && json.Number("violation").Equals(summary.Violation));
        return summary;
    }

    private static ExcludedGroup Excluded(WrittenObject json) => new(json.Text("name"), json.Text("reason"),
        json.Has("lacks") ? json.Word<RowQuantity>("lacks") : null, json.TextOrNull("lacksClass"));

    private static UnmeasurableGroup Unmeasurable(WrittenObject json)
    {
        var (group, metric, className) = (json.Text("group"), WrittenManifest.Metric(json.Text("metric")), json.TextOrNull("className"));
        return new(group, metric, json.Integer("rows"), json.Has("rowsNeeded") ? json.Long("rowsNeeded") : null, className);
    }

    private static ConstraintConflict Conflict(WrittenObject json) => new(json.Texts("constraints"), json.Text("reason"));
}
