namespace HumanCompatible.ML.Duals;

/// <summary>
/// How <see cref="AugmentedLagrangian"/> augments the Lagrangian of inequalities; equalities are the same in both.
/// </summary>
public enum Augmentation
{
    /// <summary>λ'c + (rho/2)·‖q‖², q as <see cref="AugmentedLagrangianOptions.InequalityPenalty"/> says.</summary>
    Quadratic,

    /// <summary>
    /// (1/(2·rho))·(‖[λ + rho·c]₊‖² − ‖λ‖²), the form of Hestenes, Powell and Rockafellar; needs rho above 0. The constraint that an
    /// update averages is ([λ + rho·c]₊ − λ)/rho.
    /// </summary>
    HestenesPowellRockafellar,
}
