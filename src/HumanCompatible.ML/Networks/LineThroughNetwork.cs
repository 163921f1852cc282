using System.Numerics.Tensors;

namespace HumanCompatible.ML.Networks;

/// <summary>
/// A built-in network with hidden layers along the straight line between two inputs, x(t) = x' + t (x - x'): one of its outputs, and the
/// gradient of that by the first layer's sums z_1(t) = z' + t d, in double precision. Not safe for several threads at once.
/// </summary>
internal sealed class LineThroughNetwork
{
    private readonly LineLayer[] _hidden;
    private readonly bool[] _endsBlock;
    private readonly ScoredLayer _last;
    private readonly double[] _start;
    private readonly double[][] _earlierSums;
    private double[] _output = [];
    private double _outputBias;

    /// <param name="layers">The layers of the network, two or more.</param>
    /// <param name="activation">Its activation.</param>
    internal LineThroughNetwork(ScoredLayer[] layers, Activation activation)
    {
        _hidden = [.. layers[..^1].Select(layer => new LineLayer(layer, activation))];
        _endsBlock = [.. layers[..^1].Select(layer => layer.Layer.EndsBlock)];
        _last = layers[^1];
        _earlierSums = [.. _hidden.Select(layer => new double[layer.Sums.Length])];
        (_start, Direction) = (new double[layers[0].Layer.Width], new double[layers[0].Layer.Width]);
    }

    /// <summary>d, how the first layer's sums change along the line, [units].</summary>
    internal double[] Direction { get; }

    /// <summary>The gradient of the output by the first layer's sums where it was last asked for, [units].</summary>
    internal double[] Gradient => _hidden[0].Gradient;

    /// <summary>Sets the line and the output.</summary>
    /// <param name="from">x', [inputs].</param>
    /// <param name="change">x - x', [inputs].</param>
    /// <param name="output">The number of the output.</param>
    internal void Set(ReadOnlySpan<double> from, ReadOnlySpan<double> change, int output)
    {
        _hidden[0].Multiply(from, _start);
        _hidden[0].MultiplyWeights(change, Direction);
        _output = LineLayer.Doubles(_last.Weight.AsSpan(output * _last.Layer.InputCount, _last.Layer.InputCount));
        _outputBias = _last.Bias[output];
    }

    /// <summary>The output at a point of the line.</summary>
    internal double ValueAt(double t)
    {
        Forward(t);
        return TensorPrimitives.Dot<double>(_output, _hidden[^1].Values) + _outputBias;
    }

    /// <summary>Computes <see cref="Gradient"/> at a point of the line.</summary>
    internal void DifferentiateAt(double t)
    {
        Forward(t);
        Backward();
    }

    /// <summary>
    /// Computes <see cref="Gradient"/> at a point of the line, for a network that consists of straight pieces.
    /// </summary>
    /// <returns>How far beyond the point the gradient stays the same: until the next unit changes its piece.</returns>
    internal double DifferentiatePieceAt(double t)
    {
        Forward(t);
        Direction.CopyTo(_hidden[0].Slopes, 0);
        for (var layer = 0; layer < _hidden.Length; layer++)
        {
            if (layer > 0)
                _hidden[layer].MultiplyWeights(_hidden[layer - 1].ValueSlopes, _hidden[layer].Slopes);
            _hidden[layer].ForwardSlopes(BlockStart(layer));
        }

        Backward();
        var length = double.PositiveInfinity;
        foreach (var layer in _hidden)
        {
            for (var unit = 0; unit < layer.Sums.Length; unit++)
            {
                var zero = -layer.Sums[unit] / layer.Slopes[unit];
                if (zero > 0 && zero < length)
                    length = zero;
            }
        }

        return length;
    }

    /// <summary>
    /// Where an interval is best divided: about where a unit changes its sign, the one nearest to the middle; the middle where none does.
    /// </summary>
    internal double ChangeBetween(double start, double end)
    {
        Forward(start);
        foreach (var (layer, sums) in _earlierSums.Index())
            _hidden[layer].Sums.CopyTo(sums, 0);
        Forward(end);
        var nearest = double.PositiveInfinity;
        foreach (var (layer, sums) in _earlierSums.Index())
        {
            for (var unit = 0; unit < sums.Length; unit++)
            {
                var (before, after) = (sums[unit], _hidden[layer].Sums[unit]);
                var share = before / (before - after);
                if (before > 0 != after > 0 && Math.Abs(share - 0.5) < Math.Abs(nearest - 0.5))
                    nearest = share;
            }
        }

        return start + ((nearest is > 0 and < 1 ? nearest : 0.5) * (end - start));
    }

    private LineLayer? BlockStart(int layer) => _endsBlock[layer] ? _hidden[layer - 2] : null;

    private void Forward(double t)
    {
        TensorPrimitives.MultiplyAdd(Direction, t, _start, _hidden[0].Sums);
        for (var layer = 0; layer < _hidden.Length; layer++)
        {
            if (layer > 0)
                _hidden[layer].Multiply(_hidden[layer - 1].Values, _hidden[layer].Sums);
            _hidden[layer].Forward(BlockStart(layer));
        }
    }

    private void Backward()
    {
        foreach (var layer in _hidden)
            Array.Clear(layer.Gradient);
        _output.CopyTo(_hidden[^1].Gradient, 0);
        for (var layer = _hidden.Length - 1; layer >= 0; layer--)
            _hidden[layer].Backward(layer > 0 ? _hidden[layer - 1] : null, BlockStart(layer));
    }
}
