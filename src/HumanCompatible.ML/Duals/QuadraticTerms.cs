using System.Buffers;
using HumanCompatible.ML.Torch;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Duals;

/// <summary>
/// Builds loss + λ'c + Σ_b (coefficient_b/2)·‖q_b‖² over the blocks b as loss + c'(λ + (coefficient/2) ∘ q): q∘q = c∘q for
/// q = [c]₊ and q = c, so value, gradient and curvature are those of the sum, in at most five tensor operations. Before that, c
/// becomes what a block sees of it: c - tolerance for inequalities, c - clamp(c, -tolerance, tolerance) for equalities, and
/// max(c, -λ/rho) where it is shifted.
/// </summary>
/// <remarks>
/// With u = max(c, -λ/rho), λ'u + (rho/2)·‖u‖² is the form of Hestenes, Powell and Rockafellar,
/// (1/(2·rho))·(‖[λ + rho·c]₊‖² − ‖λ‖²): both are λc + (rho/2)·c² above -λ/rho, and -λ²/(2·rho) below.
/// </remarks>
internal static class QuadraticTerms
{
    /// <summary>The Lagrangian, in the autograd graph of <paramref name="loss"/> and <paramref name="constraints"/>.</summary>
    public static Tensor Lagrangian(Tensor loss, Tensor constraints, ReadOnlySpan<double> duals, IReadOnlyList<ConstraintBlock> blocks)
    {
        using var seen = SeesAsIs(blocks) ? FlatOrNull(constraints) : Seen(constraints, duals, blocks);
        var c = seen is null ? constraints : seen;
        using var multipliers = TensorValues.CreateLike(duals, c);
        using var weights = Weights(c, multipliers, blocks);
        using var inner = c.matmul(weights is null ? multipliers : weights);
        using var scalar = loss.Dimensions == 0 ? null : loss.sum();
        return inner.add(scalar is null ? loss : scalar, Scalars.One);
    }

    private static bool SeesAsIs(IReadOnlyList<ConstraintBlock> blocks)
    {
        for (var b = 0; b < blocks.Count; b++)
        {
            if (blocks[b].Tolerance != 0 || blocks[b].IsShifted)
                return false;
        }

        return true;
    }

    private static Tensor? FlatOrNull(Tensor constraints) => constraints.Dimensions == 1 ? null : constraints.reshape(1);

    private static Tensor Seen(Tensor constraints, ReadOnlySpan<double> duals, IReadOnlyList<ConstraintBlock> blocks)
    {
        using var flat = constraints.reshape(-1);
        var parts = new Tensor[blocks.Count];
        try
        {
            for (var b = 0; b < parts.Length; b++)
                parts[b] = Seen(flat, duals.Slice(blocks[b].Offset, blocks[b].Count), blocks[b]);
            return cat(parts);
        }
        finally
        {
            foreach (var part in parts)
                part?.Dispose();
        }
    }

    private static Tensor Seen(Tensor flat, ReadOnlySpan<double> duals, ConstraintBlock block)
    {
        using var scope = NewDisposeScope();
        var seen = flat.narrow(0, block.Offset, block.Count);
        var tolerance = block.Tolerance;
        if (tolerance != 0 && block.Kind == ConstraintKind.Inequality)
            seen = seen.sub(Scalars.Of(tolerance));
        else if (tolerance != 0)
            seen = seen.sub(seen.clamp(Scalars.Of(-tolerance), Scalars.Of(tolerance)));
        if (block.IsShifted)
        {
            var floor = new double[block.Count];
            for (var j = 0; j < floor.Length; j++)
                floor[j] = -duals[j] / block.Coefficient;
            seen = seen.maximum(TensorValues.CreateLike(floor, seen));
        }

        return seen.MoveToOuterDisposeScope();
    }

    /// <summary>λ + (coefficient/2) ∘ q, or null where every coefficient is 0.</summary>
    private static Tensor? Weights(Tensor c, Tensor multipliers, IReadOnlyList<ConstraintBlock> blocks)
    {
        var first = blocks[0];
        var sameCoefficient = true;
        var sameKind = true;
        for (var b = 1; b < blocks.Count; b++)
        {
            sameCoefficient &= blocks[b].Coefficient == first.Coefficient;
            sameKind &= blocks[b].SquaresViolation == first.SquaresViolation;
        }

        if (sameCoefficient && first.Coefficient == 0)
            return null;
        using var violation = sameKind ? (first.SquaresViolation ? c.relu() : null) : AboveFloor(c, blocks);
        var q = violation is null ? c : violation;
        if (sameCoefficient)
            return multipliers.add(q, Scalars.Of(first.Coefficient / 2));
        using var half = PerConstraint(c, blocks, static block => block.Coefficient / 2);
        var weights = q.mul(half);
        return weights.add_(multipliers, Scalars.One);
    }

    /// <summary>[c]₊ where only the violation is squared, c elsewhere.</summary>
    private static Tensor AboveFloor(Tensor c, IReadOnlyList<ConstraintBlock> blocks)
    {
        using var floor = PerConstraint(c, blocks, static block => block.SquaresViolation ? 0 : double.NegativeInfinity);
        return c.maximum(floor);
    }

    private static Tensor PerConstraint(Tensor c, IReadOnlyList<ConstraintBlock> blocks, Func<ConstraintBlock, double> value)
    {
        var count = (int)c.numel();
        var rented = ArrayPool<double>.Shared.Rent(count);
        try
        {
            for (var b = 0; b < blocks.Count; b++)
                rented.AsSpan(blocks[b].Offset, blocks[b].Count).Fill(value(blocks[b]));
            return TensorValues.CreateLike(rented.AsSpan(0, count), c);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }
}
