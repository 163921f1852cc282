using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Tests.Confidence;

[TestClass]
public sealed class MeldedProportionsTests
{
    [TestMethod]
    [DataRow(1, 4, 3, 4, 17 / 70.0)]
    [DataRow(2, 15, 7, 15, 0.0543228385807096)]
    [DataRow(3, 20, 9, 25, 0.1058554206597315)]
    public void IsAtMost_NoDifference_AgreesWithFishersExactTest(int k, int n, int l, int m, double fisher)
    {
        // The one-sided probability of k or fewer of n, given k + l of n + m in all.
        var (p, q) = (RateEstimate.Proportion((double)k / n, n), RateEstimate.Proportion((double)l / m, m));

        Assert.IsTrue(new MeldedProportions(p, q, fisher * 1.03).IsAtMost(1, 1, 0));
        Assert.IsFalse(new MeldedProportions(p, q, fisher * 0.999).IsAtMost(1, 1, 0));
    }

    [TestMethod]
    [TestCategory("Slow")]
    [DataRow(1.0, 0.1)]
    [DataRow(1.0, 0.02)]
    [DataRow(0.8, 0.05)]
    public void IsAtMost_OfEveryPairOfProportions_FailsNoMoreOftenThanItsTail(double a, double tail)
    {
        foreach (var (n, m) in new[] { (1, 6), (6, 1), (3, 3), (9, 4), (4, 13) })
        {
            var limits = new double[n + 1, m + 1];
            for (var k = 0; k <= n; k++)
            {
                for (var l = 0; l <= m; l++)
                {
                    limits[k, l] = Limit(new MeldedProportions(RateEstimate.Proportion((double)k / n, n),
                        RateEstimate.Proportion((double)l / m, m), tail), a);
                }
            }

            for (double p = 0; p <= 1; p += 1 / 16.0)
            {
                for (double q = 0; q <= 1; q += 1 / 16.0)
                {
                    double fails = 0;
                    for (var k = 0; k <= n; k++)
                    {
                        for (var l = 0; l <= m; l++)
                            fails += limits[k, l] < a * p - q - 1e-6 ? Binomial.Probability(k, n, p) * Binomial.Probability(l, m, q) : 0;
                    }

                    Assert.IsLessThanOrEqualTo(tail, fails, $"{n}, {m} at {p}, {q}");
                }
            }
        }
    }

    [TestMethod]
    public void IsAtMost_OfManyRows_IsNearlyTheNormalLimit()
    {
        var pair = new MeldedProportions(RateEstimate.Proportion(0.3, 20000), RateEstimate.Proportion(0.2, 30000), 0.05);

        var normal = 0.1 + 1.644854 * Math.Sqrt(0.21 / 20000 + 0.16 / 30000);
        Assert.AreEqual(normal, Limit(pair, 1), 0.0002);
        Assert.IsGreaterThan(normal - 1e-5, Limit(pair, 1));
    }

    [TestMethod]
    public void IsAtMost_OfNothingCounted_TakesTheWorstOfThatRate()
    {
        var (some, none) = (RateEstimate.Proportion(0, 50), RateEstimate.Proportion(double.NaN, 0));
        var upper = Intervals.ClopperPearson(0, 50, 0.05).Upper;

        Assert.AreEqual(upper, Limit(new MeldedProportions(some, none, 0.05), 1), 1e-6);
        Assert.AreEqual(1, Limit(new MeldedProportions(none, some, 0.05), 1), 1e-6);
    }

    private static double Limit(MeldedProportions pair, double a)
    {
        double low = -1, high = 1;
        while (high - low > 1e-7)
        {
            var middle = (low + high) / 2;
            if (pair.IsAtMost(a, 1, middle)) high = middle;
            else low = middle;
        }
        return high;
    }
}
