using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Auditing;

/// <summary>
/// The generalized entropy of benefits. Source: Speicher et al. (2018), A unified approach to quantifying algorithmic unfairness.
/// </summary>
internal static class BenefitEntropy
{
    /// <summary>The benefits prediction - label + 1 with their weights.</summary>
    internal static IEnumerable<(double Benefit, double Weight)> Benefits(GroupCounts counts) =>
        [(0, counts.Sum(RowQuantity.FalseNegative)), (1, counts.Sum(RowQuantity.Correct)), (2, counts.Sum(RowQuantity.FalsePositive))];

    /// <summary>Their mean and weight.</summary>
    internal static (double Benefit, double Weight) Mean(GroupCounts counts)
    {
        var weight = counts.Sum(RowQuantity.All);
        return (Benefits(counts).Sum(one => one.Benefit * one.Weight) / weight, weight);
    }

    internal static double Of(double alpha, IEnumerable<(double Benefit, double Weight)> benefits)
    {
        (double Benefit, double Weight)[] all = [.. benefits.Where(one => one.Weight > 0)];
        var weight = all.Sum(one => one.Weight);
        var mean = all.Sum(one => one.Benefit * one.Weight) / weight;
        if (!(mean > 0))
            return double.NaN;
        double MeanOf(Func<double, double> value) => all.Sum(one => one.Weight * value(one.Benefit / mean)) / weight;
        return alpha switch
        {
            0 => -MeanOf(Math.Log),
            1 => MeanOf(share => share > 0 ? share * Math.Log(share) : 0),
            _ => MeanOf(share => Math.Pow(share, alpha) - 1) / (alpha * (alpha - 1)),
        };
    }
}
