namespace HumanCompatible.ML.Duals;

/// <summary>Which coefficient weighs the quadratic term (coefficient/2)·‖q‖² of the augmented Lagrangian.</summary>
public enum PenaltyRule
{
    /// <summary>The fixed number <c>penalty</c> (rho), the same for every group.</summary>
    Fixed,

    /// <summary>The group's current beta, as in the published algorithm (Li, Chen, Liu, Lu, Xu 2021) and in the Python package.</summary>
    Beta,
}
