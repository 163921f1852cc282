using HumanCompatible.ML.Confidence;

namespace HumanCompatible.ML.Samples.Display;

/// <summary>A verdict in the words of the documents.</summary>
internal static class VerdictText
{
    public static string Of(Verdict verdict) => verdict == Verdict.NotMeasurable ? "not measurable" : $"{verdict}".ToLowerInvariant();

    /// <summary>The verdict, and of how many groups it speaks where these are not all.</summary>
    public static string Of(ConstraintVerdict verdict) => $"{Of(verdict.Verdict)} {verdict.OfHowMany}".TrimEnd();
}
