using System.Numerics.Tensors;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Torch;
using TorchSharp;

namespace HumanCompatible.ML.Training;

/// <summary>
/// The average of the weights of a <see cref="LazyFirstLayer"/>. While the weights of an input stand still at w, k steps of
/// a &lt;- a + r (w - a) are a &lt;- w + (1 - r_1) ... (1 - r_k) (a - w): they are taken at once before w moves.
/// </summary>
internal sealed class LazyAverage : IDisposable
{
    private readonly LazyFirstLayer _layer;
    private readonly torch.Tensor _weights;
    private readonly torch.Tensor _average;
    private readonly int _width;

    // The sum of log(1 - r) over the steps, now and when an input was last caught up with.
    private readonly double[] _knownAt;
    private double _now;

    /// <param name="layer">The layer.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="average">Their average, lying in memory as they do.</param>
    internal LazyAverage(LazyFirstLayer layer, torch.Tensor weights, torch.Tensor average)
    {
        (_layer, _knownAt, _width) = (layer, new double[layer.InputCount], (int)weights.shape[0]);
        (_weights, _average) = (LazyFirstLayer.Table(weights), LazyFirstLayer.Table(average));
    }

    /// <summary>Takes in the weights.</summary>
    /// <param name="rate">r, above 0 and at most 1.</param>
    internal void Add(double rate)
    {
        if (rate < 1)
        {
            _now += Math.Log(1 - rate);
            return;
        }

        Restart();
        HostMemory.Of(_weights).CopyTo(HostMemory.Of(_average));
    }

    /// <summary>Brings the average of the touched inputs up to date; call it before their weights move.</summary>
    internal void CatchUpTouched()
    {
        Span<float> weights = HostMemory.Of(_weights), average = HostMemory.Of(_average);
        foreach (var input in _layer.Touched)
            CatchUp(input, weights, average);
    }

    /// <summary>Brings all of the average up to date. What comes then is the same, bit by bit, as after <see cref="Restart"/>.</summary>
    internal void CatchUp()
    {
        Span<float> weights = HostMemory.Of(_weights), average = HostMemory.Of(_average);
        for (var input = 0; input < _knownAt.Length; input++)
            CatchUp(input, weights, average);
        Restart();
    }

    /// <summary>Says that the average is up to date.</summary>
    internal void Restart()
    {
        _now = 0;
        Array.Clear(_knownAt);
    }

    public void Dispose()
    {
        _weights.Dispose();
        _average.Dispose();
    }

    private void CatchUp(int input, ReadOnlySpan<float> weights, Span<float> average)
    {
        if (_knownAt[input] == _now)
            return;
        var own = average.Slice(input * _width, _width);
        TensorPrimitives.Lerp(own, weights.Slice(input * _width, _width), (float)(1 - Math.Exp(_now - _knownAt[input])), own);
        _knownAt[input] = _now;
    }
}
