using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Confidence;

/// <summary>
/// An upper limit of a p - b q for proportions p, q of independent rows, a, b at least 0: the 1 - tail quantile of a P - b Q, where P has
/// the upper and Q the lower confidence distribution of Clopper and Pearson, Beta(k + 1, n - k) and Beta(k, n - k + 1). Its coverage was
/// never found below 1 - tail, by the authors or by the tests here, and it is much narrower than the difference of two limits. Source: Fay,
/// Proschan and Brittain (2015), Combining one-sample confidence procedures, Biometrics 71.
/// </summary>
internal sealed class MeldedProportions
{
    private const int Cells = 400;

    // How much of the allowed tail may be lost at each end of Q.
    private const double LostShare = 1e-4;
    private readonly double _tail;
    private readonly BetaDistribution? _first;
    private readonly (double Value, double Probability)[] _second;

    /// <param name="first">p.</param>
    /// <param name="second">q.</param>
    /// <param name="tail">The probability with which the limit may fail.</param>
    internal MeldedProportions(RateEstimate first, RateEstimate second, double tail)
    {
        _tail = tail;
        double k = first.Value * first.Size, l = second.Value * second.Size;
        _first = first.IsDefined && first.Value < 1 ? new BetaDistribution(k + 1, first.Size - k) : null; // else P is 1
        _second = second.IsDefined && second.Value > 0
            ? Discretized(new BetaDistribution(l, second.Size - l + 1), tail * LostShare) : [(0, 1)];
    }

    /// <summary>Whether a p - b q is at most <paramref name="limit"/> with the confidence. The cells of Q err on the side of no.</summary>
    internal bool IsAtMost(double a, double b, double limit)
    {
        double probability = 0;
        foreach ((var value, var share) in _second)
            probability += share * FirstAtMost(a, limit + b * value);
        return probability >= 1 - _tail;
    }

    private double FirstAtMost(double a, double x)
    {
        if (a == 0) return x >= 0 ? 1 : 0;
        return _first?.Cumulative(x / a) ?? (x >= a ? 1 : 0);
    }

    // Each cell's probability sits at its lower end; what lies outside of all cells is lost.
    private static (double, double)[] Discretized(BetaDistribution distribution, double lost)
    {
        double low = distribution.Quantile(lost), high = distribution.Quantile(1 - lost);
        var cells = new (double, double)[Cells];
        var before = distribution.Cumulative(low);
        for (var i = 0; i < Cells; i++)
        {
            var upTo = distribution.Cumulative(low + (high - low) * (i + 1) / Cells);
            cells[i] = (low + (high - low) * i / Cells, upTo - before);
            before = upTo;
        }
        return cells;
    }
}
