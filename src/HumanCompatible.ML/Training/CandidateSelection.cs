namespace HumanCompatible.ML.Training;

/// <summary>Which epoch to ship.</summary>
internal static class CandidateSelection
{
    /// <summary>
    /// Whether <paramref name="challenger"/> beats <paramref name="incumbent"/>: one that keeps every bound beats one that does not; among
    /// those that do,
    /// the one that keeps them by more widths of the confidence limits, where a confidence is asked for, then the lower error rate, then
    /// the lower loss; among those that do not,
    /// the lower violation, then as before. A tie keeps the incumbent.
    /// </summary>
    /// <param name="challenger">The later candidate.</param>
    /// <param name="incumbent">The best so far.</param>
    internal static bool IsBetter(in Candidate challenger, in Candidate incumbent)
    {
        var isFeasible = challenger.Violation <= 0;
        if (isFeasible != incumbent.Violation <= 0)
            return isFeasible;
        if (isFeasible && challenger.WidthsKept != incumbent.WidthsKept)
            return challenger.WidthsKept > incumbent.WidthsKept;
        if (!isFeasible && challenger.Violation != incumbent.Violation)
            return challenger.Violation < incumbent.Violation;
        if (challenger.ErrorRate != incumbent.ErrorRate)
            return challenger.ErrorRate < incumbent.ErrorRate;
        return challenger.Loss < incumbent.Loss;
    }
}
