namespace HumanCompatible.ML.Confidence;

/// <summary>What may be said of a bound, from the least to the most.</summary>
public enum Verdict
{
    /// <summary>
    /// Fewer than two groups can be compared (or none can be bounded): the others have no rows behind a rate, or too few to tell the bound.
    /// </summary>
    NotMeasurable,

    /// <summary>The value is over the bound.</summary>
    Missed,

    /// <summary>
    /// The value, over the groups that can be measured, is within the bound; its interval says what that is worth on new data.
    /// </summary>
    Kept,

    /// <summary>A one-sided confidence limit on rows that chose nothing is within the bound, over all groups.</summary>
    Shown,
}
