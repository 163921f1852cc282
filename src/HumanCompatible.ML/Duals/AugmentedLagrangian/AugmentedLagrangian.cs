using static TorchSharp.torch;

namespace HumanCompatible.ML.Duals;

/// <summary>
/// The augmented Lagrangian method (ALM): λ ← clamp(λ + eta·d), with d = c, or d = b ← mu·b + (1 − delta)·c where mu is above 0.
/// The Lagrangian is loss + λ'c + (rho/2)·‖q‖², or that of Hestenes, Powell and Rockafellar.
/// </summary>
/// <remarks>
/// eta is <see cref="AugmentedLagrangianOptions.LearningRate"/>, mu <see cref="AugmentedLagrangianOptions.Momentum"/>, delta
/// <see cref="AugmentedLagrangianOptions.Dampening"/>, rho <see cref="AugmentedLagrangianOptions.Penalty"/>; q is c for equalities, and
/// what <see cref="AugmentedLagrangianOptions.PenalizeSlack"/> says for inequalities; the other form is
/// <see cref="AugmentedLagrangianOptions.HestenesPowellRockafellar"/>. The clamp is to <see cref="MultiplierOptions.DualLowerBound"/> and
/// <see cref="MultiplierOptions.DualUpperBound"/>.
/// Source: J. Nocedal, S. Wright, "Numerical Optimization" (2006), chapter 17; R. T. Rockafellar (1974) for inequalities.
/// </remarks>
public sealed class AugmentedLagrangian : DualOptimizer
{
    /// <inheritdoc cref="NuPI(int, ConstraintKind, NuPIOptions, ScalarType, Device)"/>
    public AugmentedLagrangian(int count, ConstraintKind kind, AugmentedLagrangianOptions? options = null,
        ScalarType dtype = ScalarType.Float32, Device? device = null)
        : base(dtype, device) => Add(FirstBlockName, count, kind, options ?? new());

    internal AugmentedLagrangian(ScalarType dtype, Device? device)
        : base(dtype, device)
    {
    }

    /// <inheritdoc cref="NuPI.AddConstraintGroup"/>
    public ConstraintBlock AddConstraintGroup(string name, int count, ConstraintKind kind, AugmentedLagrangianOptions? options = null)
        => Add(name, count, kind, options ?? new());
}
