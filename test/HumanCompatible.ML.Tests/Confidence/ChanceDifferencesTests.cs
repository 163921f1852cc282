using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Tests.Confidence;

[TestClass]
public sealed class ChanceDifferencesTests
{
    private static readonly FairnessConstraint Parity = Fairness.DemographicParity("G", 0.05);

    [TestMethod]
    public void Of_GroupsNoFurtherApartThanChance_IsAllOfTheirDifferences()
    {
        // p = 1/2, v = 1/4 / 100: Q = 4 x 0.03^2 / v, which is less than 4.
        var (byChance, estimates) = Of(Parity, 53, 47, 53, 47);

        for (var index = 0; index < estimates.Length; index++)
            Assert.AreEqual(Math.Max(0, estimates[index].Violation + 0.05), byChance[index], 1e-12);
        Assert.AreEqual(0.06, byChance[0], 1e-12, "a - b");
        Assert.AreEqual(0, byChance[1], "b - a");
    }

    [TestMethod]
    public void Of_GroupsFurtherApart_IsTheShareThatChanceHas()
    {
        // Q = 4 x 0.1^2 / v = 16 (v with the smoothed rate 0.5), K = 4.
        var (byChance, _) = Of(Parity, 60, 40, 60, 40);

        Assert.AreEqual(0.2 * 4 / 16, byChance[0], 1e-9);
    }

    [TestMethod]
    public void Of_GroupsThatAVerdictSpeaksOf_IsNothing()
    {
        var rates = CountedRows.Of(("a", [50_000, 0, 50_000, 0]), ("b", [50_500, 0, 49_500, 0]), ("c", [20, 0, 30, 0]),
            ("d", [30, 0, 20, 0]));
        var estimates = HoldingRule.Estimates(Parity, rates, isHeld: true);

        var byChance = ChanceDifferences.Of(Parity, rates, estimates);

        Assert.AreEqual(0, byChance[0], "a - b");
        Assert.AreEqual(0, byChance[1], "b - a");
        Assert.AreEqual(0.1 * 2 / 4, byChance[2], 1e-3, "a - c: Q = 2 x 0.1^2 / (1/4 / 50) = 4");
    }

    [TestMethod]
    public void Of_GroupsOf1OverBoundSquaredRows_IsNothing()
    {
        // 2 standard errors of a share of 100 rows are at most 0.1.
        Assert.IsTrue(Of(Parity with { Bound = 0.1 }, 60, 40, 60, 40).ByChance.All(one => one == 0));
        Assert.IsGreaterThan(0, Of(Parity with { Bound = 0.0999 }, 60, 40, 60, 40).ByChance[0]);
        Assert.IsGreaterThan(0, Of(Parity, 2, 1, 2, 1).ByChance[0], "few are selected, which is no reason");
    }

    [TestMethod]
    public void Of_SomeGroupsThatTheRowsTell_IsOfTheOthersAlone()
    {
        var parity = Parity with { Bound = 0.1 };
        var rates = CountedRows.Of(("a", [60, 0, 40, 0]), ("b", [40, 0, 60, 0]), ("c", [30, 0, 20, 0]), ("d", [20, 0, 30, 0]));
        var estimates = HoldingRule.Estimates(parity, rates, isHeld: true);

        var byChance = ChanceDifferences.Of(parity, rates, estimates);

        Assert.AreEqual(0, byChance[0], "a - b");
        Assert.AreEqual(0.2 * 2 / 4, byChance[2 + Array.FindIndex(estimates[2..], one => one.Violation > 0.09)], 1e-3,
            "with c or d: Q = 2 x 0.1^2 / (1/4 / 50) = 4");
    }

    [TestMethod]
    public void Of_ARatio_CountsEachRateWithItsCoefficient()
        // 2 x 0.8 x 0.05 and 2 x 0.05 fit in 0.2 x 0.54.
        => Assert.IsTrue(Of(Fairness.DisparateImpact("G", 0.8), 58, 54, 58, 54).ByChance.All(one => one == 0));

    [TestMethod]
    public void Of_FewPredictions_CountsAsManyRowsAsLabels()
    {
        // 20 are predicted positive of 100 that are.
        var rates = CountedRows.Of([.. new[] { 13, 10, 13, 10 }.Select((found, group)
            => ($"{group}", new[] { found, 20 - found, 180, 100 - found }))]);
        double[] ByChance(double bound)
        {
            var parity = Fairness.PredictiveParity("G", bound);
            return ChanceDifferences.Of(parity, rates, HoldingRule.Estimates(parity, rates, isHeld: true));
        }

        Assert.IsTrue(ByChance(0.1).All(one => one == 0));
        Assert.IsGreaterThan(0, ByChance(0.09)[0]);
    }

    [TestMethod]
    public void Of_GroupsThatBreakTheBoundBeyondDoubt_IsNothing()
        => Assert.IsTrue(Of(Parity, 95, 5, 50, 50).ByChance.All(one => one == 0));

