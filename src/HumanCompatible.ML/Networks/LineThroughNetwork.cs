using System.Numerics.Tensors;

namespace HumanCompatible.ML.Networks;

/// <summary>
/// A built-in network with hidden layers along the straight line between two inputs, x(t) = x' + t (x - x'): one of its outputs, and the
/// gradient of that by the first layer's sums z_1(t) = z' + t d, in double precision. Not safe for several threads at once.
/// </summary>
internal sealed class LineThroughNetwork
{
    private readonly Activation _activation;
    private readonly double[][] _weights;
    private readonly double[][] _biases;
    private readonly double[][] _sums;
    private readonly double[][] _slopes;
    private readonly double[][] _gradients;
    private readonly double[] _start;
    private double[] _output = [];
    private double _outputBias;

    internal LineThroughNetwork(LayeredArchitecture architecture, double[][] weights, double[][] biases)
    {
        (_activation, _weights, _biases) = (architecture.Activation, weights, biases);
        var hidden = architecture.Widths[1..^1];
        _sums = [.. hidden.Select(width => new double[width])];
        _slopes = [.. hidden.Select(width => new double[width])];
        _gradients = [.. hidden.Select(width => new double[width])];
        (_start, Direction) = (new double[hidden[0]], new double[hidden[0]]);
    }

    /// <summary>d, how the first layer's sums change along the line, [units].</summary>
    internal double[] Direction { get; }

    /// <summary>The gradient of the output by the first layer's sums where it was last asked for, [units].</summary>
    internal double[] Gradient => _gradients[0];

    /// <summary>Sets the line and the output.</summary>
    /// <param name="from">x', [inputs].</param>
    /// <param name="change">x - x', [inputs].</param>
    /// <param name="output">The number of the output.</param>
    internal void Set(ReadOnlySpan<double> from, ReadOnlySpan<double> change, int output)
    {
        Multiply(_weights[0], from, _start);
        TensorPrimitives.Add(_start, _biases[0], _start);
        Multiply(_weights[0], change, Direction);

        var last = _sums[^1].Length;
        _output = _weights[^1].AsSpan(output * last, last).ToArray();
        _outputBias = _biases[^1][output];
    }

    /// <summary>The output at a point of the line.</summary>
    internal double ValueAt(double t)
    {
        Forward(t, withSlopes: false);
        var value = _outputBias;
        for (var unit = 0; unit < _output.Length; unit++)
            value += _output[unit] * Value(_sums[^1][unit]);
        return value;
    }

    /// <summary>Computes <see cref="Gradient"/> at a point of the line.</summary>
    internal void DifferentiateAt(double t)
    {
        Forward(t, withSlopes: false);
        Backward();
    }

    /// <summary>
    /// Computes <see cref="Gradient"/> at a point of the line, for activations that consist of straight pieces.
    /// </summary>
    /// <returns>How far beyond the point the gradient stays the same: until the next unit changes its piece.</returns>
    internal double DifferentiatePieceAt(double t)
    {
        Forward(t, withSlopes: true);
        Backward();
        var length = double.PositiveInfinity;
        for (var layer = 0; layer < _sums.Length; layer++)
        {
            for (var unit = 0; unit < _sums[layer].Length; unit++)
            {
                var zero = -_sums[layer][unit] / _slopes[layer][unit];
                if (zero > 0 && zero < length)
                    length = zero;
            }
        }

        return length;
    }

    private void Forward(double t, bool withSlopes)
    {
        TensorPrimitives.MultiplyAdd(Direction, t, _start, _sums[0]);
        if (withSlopes)
            Direction.CopyTo(_slopes[0], 0);
        for (var layer = 1; layer < _sums.Length; layer++)
        {
            var (before, width) = (_sums[layer - 1], _sums[layer - 1].Length);
            Span<double> values = _gradients[layer - 1];
            for (var unit = 0; unit < width; unit++)
                values[unit] = Value(before[unit]);
            Multiply(_weights[layer], values, _sums[layer]);
            TensorPrimitives.Add(_sums[layer], _biases[layer], _sums[layer]);
            if (!withSlopes)
                continue;
            for (var unit = 0; unit < width; unit++)
                values[unit] = Derivative(before[unit]) * _slopes[layer - 1][unit];
            Multiply(_weights[layer], values, _slopes[layer]);
        }
    }

    private static void Multiply(double[] weights, ReadOnlySpan<double> values, double[] products)
    {
        for (var unit = 0; unit < products.Length; unit++)
            products[unit] = TensorPrimitives.Dot(weights.AsSpan(unit * values.Length, values.Length), values);
    }

    private void Backward()
    {
        _output.CopyTo(_gradients[^1], 0);
        for (var layer = _sums.Length - 1; layer >= 0; layer--)
        {
            for (var unit = 0; unit < _sums[layer].Length; unit++)
                _gradients[layer][unit] *= Derivative(_sums[layer][unit]);
            if (layer == 0)
                break;
            var below = _gradients[layer - 1];
            Array.Clear(below);
            for (var unit = 0; unit < _sums[layer].Length; unit++)
            {
                TensorPrimitives.MultiplyAdd(_weights[layer].AsSpan(unit * below.Length, below.Length), _gradients[layer][unit], below,
                    below);
            }
        }
    }

    private double Value(double z) => _activation switch
    {
        Activation.ReLU => Math.Max(z, 0),
        Activation.LeakyReLU => Math.Max(z, 0.01f * z),
        Activation.Tanh => Math.Tanh(z),
        Activation.Sigmoid => Sigmoid(z),
        Activation.SiLU => z * Sigmoid(z),
        Activation.GELU => z * NormalDistribution(z),
        _ => throw new InvalidOperationException($"The activation {_activation} is unknown."),
    };

    private double Derivative(double z)
    {
        switch (_activation)
        {
            case Activation.ReLU:
                return z > 0 ? 1 : 0;
            case Activation.LeakyReLU:
                return z > 0 ? 1 : 0.01f;
            case Activation.Tanh:
                var tanh = Math.Tanh(z);
                return 1 - tanh * tanh;
            case Activation.Sigmoid:
                return Sigmoid(z) * Sigmoid(-z);
            case Activation.GELU:
                return NormalDistribution(z) + z * NormalDensity(z);
            default:
                return Sigmoid(z) * (1 + z * Sigmoid(-z));
        }
    }

    // Marsaglia 2004, "Evaluating the Normal Distribution": exact to rounding, as the quadrature compares it with its derivative.
    private static double NormalDistribution(double z)
    {
        if (Math.Abs(z) > 9)
            return z > 0 ? 1 : 0;
        double sum = z, term = z;
        for (var factor = 3; Math.Abs(term) > 1e-17 * Math.Abs(sum); factor += 2)
        {
            term *= z * z / factor;
            sum += term;
        }

        return 0.5 + sum * NormalDensity(z);
    }

    private static double NormalDensity(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);

    private static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));
}
