using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Tests.Confidence;

/// <summary>Limits of counted groups against formulas of single pairs of groups.</summary>
[TestClass]
public sealed class ConfidenceLimitFormulaTests
{
    private const double Tail = 0.05;
    private static readonly FairnessConstraint Parity = Fairness.DemographicParity("Group", 0.1);
    private static readonly FairnessConstraint Impact = Fairness.DisparateImpact("Group", 0.8);

    // (selected, rows) of each group.
    private static readonly (int Selected, int Rows)[][] Tables =
    [
        [(30, 60), (24, 80)],
        [(24, 80), (30, 60)],
        [(30, 60), (24, 80), (22, 50), (70, 200)],
        [(5, 10), (500, 1000), (320, 1000)],
    ];

    [TestMethod]
    public void Of_DifferenceOfProportions_IsTheMeldedLimitOfTheWorstPair()
    {
        foreach (var table in Tables)
        {
            var limit = ConfidenceLimit.Of(Parity, Rates(Parity, table), Tail);
            Assert.IsTrue(Pairs(table).All(pair => pair.Melded().IsAtMost(1, 1, limit)));
            Assert.IsFalse(Pairs(table).All(pair => pair.Melded().IsAtMost(1, 1, limit - 2e-6)));
        }
    }

    [TestMethod]
    public void Of_RatioOfProportions_IsTheMeldedLimitOfTheWorstPair()
    {
        foreach (var table in Tables)
        {
            var limit = ConfidenceLimit.Of(Impact, Rates(Impact, table), Tail);
            Assert.IsTrue(Pairs(table).All(pair => pair.Melded().IsAtMost(limit, 1, 0)));
            Assert.IsFalse(Pairs(table).All(pair => pair.Melded().IsAtMost(limit + 2e-6, 1, 0)));
        }
    }

    [TestMethod]
    public void Predict_DifferenceOfProportions_IsNewcombesLimitOfTheWorstPair()
    {
        foreach (var table in Tables)
        {
            var expected = Pairs(table).Max(pair => pair.Newcombe(Tail).Upper);
            var predicted = ConfidenceLimit.Predict(Parity, Rates(Parity, table), Tail);

            Assert.AreEqual(expected, predicted, 2e-6);
            Assert.IsTrue(ConfidenceLimit.PredictsToHold(Parity with { Bound = predicted }, Rates(Parity, table), Tail));
            Assert.IsFalse(ConfidenceLimit.PredictsToHold(Parity with { Bound = predicted - 1e-5 }, Rates(Parity, table), Tail));
        }
    }

    [TestMethod]
    public void Predict_RatioOfProportions_IsTheRatioAtWhichTheSquaredDeviationsReachIt()
    {
        foreach (var table in Tables)
        {
            var expected = Pairs(table).Min(pair => 2 - Smallest(rest => pair.RatioHolds(2 - rest, Tail), 0, 2));
            Assert.AreEqual(expected, ConfidenceLimit.Predict(Impact, Rates(Impact, table), Tail), 3e-6);
        }
    }

    [TestMethod]
    public void Limits_OfMeanLosses_AreTheSquaredDeviationsOfStudentsLimits()
    {
        var parity = Fairness.LossParity("Group", 0.1);
        var rates = EstimatedRates.Of(parity, CountedRows.OfLosses([0.2, 0.9, 0.4, 0.7], [1.9, 0.6, 1.4, 1.2, 2.5]));
        var (low, high) = (rates.Estimate(GroupMetric.MeanLoss, 0), rates.Estimate(GroupMetric.MeanLoss, 1));
        ConfidenceInterval ofLow = Intervals.Student(low.Value, low.Variance, 4, Tail),
            ofHigh = Intervals.Student(high.Value, high.Variance, 5, Tail);
        var expected = Intervals.Newcombe(high.Value, ofHigh, low.Value, ofLow);

        Assert.AreEqual(expected.Upper, ConfidenceLimit.Of(parity, rates, Tail), 3e-6);
        Assert.AreEqual(expected.Upper, ConfidenceLimit.Predict(parity, rates, Tail), 3e-6);
        Assert.AreEqual(Math.Max(0, expected.Lower), ConfidenceLimit.Interval(parity, rates, Tail).Lower, 2e-6);
    }

