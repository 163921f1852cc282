namespace HumanCompatible.ML.Networks;

/// <summary>An <see cref="Activation"/> and its derivative in double precision.</summary>
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

    private static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));
}
