using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Tests.Training;

namespace HumanCompatible.ML.Tests.Confidence;

[TestClass]
public sealed class ConfidenceLimitTests
{
    private const double Tail = 0.1;

    public static IEnumerable<object[]> Constraints =>
    [
        [Fairness.DemographicParity("Group", 0.05)],
        [Fairness.DisparateImpact("Group", 0.8)],
        [Fairness.EqualizedOdds("Group", 0.05)],
        [Fairness.DemographicParity("Group", 0.05) with { Baseline = GroupBaseline.Overall }],
        [Fairness.EqualOpportunity("Group", 0.05) with { Baseline = GroupBaseline.ReferenceGroup, ReferenceGroup = "c" }],
        [Fairness.PredictiveParity("Group", 0.05)],
        [Fairness.AccuracyParity("Group", 0.8) with { Comparison = GroupComparison.Ratio }],
        [Fairness.LossParity("Group", 0.05)],
        [Fairness.BoundedGroupLoss("Group", 0.5)],
        [Fairness.RateAtMost(GroupMetric.FalsePositiveRate, "Group", 0.4)],
        [Fairness.RateAtLeast(GroupMetric.TruePositiveRate, "Group", 0.4)],
    ];

    [TestMethod]
    [TestCategory("Slow")]
    [DynamicData(nameof(Constraints))]
    public void Of_RowsOfKnownRates_FailsNoMoreOftenThanItsTail(FairnessConstraint constraint)
    {
        const int Times = 100;
        var random = new Random(5);
        var truth = constraint.ValueOf(SyntheticGroups.Three);
        var failures = 0;
        for (var time = 0; time < Times; time++)
        {
            var rows = SyntheticGroups.Three.Draw(120, random, constraint, out var logits);
            var limit = ConfidenceLimit.Of(constraint, CountedRows.Of(constraint, rows.Partitions[0], logits, rows), Tail);
            failures += constraint.IsLowerBound ? (limit > truth ? 1 : 0) : (limit < truth ? 1 : 0);
        }

        // At most the expected number and two standard deviations of what chance adds to it.
        Assert.IsLessThanOrEqualTo(Tail * Times + 2 * Math.Sqrt(Times * Tail * (1 - Tail)), failures);
    }

    [TestMethod]
    [DynamicData(nameof(Constraints))]
    public void Of_ManyRows_ComesCloseToTheTruth(FairnessConstraint constraint)
    {
        var truth = constraint.ValueOf(SyntheticGroups.Three);
        var rows = SyntheticGroups.Three.Draw(100_000, new Random(6), constraint, out var logits);
        var rates = CountedRows.Of(constraint, rows.Partitions[0], logits, rows);

        var limit = ConfidenceLimit.Of(constraint, rates, Tail);

        Assert.AreEqual(truth, limit, 0.03);
        Assert.AreEqual(ConfidenceLimit.Predict(constraint, rates, Tail), limit, 0.002, "What is predicted is nearly what the test gives.");
        var value = constraint.ValueOf(rates);
        Assert.IsTrue(constraint.IsLowerBound ? limit < value : limit > value);
    }

    [TestMethod]
    public void Of_OneRate_IsTheLimitOfClopperAndPearsonForTheWorstGroup()
    {
        var least = Fairness.RateAtLeast(GroupMetric.TruePositiveRate, "Group", 0.9);
        var rows = SyntheticGroups.Three.Draw(500, new Random(7), least, out var logits);
        var rates = CountedRows.Of(least, rows.Partitions[0], logits, rows);
        var limits = Enumerable.Range(0, 3).Select(group => rates.Limits(GroupMetric.TruePositiveRate, group, Tail)).ToList();

        Assert.AreEqual(limits.Min(limit => limit.Lower), ConfidenceLimit.Of(least, rates, Tail), 1e-5);
        Assert.AreEqual(limits.Max(limit => limit.Upper),
            ConfidenceLimit.Of(Fairness.RateAtMost(GroupMetric.TruePositiveRate, "Group", 0.9), rates, Tail), 1e-5);
    }

    [TestMethod]
    public void Of_AGroupWithoutRows_ShowsNothing()
    {
        var parity = Fairness.DemographicParity("Group", 0.1);
        var partition = new GroupPartition(["Group"], [0, 0, 0, 0], ["a", "b"], [4, 0]);
        var rows = new TrainingRows([], 0, [0, 1, 0, 1], null, [partition]);

        Assert.AreEqual(1, ConfidenceLimit.Of(parity, CountedRows.Of(parity, partition, [1, 1, 1, 1], rows), Tail), 1e-6);
        var loss = Fairness.BoundedGroupLoss("Group", 0.1);
        Assert.AreEqual(double.PositiveInfinity,
            ConfidenceLimit.Of(loss, CountedRows.Of(loss, partition, [1, 1, 1, 1], rows), Tail));
        var recall = Fairness.RateAtLeast(GroupMetric.TruePositiveRate, "Group", 0.1);
        Assert.AreEqual(0, ConfidenceLimit.Of(recall, CountedRows.Of(recall, partition, [1, 1, 1, 1], rows), Tail), 1e-5);
    }

    [TestMethod]
    public void Of_MoreConfidence_IsFurtherFromTheValue()
    {
        foreach (var constraint in Constraints.Select(row => (FairnessConstraint)row[0]))
        {
            var rows = SyntheticGroups.Three.Draw(400, new Random(8), constraint, out var logits);
            var rates = CountedRows.Of(constraint, rows.Partitions[0], logits, rows);
            var (loose, strict) = (ConfidenceLimit.Of(constraint, rates, 0.2), ConfidenceLimit.Of(constraint, rates, 0.02));
            Assert.IsTrue(constraint.IsLowerBound ? strict < loose : strict > loose, constraint.Name);
        }
    }
}
