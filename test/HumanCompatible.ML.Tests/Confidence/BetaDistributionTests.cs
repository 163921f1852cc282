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
    [DataRow(10, 12.801827480081469)]
    [DataRow(100, 359.1342053695754)]
    public void LogGamma_KnownArguments_GivesTheTabulatedValues(double x, double logGamma)
        => Assert.AreEqual(logGamma, BetaDistribution.LogGamma(x), 1e-15 * Math.Max(10, logGamma));

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
    [DataRow(2.0, 3.0, 0.5, 0.385727568132389548)]
    [DataRow(0.5, 0.5, 0.3, 0.206107373853763435)]
    [DataRow(0.5, 10.0, 0.95, 0.178686706604300948)]
    [DataRow(1.0, 29.0, 0.975, 0.119444869069502721)]
    [DataRow(30.5, 12.0, 0.025, 0.575126588577988961)]
    [DataRow(1000.0, 1000.0, 0.05, 0.481613898702963310)]
    public void Quantile_OfKnownParameters_GivesTheValuesOfFortyDigits(double a, double b, double probability, double quantile)
        => Assert.AreEqual(quantile, new BetaDistribution(a, b).Quantile(probability), 1e-14);

    [TestMethod]
    public void Quantile_OfZeroAndOne_IsTheLeastNumberThatReachesThem()
    {
        var beta = new BetaDistribution(1000, 1000); // underflows to 0 long before 0

        Assert.IsLessThan(1e-300, beta.Quantile(0));
        Assert.AreEqual(1, beta.Cumulative(beta.Quantile(1)));
        Assert.IsLessThan(1, beta.Cumulative(beta.Quantile(1) - 1e-12));
    }

    [TestMethod]
    public void Quantile_IsTheInverse()
        => Prop.ForAll(Any, t => t.X is 0 or 1
            || Math.Abs(new BetaDistribution(t.A, t.B).Cumulative(new BetaDistribution(t.A, t.B).Quantile(t.X)) - t.X) < 1e-10)
            .CheckSeeded();

    [TestMethod]
    [DataRow(0.05, 5.0, 1e-10, DisplayName = "a quantile near 1e-200")]
    [DataRow(0.02, 0.02, 1e-5, DisplayName = "nearly all at the ends")]
    [DataRow(5e8, 5e8, 0.025)]
    [DataRow(1e9, 3.0, 0.5)]
    [DataRow(1.0, 1e9, 0.975)]
    [DataRow(0.5, 5e8, 0.999999)]
    [DataRow(1e-3, 1e3, 0.9)]
    public void Quantile_OfExtremeParameters_IsTheInverse(double a, double b, double probability)
    {
        var beta = new BetaDistribution(a, b);
        Assert.AreEqual(probability, beta.Cumulative(beta.Quantile(probability)), 1e-6 * probability);
    }

    [TestMethod]
    [TestCategory("Slow")]
    public void Quantile_OverSizesThatCountsHave_Converges()
    {
        for (var exponent = 0; exponent <= 36; exponent++)
        {
            var n = Math.Pow(10, exponent / 4.0);
            foreach (var share in new[] { 0, 1e-6, 0.003, 0.1, 0.5, 0.9, 1 - 1e-6, 1 })
            {
                foreach (var tail in new[] { 1e-6, 0.01, 0.05, 0.4 })
                {
                    var limits = Intervals.ClopperPearson(share, n, tail);
                    Assert.IsTrue(limits.Lower <= share && share <= limits.Upper, $"{share} of {n}: {limits}");
                }
            }
        }
    }

    [TestMethod]
    public void Cumulative_OfParametersThatAreTooLarge_IsAnError()
        => Assert.AreEqual("The continued fraction of Beta(10000000000000, 10000000000000) at 0.5 does not converge.",
            Assert.ThrowsExactly<ArithmeticException>(() => new BetaDistribution(1e13, 1e13).Cumulative(0.5)).Message);

    [TestMethod]
    public void Quantile_ThatCannotBeFound_IsAnError()
    {
        var error = Assert.ThrowsExactly<ArithmeticException>(() => new BetaDistribution(2, 3).Quantile(double.NaN));
        Assert.AreEqual("The NaN quantile of Beta(2, 3) cannot be found.", error.Message);
        Assert.ThrowsExactly<ArithmeticException>(() => new BetaDistribution(double.NaN, 3).Quantile(0.5));
        Assert.ThrowsExactly<ArithmeticException>(() => new BetaDistribution(2, 3).Quantile(-0.01));
        Assert.ThrowsExactly<ArithmeticException>(() => new BetaDistribution(2, 3).Quantile(1.01));
    }
}