    [TestMethod]
    public void Of_MeansOfManyRows_IsNothing()
    {
        // Their standard error is 0.2 / 40^(1/2).
        double[] Losses(double shift) => [.. Enumerable.Range(0, 40).Select(row => shift + (row % 2 == 0 ? 0.4 : 0))];
        double ByChance(double bound)
        {
            var parity = Fairness.LossParity("G", bound);
            var rates = CountedRows.OfLosses(Losses(0.1), Losses(0), Losses(0.1));
            return ChanceDifferences.Of(parity, rates, HoldingRule.Estimates(parity, rates, isHeld: true))[0];
        }

        Assert.AreEqual(0, ByChance(0.07));
        Assert.IsGreaterThan(0, ByChance(0.06));
    }

    [TestMethod]
    public void Of_TwoGroups_OrBoundsOfEach_IsNothing()
    {
        Assert.IsTrue(Of(Parity, 53, 47).ByChance.All(one => one == 0));
        Assert.IsTrue(Of(Fairness.RateAtMost(GroupMetric.SelectionRate, "G", 0.4), 53, 47, 53, 47).ByChance.All(one => one == 0));
    }

    [TestMethod]
    public void Of_ARatio_IsOfTheDistanceFromParity()
    {
        var ratio = Fairness.DisparateImpact("G", 0.9);
        var (byChance, estimates) = Of(ratio, 53, 47, 53, 47);

        // 0.9 r_a - r_b is 0.9 x 0.5 - 0.5 at parity.
        Assert.AreEqual((0.9 * 0.53) - 0.47 + 0.05, byChance[0], 1e-9);
        Assert.AreEqual((0.9 * 0.53) - 0.47, estimates[0].Violation, 1e-12);
    }

    [TestMethod]
    public void Of_EqualizedOdds_CountsEachStatisticForItself()
    {
        // Of 50 positives 25 or so are found in all groups; of 50 negatives 17 and 7 are mistaken.
        var rates = CountedRows.Of(("a", [26, 17, 33, 24]), ("b", [24, 7, 43, 26]), ("c", [26, 17, 33, 24]), ("d", [24, 7, 43, 26]));
        var odds = Fairness.EqualizedOdds("G", 0.05);
        var estimates = HoldingRule.Estimates(odds, rates, isHeld: true);

        var byChance = ChanceDifferences.Of(odds, rates, estimates);

        Assert.AreEqual(0.04, byChance[0], 1e-12, "true positive rates: all of it");
        Assert.AreEqual(0.2 * 4 / (4 * 0.1 * 0.1 / (0.24 * 0.76 / 50)), byChance[12], 1e-3, "false positive rates");
    }

    [TestMethod]
    public void Of_GroupsOfWhichNothingIsKnown_IsOfTheOthers()
    {
        double[] high = [.. Enumerable.Range(0, 60).Select(row => row < 30 ? 0.75 : 0.35)];
        double[] low = [.. Enumerable.Range(0, 60).Select(row => row < 30 ? 0.65 : 0.25)];
        var parity = Fairness.LossParity("G", 0.05); // 2 standard errors of 60 rows are 0.052
        double Share(params double[][] groups)
        {
            var rates = CountedRows.OfLosses(groups);
            var estimates = HoldingRule.Estimates(parity, rates, isHeld: true);
            return ChanceDifferences.Of(parity, rates, estimates)[0] / (estimates[0].Violation + estimates[0].Room);
        }

        var share = Share(high, low, high, low);

        Assert.AreEqual(4 / (4 * 0.05 * 0.05 / (0.04 / 59)), share, 1e-6);
        Assert.AreEqual(share, Share([high, low, high, low, .. Enumerable.Repeat(new[] { 0.5 }, 40)]), 1e-3, "groups of one row");
        Assert.AreEqual(0, Share([0.75, 0.75], [0.5, 0.5], [0.25, 0.25]), "no loss varies within a group");
    }

    [TestMethod]
    public void Of_AGroupWithoutARate_IsOfTheOthers()
    {
        var (byChance, estimates) = Of(Parity, 53, 47, 53, 47, null);

        Assert.AreEqual(0.06, byChance[0], 1e-12);
        Assert.IsTrue(estimates.Zip(byChance).Where(one => !one.First.IsDefined).All(one => one.Second == 0));
    }

    // Groups of 100 rows, of which so many are selected.
    private static (double[] ByChance, InequalityEstimate[] Estimates) Of(FairnessConstraint constraint, params int?[] selected)
    {
        var rates = CountedRows.Of([.. selected.Select((one, group)
            => ($"{group}", one is { } count ? new[] { count, 0, 100 - count, 0 } : [0, 0, 0, 0]))]);
        var estimates = HoldingRule.Estimates(constraint, rates, isHeld: true);
        return (ChanceDifferences.Of(constraint, rates, estimates), estimates);
    }
}
