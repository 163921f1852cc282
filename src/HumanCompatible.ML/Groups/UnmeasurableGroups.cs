namespace HumanCompatible.ML.Groups;

/// <summary>What is done with groups that have too few rows to tell whether they keep a bound.</summary>
public enum UnmeasurableGroups
{
    /// <summary>
    /// They are held to about what chance alone would bring them apart, which is all that their rows can tell, and named wherever the
    /// bound is spoken of.
    /// </summary>
    Relax,

    /// <summary>
    /// They are held to the bound like any other, whatever it costs in accuracy; a model that keeps every bound on the rows at hand is
    /// preferred to any that does not. With small groups this can end in a constant classifier.
    /// </summary>
    Hold,

    /// <summary>They are left out of the constraint, and named.</summary>
    Exclude,

    /// <summary>Fit fails and names them.</summary>
    Error,
}
