namespace HumanCompatible.ML.Duals;

/// <summary>What the quadratic term squares for a group of inequality constraints c ≤ 0.</summary>
public enum InequalityPenalty
{
    /// <summary>The violation [c]₊ = max(c, 0): a satisfied constraint costs nothing.</summary>
    Violation,

    /// <summary>The constraint c itself: a strictly satisfied constraint is pulled back to the boundary c = 0.</summary>
    Raw,
}
