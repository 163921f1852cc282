namespace HumanCompatible.ML.Training.Multipliers;

/// <summary>
/// An average of the group statistics of batches: a small batch has few members of a small group, and its rates are noise. The plain mean
/// of the first batches, then an exponential one, s &lt;- s + r (s_batch - s) with r = max(1 / window, 1 / batches so far). Numerators and
/// denominators are averaged apart, so that a batch without a member of a group leaves the rates of that group as they are.
/// </summary>
/// <param name="window">About how many batches are remembered, at least 1.</param>
internal sealed class RateSmoothing(double window)
{
    private double[]? _statistics;

    /// <summary>The average, row-major; empty before the first batch.</summary>
    internal ReadOnlySpan<double> Statistics => _statistics;

    /// <summary>The batches taken in.</summary>
    internal long Count { get; private set; }

    /// <summary>Whether a whole window was taken in. Before, the average is that of a network that has hardly learned.</summary>
    internal bool IsFull => Count >= window;

    /// <summary>Whether it is with one more batch.</summary>
    internal bool IsFullWithNext => Count + 1 >= window;

    /// <summary>Resumes from an average; an empty one starts anew.</summary>
    internal void Load(long count, ReadOnlySpan<double> statistics)
    {
        _statistics = statistics.IsEmpty ? null : statistics.ToArray();
        Count = statistics.IsEmpty ? 0 : count;
    }

    /// <summary>Takes in the statistics of a batch.</summary>
    /// <param name="values">The statistics, row-major.</param>
    /// <returns>The average; it stays this object's.</returns>
    internal ReadOnlySpan<double> Add(ReadOnlySpan<double> values)
    {
        _statistics ??= new double[values.Length];
        var rate = Math.Max(1 / window, 1.0 / ++Count);
        for (var index = 0; index < _statistics.Length; index++)
            _statistics[index] += rate * (values[index] - _statistics[index]);
        return _statistics;
    }
}
