using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Tests.Confidence;

[TestClass]
public sealed class HoldingRuleTests
{
    [TestMethod]
    [DataRow(0, 1.644854)]
    [DataRow(1, 1.644854)]
    [DataRow(2, 1.644854)]
    [DataRow(3, 1.959964)] // 1 - 0.05 / 2
    [DataRow(6, 2.326348)] // 1 - 0.05 / 5
    [DataRow(51, 3.090232)] // 1 - 0.05 / 50
    public void StandardErrors_OfComparedGroups_CountOneComparisonLessThanGroups(int groups, double expected)
        => Assert.AreEqual(expected, HoldingRule.StandardErrors(Fairness.DemographicParity("G", 0.1), groups), 1e-6);

    [TestMethod]
    [DataRow(0, 1.644854)]
    [DataRow(1, 1.644854)]
    [DataRow(2, 1.959964)]
    [DataRow(5, 2.326348)]
    public void StandardErrors_OfBoundedGroups_CountEach(int groups, double expected)
        => Assert.AreEqual(expected, HoldingRule.StandardErrors(Fairness.RateAtMost(GroupMetric.ErrorRate, "G", 0.1), groups), 1e-6);

    [TestMethod]
    [DataRow(GroupBaseline.Pairwise, 1, 1)]
    [DataRow(GroupBaseline.Pairwise, 2, 1)]
    [DataRow(GroupBaseline.Pairwise, 3, 1.617501)] // 1 - 0.158655 / 3
    [DataRow(GroupBaseline.Pairwise, 100, 3.997174)] // 1 - 0.158655 / 4950
    [DataRow(GroupBaseline.Overall, 3, 1.617501)]
    [DataRow(GroupBaseline.Overall, 100, 2.950450)] // 1 - 0.158655 / 100
    public void Slack_IsWhatTheWorstOfAllComparisonsStaysWithin(GroupBaseline baseline, int groups, double expected)
        => Assert.AreEqual(expected, HoldingRule.Slack(Fairness.DemographicParity("G", 0.1) with { Baseline = baseline }, groups), 1e-6);

    [TestMethod]
    public void StandardErrors_OfEqualizedOdds_CountBothStatistics()
    {
        var odds = Fairness.EqualizedOdds("G", 0.1);

        Assert.AreEqual(1.959964, HoldingRule.StandardErrors(odds, 2), 1e-6, "1 - 0.05 / 2");
        Assert.AreEqual(2.241403, HoldingRule.StandardErrors(odds, 3), 1e-6, "1 - 0.05 / 4");
        Assert.AreEqual(1.409609, HoldingRule.Slack(odds, 2), 1e-6, "1 - 0.158655 / 2");
        Assert.AreEqual(1.959964, HoldingRule.Measurable(odds, 2, 2), 1e-6, "each statistic is compared once");
        Assert.AreEqual(2.241403 + 0.617501, HoldingRule.Measurable(odds, 3, 3), 1e-6);
        Assert.AreEqual(2.497705, HoldingRule.StandardErrors(odds.Of(TaskLabels.Multiclass(["a", "b", "c"])), 3), 1e-6, "1 - 0.05 / 8");
    }

    [TestMethod]
    public void Worst_OfClasses_CountsEachButOne()
    {
        var parity = Fairness.DemographicParity("G", 0.1).Of(TaskLabels.Multiclass(["a", "b", "c"]));

        Assert.AreEqual(1.409609, HoldingRule.Slack(parity, 2), 1e-6, "1 - 0.158655 / 2");
        Assert.AreEqual(1.959964, HoldingRule.Worst(parity, 2), 1e-6, "1 - 0.05 / 2");
    }

    [TestMethod]
    [DataRow(2, 2, 1.644854)]
    [DataRow(2, 3, 1.644854 + 0.617501)]
    [DataRow(3, 3, 1.959964 + 0.617501)]
    [DataRow(2, 100, 2.644854)]
    public void Measurable_OfMoreGroups_LeavesRoomForOneStandardErrorMore(int measurable, int groups, double expected)
        => Assert.AreEqual(expected, HoldingRule.Measurable(Fairness.DemographicParity("G", 0.1), measurable, groups), 1e-6);

    [TestMethod]
    public void Estimates_AreThoseOfTheInequalitiesInTheirOrder()
    {
        var constraint = Fairness.EqualizedOdds("G", 0.1);
        var rates = CountedRows.Of(("a", [20, 10, 50, 20]), ("b", [15, 5, 20, 10]), ("c", [30, 15, 25, 20]));

        var estimates = HoldingRule.Estimates(constraint, rates, isHeld: true);

        CollectionAssert.AreEqual(constraint.Inequalities(rates.GroupNames)
            .Select(inequality => InequalityEstimate.Of(constraint, inequality, rates, isHeld: true)).ToArray(), estimates);
        Assert.HasCount(2 * 6, estimates);
        Assert.AreEqual(0.5 - 0.6 - 0.1, estimates[0].Violation, 1e-12, "TPR: a - b");
    }
}
