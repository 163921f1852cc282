namespace HumanCompatible.ML.Training;

/// <summary>Which epoch to ship.</summary>
internal static class CandidateSelection
{
    /// <summary>
    /// Whether <paramref name="challenger"/> beats <paramref name="best"/>. One that keeps every bound beats one that does not. Between
    /// two that do, the margin in widths of the confidence limits decides, then the accuracy, then the loss; between two that do not, the
    /// violation, then the accuracy, then the loss. A tie keeps the best.
    /// </summary>
    /// <param name="challenger">The later candidate, on the rows that choose the epoch.</param>
    /// <param name="best">The best so far, on the same rows.</param>
    internal static bool IsBetter(Evaluation challenger, Evaluation best)
    {
        var isFeasible = challenger.Violation <= 0;
        if (isFeasible != best.Violation <= 0)
            return isFeasible;
        if (isFeasible && challenger.MarginInWidths != best.MarginInWidths)
            return challenger.MarginInWidths > best.MarginInWidths;
        if (!isFeasible && challenger.Violation != best.Violation)
            return challenger.Violation < best.Violation;
        if (challenger.Accuracy != best.Accuracy)
            return challenger.Accuracy > best.Accuracy;
        return challenger.Loss < best.Loss;
    }
}
