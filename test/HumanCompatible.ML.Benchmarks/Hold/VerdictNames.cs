using System.Text.Json;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Benchmarks.Hold;

/// <summary>What training says of its bounds, in the words of JSON.</summary>
internal static class VerdictNames
{
    internal static readonly string Shown = NameOf(Verdict.Shown);
    internal static readonly string Kept = NameOf(Verdict.Kept);
    internal static readonly string Missed = NameOf(Verdict.Missed);
    internal static readonly string NotMeasurable = NameOf(Verdict.NotMeasurable);

    internal static string Of(TrainingSummary summary) => NameOf(summary.Verdict!.Value);

    internal static double? ReportedValue(TrainingSummary summary) => Defined(summary.Constraints[0].Value);

    internal static double? IntervalEnd(TrainingSummary summary)
        => Defined(summary.Constraints[0] is { IsLowerBound: true } ratio ? ratio.Interval.Lower : summary.Constraints[0].Interval.Upper);

    private static double? Defined(double value) => double.IsFinite(value) ? value : null;

    private static string NameOf(Verdict verdict) => JsonNamingPolicy.CamelCase.ConvertName(verdict.ToString());
}
