using System.Numerics.Tensors;

namespace HumanCompatible.ML.Networks;

/// <summary>The values of an <see cref="Activation"/>.</summary>
internal static class ActivationFunction
{
    /// <summary>Replaces each z by a(z).</summary>
    /// <exception cref="InvalidOperationException">The activation is unknown.</exception>
    internal static void Apply(Activation activation, Span<float> z)
    {
        switch (activation)
        {
            case Activation.ReLU:
                TensorPrimitives.Max(z, 0f, z);
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
                    value = (float)(value * NormalDistribution(value));
                break;
            default:
                throw new InvalidOperationException($"The activation {activation} is unknown.");
        }
    }

    // P(Z <= z) to 1e-7 for a standard normal Z. Abramowitz and Stegun (1964), Handbook of Mathematical Functions, 7.1.26.
    private static double NormalDistribution(double z)
    {
        var x = Math.Abs(z) / Math.Sqrt(2);
        var t = 1 / (1 + (0.3275911 * x));
        var polynomial = t * (0.254829592 + (t * (-0.284496736 + (t * (1.421413741 + (t * (-1.453152027 + (t * 1.061405429))))))));
        var tail = polynomial * Math.Exp(-x * x) / 2;
        return z >= 0 ? 1 - tail : tail;
    }
}
