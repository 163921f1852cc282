using TorchSharp;

namespace HumanCompatible.ML.Training;

/// <summary>
/// An exponential moving average of the group statistics of batches: a small batch has few members of a small group, and its rates are noise.
/// Numerators and denominators are averaged apart, s = d s + (1 - d) s_batch, so that a batch without a group's member leaves the rates of that group as they are.
/// </summary>
/// <param name="decay">d, at least 0 and below 1.</param>
internal sealed class RateSmoothing(double decay)
{
    private double[]? _statistics;

    /// <summary>The average, row-major; empty before the first batch.</summary>
    internal ReadOnlySpan<double> Statistics => _statistics;

    /// <summary>Goes on from an average; an empty one starts anew.</summary>
    internal void Load(ReadOnlySpan<double> statistics) => _statistics = statistics.IsEmpty ? null : statistics.ToArray();

    /// <summary>Takes in the statistics of a batch.</summary>
    /// <param name="batch">Any shape, float32, on any device; not kept.</param>
    /// <returns>The average, row-major; it stays this object's.</returns>
    internal ReadOnlySpan<double> Add(torch.Tensor batch)
    {
        using var scope = torch.NewDisposeScope();
        var values = batch.detach().cpu().contiguous().data<float>();
        if (_statistics is null)
        {
            _statistics = new double[values.Count];
            for (var index = 0; index < _statistics.Length; index++)
                _statistics[index] = values[index];
        }
        else
        {
            for (var index = 0; index < _statistics.Length; index++)
                _statistics[index] = decay * _statistics[index] + (1 - decay) * values[index];
        }

        return _statistics;
    }
}
