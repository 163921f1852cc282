namespace HumanCompatible.ML.Networks;

/// <summary>The elementwise function a(z) applied after each hidden layer of a multilayer perceptron.</summary>
public enum Activation
{
    /// <summary>a(z) = max(z, 0).</summary>
    ReLU = 0,

    /// <summary>a(z) = max(z, 0.01 z).</summary>
    LeakyReLU = 1,

    /// <summary>a(z) = tanh(z).</summary>
    Tanh = 2,

    /// <summary>a(z) = 1 / (1 + exp(-z)).</summary>
    Sigmoid = 3,

    /// <summary>a(z) = z / (1 + exp(-z)), also called swish.</summary>
    SiLU = 4,

    /// <summary>a(z) = z P(Z &lt;= z) for a standard normal Z: z (1 + erf(z / sqrt 2)) / 2.</summary>
    GELU = 5,
}
