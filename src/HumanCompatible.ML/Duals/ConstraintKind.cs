namespace HumanCompatible.ML.Duals;

/// <summary>When a constraint c is satisfied.</summary>
public enum ConstraintKind
{
    /// <summary>c ≤ 0. The multiplier is never negative.</summary>
    Inequality,

    /// <summary>c = 0. The multiplier has any sign.</summary>
    Equality,
}
