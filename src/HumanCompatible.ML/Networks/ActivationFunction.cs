using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace HumanCompatible.ML.Networks;

/// <summary>An <see cref="Activation"/> and its derivative: in double precision, and of many values at once in single.</summary>
internal static class ActivationFunction
{
    // As torch has it.
    private const double Leak = 0.01f;

    /// <summary>Whether it consists of straight pieces, of which the second begins at 0.</summary>
    internal static bool IsPiecewiseLinear(this Activation activation) => activation is Activation.ReLU or Activation.LeakyReLU;

    /// <summary>a(z).</summary>
    internal static double Value(this Activation activation, double z) => activation switch
    {
        Activation.ReLU => Math.Max(z, 0),
        Activation.LeakyReLU => Math.Max(z, Leak * z),
        Activation.Tanh => Math.Tanh(z),
        Activation.Sigmoid => Sigmoid(z),
        Activation.SiLU => z * Sigmoid(z),
        Activation.GELU => z * NormalDistribution.Probability(z),
        _ => throw new InvalidOperationException($"The activation {activation} is unknown."),
    };

    /// <summary>a'(z).</summary>
    internal static double Derivative(this Activation activation, double z)
    {
        switch (activation)
        {
            case Activation.ReLU:
                return z > 0 ? 1 : 0;
            case Activation.LeakyReLU:
                return z > 0 ? 1 : Leak;
            case Activation.Tanh:
                var tanh = Math.Tanh(z);
                return 1 - tanh * tanh;
            case Activation.Sigmoid:
                return Sigmoid(z) * Sigmoid(-z);
            case Activation.SiLU:
                return Sigmoid(z) * (1 + z * Sigmoid(-z));
            case Activation.GELU:
                return NormalDistribution.Probability(z) + z * NormalDistribution.Density(z);
            default:
                throw new InvalidOperationException($"The activation {activation} is unknown.");
        }
    }

    /// <summary>Replaces each z by a(z).</summary>
    /// <exception cref="InvalidOperationException">The activation is unknown.</exception>
    internal static void Apply(Activation activation, Span<float> z)
    {
        switch (activation)
        {
            case Activation.ReLU:
                Rectify(z);
                break;
            case Activation.LeakyReLU:
                foreach (ref var value in z)
                    value = Math.Max(value, 0.01f * value);
                break;
            case Activation.Tanh:
                TensorPrimitives.Tanh(z, z);
                break;
            case Activation.Sigmoid:
                TensorPrimitives.Sigmoid(z, z);
                break;
            case Activation.SiLU:
                foreach (ref var value in z)
                    value /= 1 + MathF.Exp(-value);
                break;
            case Activation.GELU:
                foreach (ref var value in z)
                    value = (float)(value * QuickNormalDistribution(value));
                break;
            default:
                throw new InvalidOperationException($"The activation {activation} is unknown.");
        }
    }

    // TensorPrimitives.Max takes twice as long. A NaN stays.
    private static void Rectify(Span<float> z)
    {
        ref var start = ref MemoryMarshal.GetReference(z);
        var index = 0;
        for (; index <= z.Length - Vector256<float>.Count; index += Vector256<float>.Count)
        {
            var some = Vector256.LoadUnsafe(ref start, (nuint)index);
            Vector256.AndNot(some, Vector256.LessThanOrEqual(some, Vector256<float>.Zero)).StoreUnsafe(ref start, (nuint)index);
        }

        for (; index < z.Length; index++)
            z[index] = z[index] <= 0 ? 0 : z[index];
    }

    private static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));

    // P(Z <= z) to 1e-7 for a standard normal Z. Abramowitz and Stegun (1964), Handbook of Mathematical Functions, 7.1.26.
    private static double QuickNormalDistribution(double z)
    {
        var x = Math.Abs(z) / Math.Sqrt(2);
        var t = 1 / (1 + (0.3275911 * x));
        var polynomial = t * (0.254829592 + (t * (-0.284496736 + (t * (1.421413741 + (t * (-1.453152027 + (t * 1.061405429))))))));
        var tail = polynomial * Math.Exp(-x * x) / 2;
        return z >= 0 ? 1 - tail : tail;
    }
}
