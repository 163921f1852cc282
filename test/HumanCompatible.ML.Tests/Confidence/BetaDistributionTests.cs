using FsCheck;
using FsCheck.Fluent;
using HumanCompatible.ML.Confidence;

namespace HumanCompatible.ML.Tests.Confidence;

[TestClass]
public sealed class BetaDistributionTests
{
    private static readonly Arbitrary<(double A, double B, double X)> Any =
        (from a in Gen.Choose(1, 4000) from b in Gen.Choose(1, 4000) from x in Gen.Choose(0, 1000) select (a / 8.0, b / 8.0, x / 1000.0))
            .ToArbitrary();

    [TestMethod]
    [DataRow(0.5, 0.5723649429247001)]
    [DataRow(5, 3.1780538303479458)]
    [DataRow(9.5, 11.689333420797269)]
    [DataRow(100, 359.1342053695754)]
    public void LogGamma_KnownArguments_GivesTheTabulatedValues(double x, double logGamma)
        => Assert.AreEqual(logGamma, BetaDistribution.LogGamma(x), 1e-12 * Math.Max(1, logGamma));

    [TestMethod]
    public void Cumulative_OfWholeParameters_IsTheTailOfTheBinomial()
    {
        // I_p(k, n - k + 1) = P(at least k of n).
        for (var n = 1; n <= 30; n += 7)
        {
            for (var k = 1; k <= n; k++)
            {
                for (var p = 0.05; p < 1; p += 0.15)
                {
                    Assert.AreEqual(Enumerable.Range(k, n - k + 1).Sum(i => Binomial.Probability(i, n, p)),
                        new BetaDistribution(k, n - k + 1).Cumulative(p), 1e-12, $"{k} of {n} at {p}");
                }
            }
        }
    }

    [TestMethod]
    public void Cumulative_AtTheEnds_IsZeroAndOne()
    {
        var beta = new BetaDistribution(0.5, 3000);
        Assert.AreEqual((0.0, 0.0, 1.0, 1.0), (beta.Cumulative(-1), beta.Cumulative(0), beta.Cumulative(1), beta.Cumulative(2)));
    }

    [TestMethod]
    public void Cumulative_OfTheMirroredDistribution_AddsUpToOne()
        => Prop.ForAll(Any, t => Math.Abs(new BetaDistribution(t.A, t.B).Cumulative(t.X)
            + new BetaDistribution(t.B, t.A).Cumulative(1 - t.X) - 1) < 1e-11).CheckSeeded();

    [TestMethod]
    public void Quantile_IsTheInverse()
        => Prop.ForAll(Any, t => t.X is 0 or 1
            || Math.Abs(new BetaDistribution(t.A, t.B).Cumulative(new BetaDistribution(t.A, t.B).Quantile(t.X)) - t.X) < 1e-10)
            .CheckSeeded();
}
