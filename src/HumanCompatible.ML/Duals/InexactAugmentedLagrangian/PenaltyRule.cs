namespace HumanCompatible.ML.Duals;

/// <summary>Which coefficient weighs the quadratic term (coefficient/2)·‖q‖² of <see cref="InexactAugmentedLagrangian"/>.</summary>
public enum PenaltyRule
{
    /// <summary>The fixed number <see cref="InexactAugmentedLagrangianOptions.Penalty"/>.</summary>
    Fixed,

    /// <summary>The block's present beta, as in the published algorithm (Li, Chen, Liu, Lu, Xu 2021) and in the Python package.</summary>
    Beta,
}
