namespace HumanCompatible.ML.Constraints;

/// <summary>How the statistics of two groups are compared.</summary>
public enum GroupComparison
{
    /// <summary>By their difference, which must be at most the bound.</summary>
    Difference,

    /// <summary>
    /// By the smaller divided by the larger, which must be at least the bound (0.8 is the four-fifths rule). Two zeros count as equal: 1.
    /// </summary>
    Ratio,
}