    [TestMethod]
    public void Limits_OfOneGroup_AreNone()
    {
        var rates = Rates(Parity, [(30, 60)]);
        Assert.AreEqual(double.NaN, ConfidenceLimit.Of(Parity, rates, Tail));
        Assert.AreEqual(double.NaN, ConfidenceLimit.Predict(Parity, rates, Tail));
        Assert.AreEqual(ConfidenceInterval.Undefined, ConfidenceLimit.Interval(Parity, rates, Tail));
        Assert.AreEqual(ConfidenceInterval.Undefined, ConfidenceLimit.Interval(Parity, Rates(Parity, [(30, 60), (0, 0)]), Tail));
    }

    [TestMethod]
    public void Interval_OfADifference_IsNewcombesOfTheWorstPairWithAShareForEachGroupButOne()
    {
        foreach (var table in Tables)
        {
            var rates = Rates(Parity, table);
            var interval = ConfidenceLimit.Interval(Parity, rates, Tail);

            Assert.AreEqual(Pairs(table).Max(pair => pair.Newcombe(Tail / (table.Length - 1)).Lower), interval.Lower, 2e-6);
            Assert.AreEqual(ConfidenceLimit.Of(Parity, rates, Tail), interval.Upper);
            Assert.AreEqual(interval, ConfidenceLimit.Interval(Parity, Rates(Parity, [.. table, (0, 0)]), Tail), "A group without rows.");
        }

        Assert.AreEqual(0, ConfidenceLimit.Interval(Parity, Rates(Parity, [(30, 60), (31, 60)]), Tail).Lower);
    }

    [TestMethod]
    public void Interval_OfARatio_EndsWhereTheWorstPairIsBrokenBeyondDoubt()
    {
        foreach (var table in Tables)
        {
            var share = Tail / (table.Length - 1);
            var interval = ConfidenceLimit.Interval(Impact, Rates(Impact, table), Tail);

            Assert.AreEqual(Pairs(table).Min(pair => Smallest(ratio => pair.RatioIsBroken(ratio, share), 0, 1)), interval.Upper, 3e-6);
            Assert.AreEqual(ConfidenceLimit.Of(Impact, Rates(Impact, table), Tail), interval.Lower);
        }

        Assert.AreEqual(1, ConfidenceLimit.Interval(Impact, Rates(Impact, [(30, 60), (31, 60)]), Tail).Upper);
    }

    [TestMethod]
    public void Interval_OfBoundedRates_HasAShareForEachGroup()
    {
        (int Selected, int Rows)[] table = [(30, 60), (24, 80), (22, 50)];
        ConfidenceInterval[] outer = [.. table.Select(group => Exact(group, Tail))],
            inner = [.. table.Select(group => Exact(group, Tail / 3))];
        FairnessConstraint least = Fairness.RateAtLeast(GroupMetric.SelectionRate, "Group", 0.1),
            most = Fairness.RateAtMost(GroupMetric.SelectionRate, "Group", 0.1);

        var ofLeast = ConfidenceLimit.Interval(least, Rates(least, table), Tail);
        var ofMost = ConfidenceLimit.Interval(most, Rates(most, table), Tail);

        Assert.AreEqual(outer.Min(limits => limits.Lower), ofLeast.Lower, 2e-6);
        Assert.AreEqual(inner.Min(limits => limits.Upper), ofLeast.Upper, 2e-6);
        Assert.AreEqual(inner.Max(limits => limits.Lower), ofMost.Lower, 2e-6);
        Assert.AreEqual(outer.Max(limits => limits.Upper), ofMost.Upper, 2e-6);
    }

