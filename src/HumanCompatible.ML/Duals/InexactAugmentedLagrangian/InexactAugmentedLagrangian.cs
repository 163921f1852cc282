using static TorchSharp.torch;

namespace HumanCompatible.ML.Duals;

/// <summary>
/// The inexact augmented Lagrangian method (iALM), with dual steps of bounded length. An update of a block does
/// λ ← clamp(λ + min(beta, gamma/‖d‖₂)·d), with d = c, or d = b ← mu·b + (1 − delta)·c where mu is above 0; then
/// beta ← min(sigma·beta, BetaMax) as the growth options say. The Lagrangian is loss + λ'c + (rho/2)·‖q‖².
/// </summary>
/// <remarks>
/// beta is <see cref="InexactAugmentedLagrangianOptions.Beta"/>, gamma <see cref="InexactAugmentedLagrangianOptions.Gamma"/>, mu
/// <see cref="InexactAugmentedLagrangianOptions.Momentum"/>, delta <see cref="InexactAugmentedLagrangianOptions.Dampening"/>, sigma
/// <see cref="InexactAugmentedLagrangianOptions.Sigma"/>, rho <see cref="InexactAugmentedLagrangianOptions.Penalty"/>, or beta under
/// <see cref="InexactAugmentedLagrangianOptions.PenaltyIsBeta"/>; q is c for equalities, and what
/// <see cref="InexactAugmentedLagrangianOptions.PenalizeSlack"/> says for inequalities. The clamp is to
/// <see cref="MultiplierOptions.DualLowerBound"/> and <see cref="MultiplierOptions.DualUpperBound"/>.
/// Source: Z. Li, P.-Y. Chen, S. Liu, S. Lu, Y. Xu, "Rate-improved inexact augmented Lagrangian method for constrained nonconvex
/// optimization" (AISTATS 2021); the stochastic setting: "Stochastic inexact augmented Lagrangian method for nonconvex expectation
/// constrained optimization" (Computational Optimization and Applications 87, 2024).
/// </remarks>
public sealed class InexactAugmentedLagrangian : DualOptimizer
{
    /// <inheritdoc cref="NuPI(int, ConstraintKind, NuPIOptions, ScalarType, Device)"/>
    public InexactAugmentedLagrangian(int count, ConstraintKind kind, InexactAugmentedLagrangianOptions? options = null,
        ScalarType dtype = ScalarType.Float32, Device? device = null)
        : base(dtype, device) => Add(FirstBlockName, count, kind, options ?? new());

    internal InexactAugmentedLagrangian(ScalarType dtype, Device? device)
        : base(dtype, device)
    {
    }

    /// <inheritdoc cref="NuPI.AddConstraintGroup"/>
    public ConstraintBlock AddConstraintGroup(
        string name, int count, ConstraintKind kind, InexactAugmentedLagrangianOptions? options = null)
        => Add(name, count, kind, options ?? new());
}
