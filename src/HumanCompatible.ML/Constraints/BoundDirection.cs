namespace HumanCompatible.ML.Constraints;

/// <summary>The side of a bound on which a rate must stay.</summary>
public enum BoundDirection
{
    /// <summary>The rate must be at most the bound.</summary>
    AtMost,

    /// <summary>The rate must be at least the bound.</summary>
    AtLeast,
}
