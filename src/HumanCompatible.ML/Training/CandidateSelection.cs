namespace HumanCompatible.ML.Training;

/// <summary>Which epoch to ship.</summary>
internal static class CandidateSelection
{
    /// <summary>
    /// Whether <paramref name="challenger"/> beats <paramref name="best"/>: one that leaves fewer inequalities undefined does, then the
    /// one of the smaller <see cref="Evaluation.Objective"/>, then of the smaller loss. A tie keeps the best.
    /// </summary>
    /// <param name="challenger">The later candidate.</param>
    /// <param name="best">The best so far, on the same rows.</param>
    internal static bool IsBetter(Evaluation challenger, Evaluation best)
        => (challenger.UndefinedCount, challenger.Objective, challenger.Loss)
            .CompareTo((best.UndefinedCount, best.Objective, best.Loss)) < 0;
}
