using HumanCompatible.ML.Confidence;

namespace HumanCompatible.ML.Samples.Display;

/// <summary>A verdict in the words of the documents.</summary>
internal static class VerdictText
{
    public static string Of(Verdict verdict) => verdict == Verdict.NotMeasurable ? "not measurable" : $"{verdict}".ToLowerInvariant();
}