    [TestMethod]
    [DataRow(1.0)]
    [DataRow(1e6)]
    public void Interval_OfLargeMeanLosses_IsNotCutOff(double scale)
    {
        double[] large = [20 * scale, 21 * scale, 22 * scale, 19 * scale], small = [3 * scale, 4 * scale, 2 * scale];
        FairnessConstraint most = Fairness.BoundedGroupLoss("Group", 0.1),
            least = Fairness.RateAtLeast(GroupMetric.MeanLoss, "Group", 0.1);
        var rates = EstimatedRates.Of(most, CountedRows.OfLosses(large, small));
        ConfidenceInterval Limits(int group, int rows, double tail) => Intervals.Student(
            rates.Estimate(GroupMetric.MeanLoss, group).Value, rates.Estimate(GroupMetric.MeanLoss, group).Variance, rows, tail);

        var (ofMost, ofLeast) = (ConfidenceLimit.Interval(most, rates, Tail), ConfidenceLimit.Interval(least, rates, Tail));

        Assert.AreEqual(Limits(0, 4, Tail / 2).Lower, ofMost.Lower, 1e-4 * scale);
        Assert.AreEqual(Limits(0, 4, Tail).Upper, ofMost.Upper, 1e-4 * scale);
        Assert.AreEqual(Limits(1, 3, Tail).Lower, ofLeast.Lower, 1e-4 * scale);
        Assert.AreEqual(Limits(1, 3, Tail / 2).Upper, ofLeast.Upper, 1e-4 * scale);
    }

    [TestMethod]
    public void Predict_OfAllAndNone_IsTheWholeRange()
    {
        Assert.AreEqual(1, ConfidenceLimit.Predict(Parity, Rates(Parity, [(20, 20), (0, 20)]), Tail), "nothing is more than 1");
        Assert.AreEqual(1, ConfidenceLimit.Predict(Parity, Rates(Parity, [(20, 20), (0, 0)]), Tail));
    }

    [TestMethod]
    public void Of_AGroupWithoutRowsBesideOthers_TakesTheWorstOfIt()
    {
        // The rate of c may be anything: it is as far from the others as their own limits allow.
        (int Selected, int Rows)[] table = [(30, 60), (24, 80), (0, 0)];
        Assert.AreEqual(Math.Max(Exact((30, 60), Tail).Upper, 1 - Exact((24, 80), Tail).Lower),
            ConfidenceLimit.Of(Parity, Rates(Parity, table), Tail), 0.003);
        Assert.AreEqual(1 - Exact((24, 80), Tail).Lower, ConfidenceLimit.Predict(Parity, Rates(Parity, table), Tail), 2e-6);
        Assert.AreEqual(0, ConfidenceLimit.Predict(Impact, Rates(Impact, table), Tail), 2e-6);
    }

    private static EstimatedRates Rates(FairnessConstraint constraint, (int Selected, int Rows)[] table) => EstimatedRates.Of(constraint,
        CountedRows.Of([.. table.Select((group, index) => ($"{index}", new[] { group.Selected, 0, group.Rows - group.Selected, 0 }))]));

    private static ConfidenceInterval Exact((int Selected, int Rows) group, double tail)
        => Intervals.ClopperPearson((double)group.Selected / group.Rows, group.Rows, tail);

    private static IEnumerable<Pair> Pairs((int Selected, int Rows)[] table)
        => table.SelectMany(first => table.Where(second => second != first), (first, second) => new Pair(first, second));

    // By bisection: from where on something holds.
    private static double Smallest(Func<double, bool> holds, double low, double high)
    {
        while (high - low > 1e-7)
        {
            var middle = (low + high) / 2;
            if (holds(middle)) high = middle;
            else low = middle;
        }

        return high;
    }

    private sealed record Pair((int Selected, int Rows) First, (int Selected, int Rows) Second)
    {
        private double A => (double)First.Selected / First.Rows;

        private double B => (double)Second.Selected / Second.Rows;

        internal MeldedProportions Melded()
            => new(RateEstimate.Proportion(A, First.Rows), RateEstimate.Proportion(B, Second.Rows), Tail);

        internal ConfidenceInterval Newcombe(double tail) => Intervals.Newcombe(A, Exact(First, tail), B, Exact(Second, tail));

        // ratio x a - b, at most and at least.
        internal bool RatioHolds(double ratio, double tail)
            => ratio * A - B + double.Hypot(ratio * (Exact(First, tail).Upper - A), B - Exact(Second, tail).Lower) <= 0;

        internal bool RatioIsBroken(double ratio, double tail)
            => ratio * A - B - double.Hypot(ratio * (A - Exact(First, tail).Lower), Exact(Second, tail).Upper - B) > 0;
    }
}
