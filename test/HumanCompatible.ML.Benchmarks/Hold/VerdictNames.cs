using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Benchmarks.Hold;

/// <summary>What training says of its bounds, in a word.</summary>
internal static class VerdictNames
{
    internal const string Shown = "shown";
    internal const string Kept = "kept";
    internal const string Missed = "missed";
    internal const string NotMeasurable = "notMeasurable";

    internal static string Of(TrainingSummary summary)
        => summary.HoldsWithConfidence == true ? Shown : summary.IsFeasible ? Kept : Missed;

    internal static double? ReportedValue(TrainingSummary summary)
        => summary.Constraints[0].ValidationValue is var value && double.IsNaN(value) ? null : value;
}
