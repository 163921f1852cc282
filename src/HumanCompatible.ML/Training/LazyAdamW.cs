using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Torch;
using TorchSharp;

namespace HumanCompatible.ML.Training;

/// <summary>
/// AdamW on the weights of a <see cref="LazyFirstLayer"/>: a step moves the weights of the inputs that its rows have, and leaves the
/// others and their moments as they are (as torch's SparseAdam does). The decay of the others is made up for later.
/// </summary>
internal sealed class LazyAdamW : IDisposable
{
    private readonly LazyFirstLayer _layer;
    private readonly torch.Tensor _weights;
    private readonly torch.Tensor _first;
    private readonly torch.Tensor _second;
    private readonly double _decay;
    private readonly long[] _decayedAt;
    private readonly int _width;

    /// <param name="layer">The layer.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="first">Their first moments, lying in memory as they do.</param>
    /// <param name="second">Their second moments.</param>
    /// <param name="decay">What a step multiplies weights by.</param>
    internal LazyAdamW(LazyFirstLayer layer, torch.Tensor weights, torch.Tensor first, torch.Tensor second, double decay)
    {
        (_layer, _decay, _decayedAt) = (layer, decay, new long[layer.InputCount]);
        _width = (int)weights.shape[0];
        (_weights, _first, _second) = (LazyFirstLayer.Table(weights), LazyFirstLayer.Table(first), LazyFirstLayer.Table(second));
    }

    /// <summary>Moves the weights that have a gradient.</summary>
    /// <param name="step">The step.</param>
    /// <param name="number">Its number, from 1.</param>
    internal void Apply(AdamWStep step, long number)
    {
        Span<float> weights = HostMemory.Of(_weights), first = HostMemory.Of(_first), second = HostMemory.Of(_second);
        for (var position = 0; position < _layer.Touched.Length; position++)
        {
            var input = _layer.Touched[position];
            var range = new Range(input * _width, (input + 1) * _width);
            Decay(weights[range], input, number - 1);
            _decayedAt[input] = number;
            step.Apply(weights[range], _layer.Gradient(position), first[range], second[range]);
        }
    }

    /// <summary>Makes up for the decay of all weights.</summary>
    /// <param name="number">The number of the last step.</param>
    internal void CatchUp(long number)
    {
        var weights = HostMemory.Of(_weights);
        for (var input = 0; input < _decayedAt.Length; input++)
        {
            Decay(weights.Slice(input * _width, _width), input, number);
            _decayedAt[input] = number;
        }
    }

    /// <summary>Says that no decay is owed.</summary>
    /// <param name="number">The number of the last step.</param>
    internal void Restart(long number) => Array.Fill(_decayedAt, number);

    public void Dispose()
    {
        _weights.Dispose();
        _first.Dispose();
        _second.Dispose();
    }

    private void Decay(Span<float> weights, int input, long until)
    {
        if (_decay == 1 || _decayedAt[input] >= until)
            return;
        var factor = (float)Math.Pow(_decay, until - _decayedAt[input]);
        foreach (ref var weight in weights)
            weight *= factor;
    }
}
