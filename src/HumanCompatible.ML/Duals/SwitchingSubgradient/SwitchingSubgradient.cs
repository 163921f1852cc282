using HumanCompatible.ML.Torch;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Duals;

/// <summary>
/// The switching subgradient method: what is descended is the loss while every violation is at most
/// <see cref="SwitchingSubgradientOptions.Tolerance"/>, else the constraint most over it, times
/// <see cref="SwitchingSubgradientOptions.ConstraintScale"/>. The violation is c for inequalities and |c| for equalities. There are no
/// multipliers; <see cref="DualOptimizer.DualValues"/> stay 0.
/// </summary>
/// <remarks>
/// Source: B. T. Polyak (1967); stochastic form: G. Lan, Z. Zhou, "Algorithms for stochastic optimization with function or expectation
/// constraints" (2020).
/// </remarks>
public sealed class SwitchingSubgradient : DualOptimizer
{
    /// <inheritdoc cref="NuPI(int, ConstraintKind, NuPIOptions, ScalarType, Device)"/>
    public SwitchingSubgradient(int count, ConstraintKind kind, SwitchingSubgradientOptions? options = null,
        ScalarType dtype = ScalarType.Float32, Device? device = null)
        : base(dtype, device) => Add(FirstBlockName, count, kind, options ?? new());

    internal SwitchingSubgradient(ScalarType dtype, Device? device)
        : base(dtype, device)
    {
    }

    /// <inheritdoc cref="NuPI.AddConstraintGroup"/>
    public ConstraintBlock AddConstraintGroup(string name, int count, ConstraintKind kind, SwitchingSubgradientOptions? options = null)
        => Add(name, count, kind, options ?? new());

    private protected override Tensor Lagrangian(Tensor loss, Tensor constraints, ReadOnlySpan<double> values)
    {
        var worst = -1;
        double most = 0, scale = 1;
        foreach (SwitchingSubgradientBlock block in Blocks)
        {
            var deciding = block.Deciding(values.Slice(block.Offset, block.Count));
            for (var j = 0; j < deciding.Length; j++)
            {
                var over = block.OverTolerance(deciding[j]);
                if (over > most)
                    (worst, most, scale) = (block.Offset + j, over, block.Scale(values[block.Offset + j]));
            }
        }

        if (worst < 0)
            return loss.Dimensions == 0 ? loss.alias() : loss.sum();
        using var flat = constraints.reshape(-1);
        using var constraint = flat.select(0, worst);
        return constraint.mul(Scalars.Of(scale));
    }
}
