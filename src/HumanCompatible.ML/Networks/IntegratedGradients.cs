using System.Numerics.Tensors;

namespace HumanCompatible.ML.Networks;

/// <summary>
/// Integrated gradients of a built-in network: the contribution of input i to F(x) against a baseline x' is
/// (x_i - x'_i) times the integral of dF/dx_i along the straight line from x' to x. The contributions sum to F(x) - F(x'). Not safe for
/// several threads at once.
/// </summary>
/// <remarks>
/// Sundararajan, Taly and Yan 2017, "Axiomatic Attribution for Deep Networks". A linear network gives W_i (x_i - x'_i). ReLU and LeakyReLU
/// are integrated exactly, from one unit's change of sign to the next; the smooth activations by Gauss-Legendre quadrature on intervals
/// that are divided until the integral is that of the parts and agrees with the change of F; so are ReLU and LeakyReLU of sums that are
/// normalized by row, whose intervals are divided where units change their sign.
/// </remarks>
internal sealed class IntegratedGradients
{
    /// <summary>The largest error of an interval's share, against the size of the whole.</summary>
    private const double Tolerance = 1e-9;

    /// <summary>A unit that changes its sign within this part of the line has changed it already.</summary>
    private const double Nudge = 1e-9;

    private const int MostHalvings = 40;

    // The 8-point rule on [0, 1].
    private static readonly (double Point, double Weight)[] Rule =
    [
        .. new[]
        {
            (0.1834346424956498, 0.3626837833783620), (0.5255324099163290, 0.3137066458778873),
            (0.7966664774136267, 0.2223810344533745), (0.9602898564975363, 0.1012285362903763),
        }.SelectMany(half => new[] { ((1 - half.Item1) / 2, half.Item2 / 2), ((1 + half.Item1) / 2, half.Item2 / 2) }),
    ];

    private readonly double[] _first;
    private readonly double[] _from;
    private readonly double[] _change;
    private readonly LineThroughNetwork? _line;
    private readonly bool _hasKinks;
    private readonly bool _isPiecewiseLinear;

    /// <param name="architecture">The network.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="baseline">x', [inputs].</param>
    internal IntegratedGradients(LayeredArchitecture architecture, NetworkWeights weights, ReadOnlySpan<float> baseline)
    {
        var layers = ScoredLayer.Of(architecture, weights);
        _first = LineLayer.Doubles(layers[0].Weight);
        _from = LineLayer.Doubles(baseline);
        _change = new double[baseline.Length];
        _hasKinks = architecture.Activation.IsPiecewiseLinear();
        _isPiecewiseLinear = _hasKinks && Array.TrueForAll(layers, layer => layer.Layer.Normalization == Normalization.None);
        if (layers.Length > 1)
            _line = new LineThroughNetwork(layers, architecture.Activation);
    }

    /// <summary>The contributions of all inputs to an output.</summary>
    /// <param name="inputs">x, [inputs].</param>
    /// <param name="output">The number of the output.</param>
    /// <param name="contributions">Receives the contributions, [inputs].</param>
    internal void Attribute(ReadOnlySpan<float> inputs, int output, Span<double> contributions)
    {
        for (var input = 0; input < _change.Length; input++)
            _change[input] = inputs[input] - _from[input];
        if (_line is null)
        {
            TensorPrimitives.Multiply(_first.AsSpan(output * _change.Length, _change.Length), _change, contributions);
            return;
        }

        _line.Set(_from, _change, output);
        var gradient = new double[_line.Gradient.Length];
        if (_isPiecewiseLinear)
            IntegratePieces(_line, gradient);
        else
            IntegrateSmooth(_line, gradient, _hasKinks);

        contributions.Clear();
        for (var unit = 0; unit < gradient.Length; unit++)
        {
            TensorPrimitives.MultiplyAdd(_first.AsSpan(unit * _change.Length, _change.Length), gradient[unit], contributions,
                contributions);
        }

        TensorPrimitives.Multiply(contributions, _change, contributions);
    }

    private static void IntegratePieces(LineThroughNetwork line, double[] integral)
    {
        for (double start = 0; start < 1;)
        {
            var end = Math.Min(start + Nudge + line.DifferentiatePieceAt(start + Nudge), 1);
            TensorPrimitives.MultiplyAdd(line.Gradient, end - start, integral, integral);
            start = end;
        }
    }

    private static void IntegrateSmooth(LineThroughNetwork line, double[] integral, bool hasKinks)
    {
        double first = line.ValueAt(0), last = line.ValueAt(1);
        Add(0, 1, first, last, Quadrature(line, 0, 1), 0);

        void Add(double start, double end, double from, double to, double[] whole, int halvings)
        {
            var middle = hasKinks && halvings % 2 == 0 ? line.ChangeBetween(start, end) : (start + end) / 2;
            var (left, right) = (Quadrature(line, start, middle), Quadrature(line, middle, end));
            double share = 0, difference = 0, size = 0;
            for (var unit = 0; unit < whole.Length; unit++)
            {
                share += (left[unit] + right[unit]) * line.Direction[unit];
                difference += Math.Abs((left[unit] + right[unit] - whole[unit]) * line.Direction[unit]);
                size += Math.Abs(whole[unit] * line.Direction[unit]);
            }

            var allowed = Tolerance * (1 + size + Math.Abs(first) + Math.Abs(last));
            if (halvings == (hasKinks ? 2 * MostHalvings : MostHalvings)
                || (difference <= allowed && Math.Abs(share - (to - from)) <= allowed))
            {
                TensorPrimitives.Add(integral, left, integral);
                TensorPrimitives.Add(integral, right, integral);
                return;
            }

            var value = line.ValueAt(middle);
            Add(start, middle, from, value, left, halvings + 1);
            Add(middle, end, value, to, right, halvings + 1);
        }
    }

    private static double[] Quadrature(LineThroughNetwork line, double start, double end)
    {
        var integral = new double[line.Direction.Length];
        foreach (var (point, weight) in Rule)
        {
            line.DifferentiateAt(start + point * (end - start));
            TensorPrimitives.MultiplyAdd(line.Gradient, weight * (end - start), integral, integral);
        }

        return integral;
    }
}
