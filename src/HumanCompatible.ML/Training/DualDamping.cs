namespace HumanCompatible.ML.Training;

/// <summary>
/// Keeps multipliers from swinging: a step that is too long for how fast the network answers overshoots, the network runs into constant predictions, and the multiplier takes
/// long to come back. The violations that a dual step sees are scaled by a factor of each row's own, 1 at first:
/// halved when the violation changes its sign, raised by 2 in 100 when it does not, and lowered for all rows in proportion when a step moved a multiplier by more than 0.02.
/// Settings that are too large by a factor of hundreds then do about as well as good ones; good ones are hardly touched.
/// </summary>
/// <param name="count">The number of violations.</param>
internal sealed class DualDamping(int count)
{
    private const double Shrinkage = 0.5;
    private const double Growth = 1.02;
    private const double LeastFactor = 0.001;
    private const double LargestStep = 0.02;

    /// <summary>A violation that is closer to 0 is noise, whose sign tells nothing.</summary>
    private const double Noise = 0.005;

    private readonly double[] _factors = [.. Enumerable.Repeat(1.0, count)];
    private readonly double[] _last = new double[count];

    /// <summary>The factors, and behind them the last violations that were more than noise.</summary>
    internal double[] State => [.. _factors, .. _last];

    /// <summary>Scales the violations of a dual step.</summary>
    /// <param name="violations">c; scaled in place.</param>
    /// <param name="duals">The multipliers before the step.</param>
    internal void Scale(Span<double> violations, IReadOnlyList<double> duals)
    {
        for (var row = 0; row < violations.Length; row++)
        {
            var violation = violations[row];
            if (Math.Abs(violation) > Noise)
            {
                // A satisfied constraint whose multiplier is 0 has nothing to swing.
                var turned = _last[row] * violation < 0 && (duals[row] != 0 || violation > 0);
                _factors[row] = turned ? Math.Max(LeastFactor, _factors[row] * Shrinkage) : Math.Min(1, _factors[row] * Growth);
                _last[row] = violation;
            }

            violations[row] = violation * _factors[row];
        }
    }

    /// <summary>Takes note of how far a step moved the multipliers.</summary>
    internal void After(IReadOnlyList<double> before, IReadOnlyList<double> after)
    {
        var largest = 0.0;
        for (var row = 0; row < before.Count; row++)
            largest = Math.Max(largest, Math.Abs(after[row] - before[row]));
        if (largest <= LargestStep)
            return;
        for (var row = 0; row < _factors.Length; row++)
            _factors[row] = Math.Max(LeastFactor, _factors[row] * LargestStep / largest);
    }

    /// <summary>Takes over a <see cref="State"/>; one of another length is left alone.</summary>
    internal void Load(ReadOnlySpan<double> state)
    {
        if (state.Length != 2 * _factors.Length)
            return;
        state[.._factors.Length].CopyTo(_factors);
        state[_factors.Length..].CopyTo(_last);
    }
}
