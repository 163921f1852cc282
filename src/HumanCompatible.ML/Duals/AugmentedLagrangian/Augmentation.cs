namespace HumanCompatible.ML.Duals;

/// <summary>
/// How <see cref="AugmentedLagrangian"/> augments the Lagrangian of inequality constraints; equalities are the same in both.
/// </summary>
public enum Augmentation
{
    /// <summary>λ'c + (rho/2)·‖q‖², q as <see cref="InequalityPenalty"/> says.</summary>
    Quadratic,

    /// <summary>The Hestenes-Powell-Rockafellar form (1/(2·rho))·(‖[λ + rho·c]₊‖² − ‖λ‖²); needs rho above 0.</summary>
    HestenesPowellRockafellar,
}
