using HumanCompatible.ML.Confidence;

namespace HumanCompatible.ML.Tests.Confidence;

/// <summary>Binomial probabilities, for expectations that are summed up exactly.</summary>
internal static class Binomial
{
    /// <summary>P(k of n) at probability p.</summary>
    internal static double Probability(int k, int n, double p)
    {
        if (p is 0 or 1) return k == (p == 0 ? 0 : n) ? 1 : 0;
        var choose = BetaDistribution.LogGamma(n + 1) - BetaDistribution.LogGamma(k + 1) - BetaDistribution.LogGamma(n - k + 1);
        return Math.Exp(choose + k * Math.Log(p) + (n - k) * Math.Log(1 - p));
    }
}
