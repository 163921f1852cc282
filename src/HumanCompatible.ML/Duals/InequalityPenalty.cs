namespace HumanCompatible.ML.Duals;

/// <summary>What the quadratic term (coefficient/2)·‖q‖² squares for inequalities c ≤ 0; equalities have q = c.</summary>
public enum InequalityPenalty
{
    /// <summary>The violation, q = [c]₊ = max(c, 0): a satisfied constraint costs nothing.</summary>
    Violation,

    /// <summary>The constraint itself, q = c: a strictly satisfied constraint is pulled back to the boundary c = 0.</summary>
    Raw,
}
