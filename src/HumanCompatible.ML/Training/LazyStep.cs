using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Torch;
using TorchSharp;

namespace HumanCompatible.ML.Training;

/// <summary>
/// Steps on the weights of a <see cref="LazyFirstLayer"/>: a step moves the weights of the inputs that its rows have, and leaves the
/// others and their moments as they are (as torch's SparseAdam does). The decay of the others is made up for later.
/// </summary>
internal sealed class LazyStep : IDisposable
{
    private readonly LazyFirstLayer _layer;
    private readonly torch.Tensor _weights;
    private readonly torch.Tensor _first;
    private readonly torch.Tensor? _second;
    private readonly int _width;

    // The sum of the logarithms of what the steps multiply weights by, now and when an input was last caught up with.
    private readonly double[] _knownAt;
    private double _now;

    /// <param name="layer">The layer.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="first">Their first moments, lying in memory as they do.</param>
    /// <param name="second">Their second moments, or null.</param>
    internal LazyStep(LazyFirstLayer layer, torch.Tensor weights, torch.Tensor first, torch.Tensor? second)
    {
        (_layer, _knownAt, _width) = (layer, new double[layer.InputCount], (int)weights.shape[0]);
        (_weights, _first) = (LazyFirstLayer.Table(weights), LazyFirstLayer.Table(first));
        _second = second is null ? null : LazyFirstLayer.Table(second);
    }

    /// <summary>Moves the weights that have a gradient.</summary>
    /// <param name="step">The step.</param>
    internal void Apply(WeightStep step)
    {
        Span<float> weights = HostMemory.Of(_weights), first = HostMemory.Of(_first),
            second = _second is null ? default : HostMemory.Of(_second);
        var before = _now;
        _now += Math.Log(Math.Max(step.Decay, 0));
        for (var position = 0; position < _layer.Touched.Length; position++)
        {
            var input = _layer.Touched[position];
            var range = new Range(input * _width, (input + 1) * _width);
            Decay(weights[range], input, before);
            _knownAt[input] = _now;
            step.Apply(weights[range], _layer.Gradient(position), first[range], _second is null ? default : second[range]);
        }
    }

    /// <summary>Makes up for the decay of all weights.</summary>
    internal void CatchUp()
    {
        var weights = HostMemory.Of(_weights);
        for (var input = 0; input < _knownAt.Length; input++)
            Decay(weights.Slice(input * _width, _width), input, _now);
        Restart();
    }

    /// <summary>Says that no decay is owed.</summary>
    internal void Restart()
    {
        _now = 0;
        Array.Clear(_knownAt);
    }

    public void Dispose()
    {
        _weights.Dispose();
        _first.Dispose();
        _second?.Dispose();
    }

    private void Decay(Span<float> weights, int input, double until)
    {
        if (_knownAt[input] == until)
            return;
        var factor = (float)Math.Exp(until - _knownAt[input]);
        foreach (ref var weight in weights)
            weight *= factor;
    }
}
