using System.Numerics.Tensors;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Torch;
using TorchSharp;
using TorchSharp.Modules;

namespace HumanCompatible.ML.Training;

/// <summary>
/// An exponential moving average of the weights over the steps, a &lt;- a + r (w - a): the plain mean of the first steps, then one that
/// forgets at the rate r. Averaged iterates of a stochastic method have less noise than the last one (Polyak and Juditsky, 1992), and those
/// of a saddle-point method swing less around the solution.
/// </summary>
internal sealed class WeightAverage : IDisposable
{
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly torch.Tensor[] _average;
    private readonly LazyAverage? _lazy;
    private readonly double _steps;
    private readonly int _stride;

    /// <param name="parameters">The weights; the average starts from them.</param>
    /// <param name="steps">About how many steps are remembered, at least 1.</param>
    /// <param name="stride">Only every so many steps are taken in, at least 1: neighboring weights differ little.</param>
    /// <param name="layer">The layer of the first parameter where few of its weights move in a step; else null.</param>
    internal WeightAverage(IReadOnlyList<Parameter> parameters, double steps, int stride = 1, LazyFirstLayer? layer = null)
    {
        _parameters = parameters;
        _steps = Math.Max(1, steps);
        _stride = stride;
        _average = [.. parameters.Select(Copy)];
        _lazy = layer is null ? null : new LazyAverage(layer, parameters[0], _average[0]);
    }

    /// <summary>The steps so far.</summary>
    internal long Count { get; private set; }

    /// <summary>Prepares for a step, when it is known which weights will move.</summary>
    internal void BeforeMove() => _lazy?.CatchUpTouched();

    /// <summary>Takes in the weights after a step.</summary>
    internal void Add()
    {
        if (++Count % _stride != 0)
            return;
        using var noGradient = torch.no_grad();
        var rate = Math.Min(1, _stride / Math.Min(_steps, Count));
        _lazy?.Add(rate);
        for (var index = _lazy is null ? 0 : 1; index < _average.Length; index++)
        {
            if (HostMemory.Has(_average[index], _parameters[index]))
            {
                var average = HostMemory.Of(_average[index]);
                TensorPrimitives.Lerp(average, HostMemory.Of(_parameters[index]), (float)rate, average);
                continue;
            }

            using var detached = _parameters[index].detach();
            _average[index].mul_(Scalars.Of(1 - rate)).add_(detached, Scalars.Of(rate));
        }
    }

    /// <summary>Puts the average in the place of the weights, until the result is disposed.</summary>
    internal IDisposable InPlaceOfWeights()
    {
        using var noGradient = torch.no_grad();
        _lazy?.CatchUp();
        var replaced = new ReplacedWeights(_parameters, [.. _parameters.Select(Copy)]);
        CopyInto(_parameters, _average);
        return replaced;
    }

    /// <summary>A copy of the average, one array per parameter.</summary>
    internal IReadOnlyList<float[]> Save()
    {
        using var scope = torch.NewDisposeScope();
        _lazy?.CatchUp();
        return [.. _average.Select(average => average.cpu().contiguous().data<float>().ToArray())];
    }

    /// <summary>Takes over what <see cref="Save"/> gave.</summary>
    /// <exception cref="ArgumentException">It is that of another network; nothing has changed.</exception>
    internal void Load(long count, IReadOnlyList<float[]> saved)
    {
        if (saved.Count != _average.Length || _average.Zip(saved).Any(pair => pair.First.numel() != pair.Second.Length))
            throw new ArgumentException("The average of the weights is that of another network.", nameof(saved));
        using var scope = torch.NewDisposeScope();
        CopyInto(_average, [.. _average.Zip(saved, (average, values) => torch.tensor(values, device: torch.CPU).reshape(average.shape))]);
        _lazy?.Restart();
        Count = count;
    }

    /// <summary>Brings the average up to date.</summary>
    internal void EndEpoch() => _lazy?.CatchUp();

    public void Dispose()
    {
        foreach (var average in _average)
            average.Dispose();
        _lazy?.Dispose();
    }

    private static torch.Tensor Copy(torch.Tensor tensor)
    {
        using var detached = tensor.detach();
        return detached.clone().DetachFromDisposeScope();
    }

    private static void CopyInto(IReadOnlyList<torch.Tensor> targets, torch.Tensor[] sources)
    {
        using var noGradient = torch.no_grad();
        for (var index = 0; index < targets.Count; index++)
            targets[index].copy_(sources[index]);
    }

    private sealed class ReplacedWeights(IReadOnlyList<Parameter> parameters, torch.Tensor[] weights) : IDisposable
    {
        public void Dispose()
        {
            CopyInto(parameters, weights);
            foreach (var tensor in weights)
                tensor.Dispose();
        }
    }
}
