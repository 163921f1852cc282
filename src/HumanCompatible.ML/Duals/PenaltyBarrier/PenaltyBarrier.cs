using HumanCompatible.ML.Torch;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Duals;

/// <summary>
/// The penalty-barrier method (PBM) for inequalities c ≤ 0, with one penalty p for each constraint. An update does
/// λ ← clamp(gamma·λ + (1 − gamma)·λ·φ'(c/p)), then p by <see cref="BarrierPenaltyUpdate"/>. The Lagrangian is
/// loss + Σ_j λ_j·p_j·φ(c_j/p_j); that of <see cref="DualOptimizer.ForwardUpdate"/> is at the multipliers and penalties from BEFORE the
/// update.
/// </summary>
/// <remarks>
/// gamma is <see cref="PenaltyBarrierOptions.Gamma"/>, φ what <see cref="PenaltyBarrierOptions.ReciprocalBarrier"/> says. The clamp is to
/// <see cref="MultiplierOptions.DualLowerBound"/> and <see cref="MultiplierOptions.DualUpperBound"/>.
/// Source: A. Ben-Tal, M. Zibulevsky, "Penalty/barrier multiplier methods for convex programming problems" (SIAM J. Optimization, 1997);
/// the stochastic form with annealing is that of the Python package humancompatible-train.
/// </remarks>
public sealed class PenaltyBarrier : DualOptimizer
{
    /// <inheritdoc cref="NuPI(int, ConstraintKind, NuPIOptions, ScalarType, Device)"/>
    public PenaltyBarrier(int count, ConstraintKind kind, PenaltyBarrierOptions? options = null,
        ScalarType dtype = ScalarType.Float32, Device? device = null)
        : base(dtype, device) => Add(FirstBlockName, count, kind, options ?? new());

    internal PenaltyBarrier(ScalarType dtype, Device? device)
        : base(dtype, device)
    {
    }

    /// <inheritdoc cref="NuPI.AddConstraintGroup"/>
    public ConstraintBlock AddConstraintGroup(string name, int count, ConstraintKind kind, PenaltyBarrierOptions? options = null)
        => Add(name, count, kind, options ?? new());

    private protected override bool LagrangianBeforeUpdate => true;

    private protected override Tensor Lagrangian(Tensor loss, Tensor constraints, ReadOnlySpan<double> values)
    {
        Span<double> penalties = new double[ConstraintCount];
        Span<double> weights = new double[ConstraintCount];
        foreach (PenaltyBarrierBlock block in Blocks)
            block.Penalties.CopyTo(penalties[block.Offset..]);
        for (var j = 0; j < weights.Length; j++)
            weights[j] = CurrentDuals[j] * penalties[j];

        using var flat = constraints.reshape(-1);
        using var p = TensorValues.CreateLike(penalties, flat);
        using var weight = TensorValues.CreateLike(weights, flat);
        using var t = flat.div(p);
        using var phi = Phi(t);
        using var term = phi.matmul(weight);
        using var scalar = loss.Dimensions == 0 ? null : loss.sum();
        return term.add(scalar is null ? loss : scalar, Scalars.One);
    }

    private Tensor Phi(Tensor t)
    {
        var first = ((PenaltyBarrierBlock)Blocks[0]).Barrier;
        if (Blocks.All(block => ((PenaltyBarrierBlock)block).Barrier == first))
            return first.Value(t);
        var parts = new Tensor[Blocks.Count];
        try
        {
            for (var b = 0; b < parts.Length; b++)
            {
                using var slice = t.narrow(0, Blocks[b].Offset, Blocks[b].Count);
                parts[b] = ((PenaltyBarrierBlock)Blocks[b]).Barrier.Value(slice);
            }

            return cat(parts);
        }
        finally
        {
            foreach (var part in parts)
                part?.Dispose();
        }
    }
}
