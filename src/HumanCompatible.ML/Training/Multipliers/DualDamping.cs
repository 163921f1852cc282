namespace HumanCompatible.ML.Training.Multipliers;

/// <summary>
/// Keeps multipliers from running away: with steps that are too long for how fast the network answers they overshoot, the network is driven
/// into constant predictions, and they take
/// long to come back. The violations that a dual step sees are scaled by a factor, 1 at first, that is lowered in proportion when a step
/// moved a multiplier by more than 0.02 and
/// raised by 2 in 100 when not. Step sizes that are too large by a factor of hundreds then do about as well as good ones, which are not
/// touched.
/// </summary>
internal sealed class DualDamping
{
    private const double Growth = 1.02;
    private const double LargestStep = 0.02;

    /// <summary>The present factor, above 0 and at most 1.</summary>
    internal double Factor { get; private set; } = 1;

    /// <summary>Scales the violations of a dual step in place.</summary>
    internal void Scale(Span<double> violations)
    {
        foreach (ref var violation in violations)
            violation *= Factor;
    }

    /// <summary>Takes note of how far a step moved the multipliers.</summary>
    internal void After(IReadOnlyList<double> before, IReadOnlyList<double> after)
    {
        var largest = 0.0;
        for (var row = 0; row < before.Count; row++)
            largest = Math.Max(largest, Math.Abs(after[row] - before[row]));

        // A step of just the largest length, as an optimizer's own limit gives it, differs from it by rounding.
        Factor = largest > LargestStep * (1 + 1e-6) ? Factor * LargestStep / largest : Math.Min(1, Factor * Growth);
    }

    /// <summary>Goes on with a factor; one that is out of range is left alone.</summary>
    internal void Load(double factor)
    {
        if (factor is > 0 and <= 1)
            Factor = factor;
    }
}
