using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Tests.Training;

namespace HumanCompatible.ML.Tests.Confidence;

[TestClass]
public sealed class ConfidenceLimitIntervalTests
{
    private const double Tail = 0.05;

    public static IEnumerable<object[]> Constraints =>
    [
        [Fairness.DemographicParity("Group", 0.05)],
        [Fairness.DisparateImpact("Group", 0.8)],
        [Fairness.EqualizedOdds("Group", 0.05)],
        [Fairness.DemographicParity("Group", 0.05) with { Baseline = GroupBaseline.Overall }],
        [Fairness.EqualOpportunity("Group", 0.05) with { Baseline = GroupBaseline.ReferenceGroup, ReferenceGroup = "c" }],
        [Fairness.LossParity("Group", 0.05)],
        [Fairness.RateAtMost(GroupMetric.FalsePositiveRate, "Group", 0.4)],
        [Fairness.RateAtLeast(GroupMetric.TruePositiveRate, "Group", 0.4)],
    ];

    [TestMethod]
    [TestCategory("Slow")]
    [DynamicData(nameof(Constraints))]
    public void Interval_OfRowsOfKnownRates_EachEndFailsNoMoreOftenThanItsTail(FairnessConstraint constraint)
    {
        const int Times = 200;
        var random = new Random(7);
        var truth = constraint.ValueOf(SyntheticGroups.Three);
        var (below, above) = (0, 0);
        for (var time = 0; time < Times; time++)
        {
            var rows = SyntheticGroups.Three.Draw(400, random, constraint, out var logits);
            var rates = CountedRows.Of(constraint, rows.Partitions[0], logits, rows);

            var interval = ConfidenceLimit.Interval(constraint, rates, Tail);

            below += truth < interval.Lower ? 1 : 0;
            above += truth > interval.Upper ? 1 : 0;
            var value = constraint.ValueOf(rates);
            Assert.IsTrue(interval.Lower <= value + 1e-5 && value <= interval.Upper + 1e-5, $"{value} in {interval}");
        }

        // At most the expected number and two standard deviations of what chance adds to it.
        var most = (Tail * Times) + (2 * Math.Sqrt(Times * Tail * (1 - Tail)));
        Assert.IsLessThanOrEqualTo(most, below, "the lower end");
        Assert.IsLessThanOrEqualTo(most, above, "the upper end");
    }

    [TestMethod]
    [DynamicData(nameof(Constraints))]
    public void Interval_OfManyRows_ClosesAroundTheTruth(FairnessConstraint constraint)
    {
        var truth = constraint.ValueOf(SyntheticGroups.Three);
        var rows = SyntheticGroups.Three.Draw(100_000, new Random(6), constraint, out var logits);

        var interval = ConfidenceLimit.Interval(constraint, CountedRows.Of(constraint, rows.Partitions[0], logits, rows), Tail);

        Assert.AreEqual(truth, interval.Lower, 0.03);
        Assert.AreEqual(truth, interval.Upper, 0.03);
        Assert.IsGreaterThan(0.001, interval.Upper - interval.Lower);
    }

    [TestMethod]
    public void Interval_OuterEnd_IsTheLimitOfAllGroups()
    {
        foreach (var constraint in Constraints.Select(row => (FairnessConstraint)row[0]))
        {
            var rows = SyntheticGroups.Three.Draw(900, new Random(8), constraint, out var logits);
            var rates = CountedRows.Of(constraint, rows.Partitions[0], logits, rows);
            var (limit, interval) = (ConfidenceLimit.Of(constraint, rates, Tail), ConfidenceLimit.Interval(constraint, rates, Tail));
            Assert.AreEqual(limit, constraint.IsLowerBound ? interval.Lower : interval.Upper, 1e-9, constraint.Name);
        }
    }

    [TestMethod]
    public void Interval_OfEqualRates_BeginsAtParity()
    {
        var same = CountedRows.Of(("a", [30, 0, 70, 0]), ("b", [30, 0, 70, 0]));
        Assert.AreEqual(0, Of(Fairness.DemographicParity("G", 0.1), same).Lower, 1e-6);
        Assert.AreEqual(1, Of(Fairness.DisparateImpact("G", 0.8), same).Upper, 1e-6);
    }

    [TestMethod]
    public void Interval_ByThreeGroups_HasAnInnerEndFurtherOutThanByTwo()
    {
        // What the worst of more pairs is by chance is more.
        var two = Of(Fairness.DemographicParity("G", 0.1), CountedRows.Of(("a", [30, 0, 70, 0]), ("b", [60, 0, 40, 0])));
        var three = Of(Fairness.DemographicParity("G", 0.1),
            CountedRows.Of(("a", [30, 0, 70, 0]), ("b", [60, 0, 40, 0]), ("c", [30, 0, 70, 0])));

        Assert.IsGreaterThan(0.1, two.Lower);
        Assert.IsLessThan(two.Lower, three.Lower);
        Assert.IsGreaterThan(0.1, three.Lower);
    }

    [TestMethod]
    public void Interval_LeavesOutGroupsWithoutRows()
    {
        var two = CountedRows.Of(("a", [30, 0, 70, 0]), ("b", [60, 0, 40, 0]));
        var withEmpty = CountedRows.Of(("a", [30, 0, 70, 0]), ("none", [0, 0, 0, 0]), ("b", [60, 0, 40, 0]));
        foreach (var constraint in new[] { Fairness.DemographicParity("G", 0.1), Fairness.RateAtMost(GroupMetric.SelectionRate, "G", 0.1) })
            Assert.AreEqual(Of(constraint, two), Of(constraint, withEmpty), constraint.Name);
    }

    [TestMethod]
    public void Interval_WhereNothingIsCompared_IsUndefined()
    {
        var one = CountedRows.Of(("a", [30, 0, 70, 0]), ("b", [0, 0, 0, 0]));

        Assert.AreEqual(ConfidenceInterval.Undefined, Of(Fairness.DemographicParity("G", 0.1), one));
        Assert.AreEqual(ConfidenceInterval.Undefined, Of(Fairness.DisparateImpact("G", 0.8), one));
        Assert.AreEqual(ConfidenceInterval.Undefined, Of(Fairness.BoundedGroupLoss("G", 0.8), CountedRows.Of(("a", [0, 0, 0, 0]))));
        var rates = Of(Fairness.RateAtMost(GroupMetric.SelectionRate, "G", 0.4), one);
        Assert.IsTrue(rates is { Lower: > 0.2 and < 0.3, Upper: > 0.3 and < 0.4 }, $"{rates}");
    }

    private static ConfidenceInterval Of(FairnessConstraint constraint, IRateEstimates rates)
        => ConfidenceLimit.Interval(constraint, EstimatedRates.Of(constraint, rates), Tail);
}
