using HumanCompatible.ML.Torch;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Duals;

/// <summary>φ of each <see cref="BarrierFunction"/>, and its derivative.</summary>
internal static class BarrierFormulas
{
    /// <summary>φ'(t).</summary>
    public static double Derivative(this BarrierFunction barrier, double t) => barrier == BarrierFunction.QuadraticLogarithmic
        ? (t >= -1.0 / 2 ? 1 + t : -1 / (4 * t))
        : (t >= -1.0 / 3 ? 1 + t : 32.0 / 27 / ((1 - t) * (1 - t)));

    /// <summary>φ of each element, in the graph of <paramref name="t"/>.</summary>
    public static Tensor Value(this BarrierFunction barrier, Tensor t)
    {
        var border = barrier == BarrierFunction.QuadraticLogarithmic ? -1.0 / 2 : -1.0 / 3;
        using var isQuadratic = t.ge(Scalars.Of(border));
        using var square = t.mul(t);
        using var half = square.div(Scalars.Of(2));
        using var quadratic = t.add(half, Scalars.One);
        // Below the border only: clamping keeps the other elements' unused branch finite, and so its zero gradient a number.
        using var below = t.clamp(max: Scalars.Of(border));
        using var branch = barrier == BarrierFunction.QuadraticLogarithmic ? Logarithmic(below) : Reciprocal(below);
        return where(isQuadratic, quadratic, branch);
    }

    private static Tensor Logarithmic(Tensor t)
    {
        using var scaled = t.mul(Scalars.Of(-2));
        using var log = scaled.log();
        using var quarter = log.mul(Scalars.Of(-0.25));
        return quarter.sub(Scalars.Of(3.0 / 8));
    }

    private static Tensor Reciprocal(Tensor t)
    {
        using var negated = t.neg();
        using var shifted = negated.add(Scalars.One, Scalars.One);
        using var inverse = shifted.pow(Scalars.MinusOne);
        using var scaled = inverse.mul(Scalars.Of(32.0 / 27));
        return scaled.sub(Scalars.Of(7.0 / 6));
    }
}
