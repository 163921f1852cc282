using static TorchSharp.torch;

namespace HumanCompatible.ML.Duals;

/// <summary>
/// nuPI, a proportional-integral controller of the multipliers. The first update does λ ← clamp(λ + ki·c); later ones do
/// λ ← clamp(λ + ki·c + kp·(1 − nu)·(c − ξ)), with the averaged constraint ξ ← nu·ξ + (1 − nu)·c after each, from 0.
/// The Lagrangian is loss + λ'c + (rho/2)·‖q‖².
/// </summary>
/// <remarks>
/// nu is <see cref="NuPIOptions.Nu"/>, ki <see cref="NuPIOptions.IntegralGain"/>, kp <see cref="NuPIOptions.ProportionalGain"/>, rho
/// <see cref="NuPIOptions.Penalty"/>; q is c for equalities, and what <see cref="NuPIOptions.PenalizeSlack"/> says for inequalities. The
/// clamp is to <see cref="MultiplierOptions.DualLowerBound"/> and <see cref="MultiplierOptions.DualUpperBound"/>.
/// Source: M. Sohrabi, J. Ramirez, T. Zhang, S. Lacoste-Julien, J. Gallego-Posada, "On PI controllers for updating Lagrange multipliers in
/// constrained optimization" (ICML 2024).
/// </remarks>
public sealed class NuPI : DualOptimizer
{
    /// <summary>Creates the optimizer with its first block, named <c>block0</c>.</summary>
    /// <param name="count">Number of constraints of the block, at least 1.</param>
    /// <param name="kind">When a constraint of the block is satisfied.</param>
    /// <param name="options">The options of the block, copied; null for the defaults.</param>
    /// <param name="dtype">Type of <see cref="DualOptimizer.CreateDualTensor"/>, Float32 or Float64.</param>
    /// <param name="device">Its device; null for the CPU.</param>
    /// <exception cref="ArgumentException">An argument or an option is out of its range; the message lists all that are.</exception>
    public NuPI(int count, ConstraintKind kind, NuPIOptions? options = null, ScalarType dtype = ScalarType.Float32, Device? device = null)
        : base(dtype, device) => Add(FirstBlockName, count, kind, options ?? new());

    internal NuPI(ScalarType dtype, Device? device)
        : base(dtype, device)
    {
    }

    /// <summary>Appends a block. It takes nothing over from the blocks before.</summary>
    /// <param name="name">The block's name, one that no other block has.</param>
    /// <param name="count">Number of constraints of the block, at least 1.</param>
    /// <param name="kind">When a constraint of the block is satisfied.</param>
    /// <param name="options">The options of the block, copied; null for the defaults.</param>
    /// <returns>The block.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="ArgumentException">An argument or an option is out of its range, or the name is taken; nothing has
    /// changed.</exception>
    public ConstraintBlock AddConstraintGroup(string name, int count, ConstraintKind kind, NuPIOptions? options = null)
        => Add(name, count, kind, options ?? new());
}
