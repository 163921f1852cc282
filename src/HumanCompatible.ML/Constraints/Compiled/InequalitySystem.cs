using HumanCompatible.ML.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Constraints.Compiled;

/// <summary>
/// The violations c = P r - b [m] of rates r that are ratios of statistics, in two forms: differentiable on tensors, and in double
/// precision in managed memory. The second drives the multipliers: a dozen tensor operations on a few numbers cost more than their
/// arithmetic.
/// </summary>
internal sealed class InequalitySystem : IDisposable
{
    private readonly long[] _numeratorOf, _denominatorOf;
    private readonly double[] _rates;
    private readonly Tensor _numerators, _denominators, _one, _zero;
    private Tensor? _coefficients, _incidence, _boundTensor;
    private (int Inequality, int Rate, double Coefficient)[] _terms = [];
    private double[] _bounds = [];

    /// <param name="numerators">For each rate the index of its numerator in the statistics.</param>
    /// <param name="denominators">For each rate the index of its denominator.</param>
    /// <param name="dtype">Float32 or Float64.</param>
    /// <param name="device">Where the statistics are.</param>
    internal InequalitySystem(long[] numerators, long[] denominators, ScalarType dtype, Device device)
    {
        (_numeratorOf, _denominatorOf, _rates) = (numerators, denominators, new double[numerators.Length]);
        _numerators = Owned(torch.tensor(numerators, device: device));
        _denominators = Owned(torch.tensor(denominators, device: device));
        _one = Owned(torch.ones(1, dtype: dtype, device: device));
        _zero = Owned(torch.zeros(1, dtype: dtype, device: device));
    }

    /// <summary>Sets P and b. A term counts as one of its inequality even where its coefficient is 0.</summary>
    /// <param name="terms">The terms of each inequality, each with the index of its rate; several of one rate add up.</param>
    /// <param name="bounds">b, [m].</param>
    internal void Set(IEnumerable<(int Inequality, int Rate, double Coefficient)> terms, double[] bounds)
    {
        _terms = [.. terms.GroupBy(term => (term.Inequality, term.Rate)).OrderBy(same => same.Key)
            .Select(same => (same.Key.Inequality, same.Key.Rate, same.Sum(term => term.Coefficient)))];
        _bounds = bounds;
        double[] coefficients = new double[bounds.Length * _rates.Length], incidence = new double[coefficients.Length];
        foreach (var (inequality, rate, coefficient) in _terms)
            (coefficients[inequality * _rates.Length + rate], incidence[inequality * _rates.Length + rate]) = (coefficient, 1);

        using var scope = torch.NewDisposeScope();
        Tensor Of(double[] values, params long[] shape) => Owned(torch.tensor(values, shape, dtype: _one.dtype, device: _one.device));
        DisposeMatrix();
        _coefficients = Of(coefficients, bounds.Length, _rates.Length);
        _incidence = Of(incidence, bounds.Length, _rates.Length);
        _boundTensor = Of(bounds, bounds.Length);
    }

    /// <summary>c, differentiable; 0 and without gradient where a rate of the inequality is not defined.</summary>
    /// <param name="statistics">S, in one row.</param>
    internal Tensor Violations(Tensor statistics)
    {
        using var scope = torch.NewDisposeScope();
        var denominators = statistics.index_select(0, _denominators);
        if (AreKnownDefined(denominators))
        {
            return _coefficients!.mv(statistics.index_select(0, _numerators).div(denominators)).sub(_boundTensor!)
                .MoveToOuterDisposeScope();
        }

        var undefined = denominators.le(Scalars.Of(CompiledConstraints.SmallestDenominator));
        var rates = statistics.index_select(0, _numerators).div(torch.where(undefined, _one, denominators));
        var hasUndefined = _incidence!.mv(undefined.to_type(_one.dtype)).gt(Scalars.Zero);
        return torch.where(hasUndefined, _zero, _coefficients!.mv(rates).sub(_boundTensor!)).MoveToOuterDisposeScope();
    }

    /// <summary>Writes c; NaN where a rate of the inequality is not defined.</summary>
    /// <param name="statistics">S, in one row.</param>
    /// <param name="violations">Receives c, [m].</param>
    internal void Violations(ReadOnlySpan<double> statistics, Span<double> violations)
    {
        for (var rate = 0; rate < _rates.Length; rate++)
        {
            var denominator = statistics[(int)_denominatorOf[rate]];
            _rates[rate] = denominator > CompiledConstraints.SmallestDenominator
                ? statistics[(int)_numeratorOf[rate]] / denominator : double.NaN;
        }

        for (var inequality = 0; inequality < violations.Length; inequality++)
            violations[inequality] = -_bounds[inequality];
        foreach (var (inequality, rate, coefficient) in _terms)
            violations[inequality] += coefficient * _rates[rate];
    }

    public void Dispose()
    {
        foreach (var tensor in new[] { _numerators, _denominators, _one, _zero })
            tensor.Dispose();
        DisposeMatrix();
    }

    // Where that costs nothing to know.
    private static bool AreKnownDefined(Tensor denominators)
    {
        if (!HostMemory.Has(denominators))
            return false;
        foreach (var denominator in HostMemory.Of(denominators))
        {
            if (!(denominator > (float)CompiledConstraints.SmallestDenominator))
                return false;
        }

        return true;
    }

    private void DisposeMatrix()
    {
        _coefficients?.Dispose();
        _incidence?.Dispose();
        _boundTensor?.Dispose();
    }

    private static Tensor Owned(Tensor tensor) => tensor.DetachFromDisposeScope();
}
