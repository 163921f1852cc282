namespace HumanCompatible.ML.Training;

/// <summary>
/// Which epoch to ship. Of those that leave the fewest inequalities undefined (and, where the bounds are held whatever they cost, have
/// the smallest <see cref="Evaluation.Excess"/>), one whose <see cref="Evaluation.Objective"/> is within one
/// <see cref="Evaluation.StandardError"/> of the smallest so far, as Breiman, Friedman, Olshen and Stone (1984, section 3.4.3) have it: the
/// rows cannot tell which of these errs least. Among them, a nearly constant one only where all are, the one of the smallest loss plus
/// excess, which they tell better.
/// </summary>
internal sealed class CandidateSelection
{
    private double _least;

    /// <param name="best">The best candidate of the training that is gone on with; null where there is none.</param>
    /// <param name="gap">Its <see cref="Gap"/>.</param>
    internal CandidateSelection(Evaluation? best = null, double gap = 0)
        => (Best, _least) = (best, best is null ? double.PositiveInfinity : best.Objective - gap);

    /// <summary>The best candidate so far.</summary>
    internal Evaluation? Best { get; private set; }

    /// <summary>By how much its objective is above the smallest so far: what a later candidate is compared with.</summary>
    internal double Gap => Best?.Objective > _least ? Best.Objective - _least : 0;

    /// <summary>Makes a later candidate the best one where it is. A tie keeps the best.</summary>
    /// <param name="challenger">The candidate, measured on the same rows.</param>
    /// <returns>Whether it is the best one now.</returns>
    internal bool Takes(Evaluation challenger)
    {
        var order = Best is null ? -1 : Rank(challenger).CompareTo(Rank(Best));
        if (order > 0)
            return false;
        _least = order < 0 ? challenger.Objective : Math.Min(_least, challenger.Objective);
        if (order == 0 && (!IsWithin(challenger) || (IsWithin(Best!) && Preference(challenger).CompareTo(Preference(Best!)) >= 0)))
            return false;
        Best = challenger;
        return true;
    }

    private bool IsWithin(Evaluation candidate) => candidate.Objective <= _least + candidate.StandardError;

    private static (int, double) Rank(Evaluation candidate)
        => (candidate.UndefinedCount, candidate.HoldsAll ? candidate.Excess : 0);

    private static (bool, double, double) Preference(Evaluation candidate)
        => (candidate.IsNearlyConstant, candidate.Loss + candidate.Excess, candidate.Objective);
}
