namespace HumanCompatible.ML.Constraints.Compiled;

/// <summary>
/// c = P r - b on statistics in managed memory, in double precision and without gradient: what drives the duals. The same formula as
/// <see cref="CompiledConstraints.Violations(TorchSharp.torch.Tensor)"/>, whose dozen operations on a few numbers cost more than their
/// arithmetic.
/// </summary>
/// <param name="numerators">For each rate the index of its numerator in the statistics.</param>
/// <param name="denominators">For each rate the index of its denominator.</param>
internal sealed class LinearInequalities(long[] numerators, long[] denominators)
{
    private readonly double[] _rates = new double[numerators.Length];
    private (int Row, int Rate, double Coefficient)[] _terms = [];
    private double[] _bounds = [];

    /// <summary>Sets P and b.</summary>
    /// <param name="coefficients">P, [m, rates], row-major.</param>
    /// <param name="incidence">Which elements of P are terms of a row, though their coefficient may be 0; 1 or 0.</param>
    /// <param name="bounds">b, [m].</param>
    internal void Set(double[] coefficients, double[] incidence, double[] bounds)
    {
        _terms = [.. Enumerable.Range(0, coefficients.Length).Where(index => incidence[index] != 0)
            .Select(index => (index / _rates.Length, index % _rates.Length, coefficients[index]))];
        _bounds = bounds;
    }

    /// <summary>b, [m].</summary>
    internal ReadOnlySpan<double> Bounds => _bounds;

    /// <summary>Writes c; NaN where a rate of the row is not defined.</summary>
    /// <param name="statistics">S, [groups, q], row-major.</param>
    /// <param name="violations">Receives c, [m].</param>
    internal void Compute(ReadOnlySpan<double> statistics, Span<double> violations)
    {
        for (var rate = 0; rate < _rates.Length; rate++)
        {
            var denominator = statistics[(int)denominators[rate]];
            _rates[rate] = denominator > CompiledConstraints.SmallestDenominator
                ? statistics[(int)numerators[rate]] / denominator : double.NaN;
        }

        for (var row = 0; row < violations.Length; row++)
            violations[row] = -_bounds[row];
        foreach (var (row, rate, coefficient) in _terms)
            violations[row] += coefficient * _rates[rate];
    }
}
