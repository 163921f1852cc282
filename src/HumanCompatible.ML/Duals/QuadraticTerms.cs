using HumanCompatible.ML.Torch;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Duals;

/// <summary>
/// Builds loss + λ'c + Σ_g (coefficient_g/2)·‖q_g‖² as loss + c'(λ + (coefficient/2) ∘ q): q∘q = c∘q for q = [c]₊ and q = c,
/// so value, gradient and curvature are those of the sum, in at most five tensor operations.
/// </summary>
internal static class QuadraticTerms
{
    /// <summary>The Lagrangian, in the autograd graph of <paramref name="loss"/> and <paramref name="constraints"/>.</summary>
    public static Tensor Lagrangian(Tensor loss, Tensor constraints, ReadOnlySpan<double> duals, IReadOnlyList<DualConstraintGroup> groups)
    {
        using var flat = Tolerances.IsZero(groups) ? FlatOrNull(constraints) : Tolerances.Apply(constraints, groups);
        var c = flat is null ? constraints : flat;
        using var multipliers = TensorValues.CreateLike(duals, c);
        using var weights = Weights(c, multipliers, groups);
        using var inner = c.matmul(weights is null ? multipliers : weights);
        using var scalar = loss.Dimensions == 0 ? null : loss.sum();
        return inner.add(scalar is null ? loss : scalar, Scalars.One);
    }

    /// <summary>
    /// loss + (1/(2·rho))·(‖s‖² − ‖λ‖²) with s = λ + rho·c, cut at 0 for inequalities; for equalities this is λ'c + (rho/2)·‖c‖².
    /// </summary>
    public static Tensor HestenesPowellRockafellar(Tensor loss, Tensor constraints, ReadOnlySpan<double> duals,
        IReadOnlyList<DualConstraintGroup> groups, double rho)
    {
        using var flat = Tolerances.Apply(constraints, groups);
        using var multipliers = TensorValues.CreateLike(duals, flat);
        using var floor = PerConstraint(flat, groups, static group => group.IsInequality ? 0 : double.NegativeInfinity);
        using var scaled = flat.mul(Scalars.Of(rho));
        using var shifted = scaled.add(multipliers, Scalars.One);
        using var cut = shifted.maximum(floor);
        using var square = cut.matmul(cut);
        double constant = 0;
        foreach (var dual in duals)
            constant += dual * dual;
        using var difference = square.sub(Scalars.Of(constant));
        using var term = difference.div(Scalars.Of(2 * rho));
        using var scalar = loss.Dimensions == 0 ? null : loss.sum();
        return term.add(scalar is null ? loss : scalar, Scalars.One);
    }

    private static Tensor? FlatOrNull(Tensor constraints) => constraints.Dimensions == 1 ? null : constraints.reshape(1);

    /// <summary>λ + (coefficient/2) ∘ q, or null where every coefficient is 0.</summary>
    private static Tensor? Weights(Tensor c, Tensor multipliers, IReadOnlyList<DualConstraintGroup> groups)
    {
        var first = groups[0].Quadratic;
        var sameCoefficient = true;
        var sameKind = true;
        for (var g = 1; g < groups.Count; g++)
        {
            var other = groups[g].Quadratic;
            sameCoefficient &= other.Coefficient == first.Coefficient;
            sameKind &= other.ViolationOnly == first.ViolationOnly;
        }

        if (sameCoefficient && first.Coefficient == 0)
            return null;
        using var violation = sameKind ? (first.ViolationOnly ? c.relu() : null) : AboveFloor(c, groups);
        var q = violation is null ? c : violation;
        if (sameCoefficient)
            return multipliers.add(q, Scalars.Of(first.Coefficient / 2));
        using var half = PerConstraint(c, groups, static group => group.Quadratic.Coefficient / 2);
        var weights = q.mul(half);
        return weights.add_(multipliers, Scalars.One);
    }

    /// <summary>[c]₊ where only the violation is penalized, c elsewhere.</summary>
    private static Tensor AboveFloor(Tensor c, IReadOnlyList<DualConstraintGroup> groups)
    {
        using var floor = PerConstraint(c, groups, static group => group.Quadratic.ViolationOnly ? 0 : double.NegativeInfinity);
        return c.maximum(floor);
    }

    private static Tensor PerConstraint(Tensor c, IReadOnlyList<DualConstraintGroup> groups, Func<DualConstraintGroup, double> value)
    {
        var count = (int)c.numel();
        var rented = System.Buffers.ArrayPool<double>.Shared.Rent(count);
        try
        {
            for (var g = 0; g < groups.Count; g++)
                rented.AsSpan(groups[g].Offset, groups[g].Count).Fill(value(groups[g]));
            return TensorValues.CreateLike(rented.AsSpan(0, count), c);
        }
        finally
        {
            System.Buffers.ArrayPool<double>.Shared.Return(rented);
        }
    }
}
