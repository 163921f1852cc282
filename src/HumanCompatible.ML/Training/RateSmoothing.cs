using TorchSharp;

namespace HumanCompatible.ML.Training;

/// <summary>
/// An exponential moving average of the group statistics of batches: a small batch has few members of a small group, and its rates are noise.
/// Numerators and denominators are averaged apart, s = d s + (1 - d) s_batch, so that a batch without a group's member leaves the rates of that group as they are.
/// </summary>
/// <param name="decay">d, at least 0 and below 1.</param>
internal sealed class RateSmoothing(double decay) : IDisposable
{
    private torch.Tensor? _statistics;

    /// <summary>Takes in the statistics of a batch, which stay the caller's.</summary>
    /// <returns>The average; it stays this object's.</returns>
    internal torch.Tensor Add(torch.Tensor batch)
    {
        if (_statistics is null)
            _statistics = batch.clone().DetachFromDisposeScope();
        else
            _statistics.mul_(decay).add_(batch, alpha: 1 - decay);
        return _statistics;
    }

    public void Dispose() => _statistics?.Dispose();
}
