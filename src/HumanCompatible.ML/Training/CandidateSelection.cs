namespace HumanCompatible.ML.Training;

/// <summary>Which epoch to ship.</summary>
internal static class CandidateSelection
{
    /// <summary>
    /// Whether <paramref name="challenger"/> beats <paramref name="incumbent"/>: one that keeps every bound with the margin beats one that keeps it
    /// without, which beats one that does not; among those that keep it alike the lower error rate wins, then the lower loss; among those that do not,
    /// the lower violation. A tie keeps the incumbent.
    /// </summary>
    /// <param name="challenger">The later candidate.</param>
    /// <param name="incumbent">The best so far.</param>
    /// <param name="margin">How far below its bound every audited value must be to count as safe, in the unit of the bound.</param>
    internal static bool IsBetter(in Candidate challenger, in Candidate incumbent, double margin)
    {
        var tier = Tier(challenger, margin);
        var incumbentTier = Tier(incumbent, margin);
        if (tier != incumbentTier)
            return tier < incumbentTier;
        if (tier == 2 && challenger.Violation != incumbent.Violation)
            return challenger.Violation < incumbent.Violation;
        if (challenger.ErrorRate != incumbent.ErrorRate)
            return challenger.ErrorRate < incumbent.ErrorRate;
        return challenger.Loss < incumbent.Loss;
    }

    /// <summary>The index of the best candidate.</summary>
    /// <exception cref="ArgumentException">There is no candidate.</exception>
    internal static int Best(IReadOnlyList<Candidate> candidates, double margin)
    {
        if (candidates.Count == 0)
            throw new ArgumentException("There is no candidate to choose from.", nameof(candidates));
        var best = 0;
        for (var index = 1; index < candidates.Count; index++)
        {
            if (IsBetter(candidates[index], candidates[best], margin))
                best = index;
        }

        return best;
    }

    private static int Tier(in Candidate candidate, double margin)
        => candidate.Violation <= -margin ? 0 : candidate.Violation <= 0 ? 1 : 2;
}
