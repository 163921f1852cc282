using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Confidence;

[TestClass]
public sealed class VerdictRuleTests
{
    private static readonly FairnessConstraint Parity = Fairness.DemographicParity("Group", 0.1);

    [TestMethod]
    public void Of_LargeGroups_IsMissedKeptOrShown()
    {
        // The value is 0.03; its limit is about 0.067.
        var rates = Selected((500, 1000), (470, 1000));
        Verdict Of(double bound, double? tail) => VerdictRule.Of(Parity with { Bound = bound }, rates, tail).Verdict;

        Assert.AreEqual((Verdict.Kept, Verdict.Shown), (Of(0.1, null), Of(0.1, 0.05)));
        Assert.AreEqual((Verdict.Kept, Verdict.Kept), (Of(0.06, null), Of(0.06, 0.05)));
        Assert.AreEqual((Verdict.Kept, Verdict.Shown), (Of(0.06, null), Of(0.06, 0.2)));
        var limit = ConfidenceLimit.Of(Parity, EstimatedRates.Of(Parity, rates), 0.05);
        Assert.AreEqual((Verdict.Shown, Verdict.Kept), (Of(limit + 1e-5, 0.05), Of(limit - 1e-5, 0.05)));
        Assert.AreEqual((Verdict.Missed, Verdict.Missed),
            (VerdictRule.Of(Parity with { Bound = 0.05 }, Selected((500, 1000), (440, 1000)), 0.05).Verdict,
            VerdictRule.Of(Fairness.DisparateImpact("Group", 0.9), Selected((500, 1000), (440, 1000)), 0.05).Verdict));
    }

    [TestMethod]
    public void Of_LargeGroups_SaysValueIntervalRowsAndNoMore()
    {
        var rates = Selected((500, 1000), (470, 900));
        var verdict = VerdictRule.Of(Parity, rates, 0.05);

        Assert.AreEqual((Parity.Name, 0.1, false, 1900), (verdict.Name, verdict.Bound, verdict.IsLowerBound, verdict.Rows));
        Assert.AreEqual(470 / 900.0 - 0.5, verdict.Value, 1e-12);
        Assert.AreEqual(ConfidenceLimit.Interval(Parity, EstimatedRates.Of(Parity, rates), HoldingRule.Tail), verdict.Interval);
        Assert.IsEmpty(verdict.UnmeasurableGroups);
        Assert.IsNull(verdict.WorstInequality);
        Assert.AreEqual(2, VerdictRule.MeasurableCount(Parity, rates));
        Assert.IsTrue(VerdictRule.Of(Fairness.DisparateImpact("Group", 0.8), rates, null).IsLowerBound);
    }

    [TestMethod]
    public void Of_AMissedBound_NamesTheWorstInequality()
        => Assert.AreEqual("DemographicParity(Group): b - c <= 0.1",
            VerdictRule.Of(Parity, Selected((500, 1000), (600, 1000), (300, 1000)), null).WorstInequality);

    [TestMethod]
    public void Of_ASmallGroup_LeavesItOutOfTheValueAndSaysHowManyRowsItNeeds()
    {
        var verdict = VerdictRule.Of(Parity, Selected((500, 1000), (470, 1000), (5, 20)), 0.05);

        Assert.AreEqual((Verdict.Kept, 2000), (verdict.Verdict, verdict.Rows));
        Assert.AreEqual(0.03, verdict.Value, 1e-12);
        Assert.AreEqual(VerdictRule.Of(Parity, Selected((500, 1000), (470, 1000)), null).Interval, verdict.Interval);

        // With n rows: 1.645 sqrt(p (1 - p) (1 / n + 1 / 1000)) = 0.1 beside the one of the two that asks for fewer.
        var pooled = (470 + 5 + 0.5) / 1021;
        var needed = pooled * (1 - pooled) / (0.1 * 0.1 / (1.644854 * 1.644854) - pooled * (1 - pooled) / 1000);
        Assert.AreEqual(new UnmeasurableGroup("c", GroupMetric.SelectionRate, 20, (long)Math.Ceiling(needed)),
            verdict.UnmeasurableGroups.Single());
        Assert.AreEqual(2, VerdictRule.MeasurableCount(Parity, Selected((500, 1000), (470, 1000), (5, 20))));
    }

    [TestMethod]
    public void Of_ASmallGroupThatBreaksTheBoundBeyondDoubt_Counts()
    {
        var verdict = VerdictRule.Of(Parity, Selected((500, 1000), (470, 1000), (0, 40)), null);

        Assert.AreEqual((Verdict.Missed, 2040), (verdict.Verdict, verdict.Rows));
        Assert.AreEqual(0.5, verdict.Value, 1e-12);
        Assert.IsEmpty(verdict.UnmeasurableGroups);
    }

    [TestMethod]
    public void Of_FewRows_IsNotMeasurableAndNamesEveryGroup()
    {
        var verdict = VerdictRule.Of(Parity, Selected((10, 20), (9, 18)), 0.05);

        Assert.AreEqual((Verdict.NotMeasurable, 38), (verdict.Verdict, verdict.Rows));
        Assert.AreEqual(0, verdict.Value, 1e-12, "The value of the rows there are.");
        Assert.IsFalse(double.IsNaN(verdict.Interval.Upper));

        // Both must have as many: 1.645 sqrt(0.25 2 / n) = 0.1, to two digits.
        CollectionAssert.AreEqual(
            new[] { new UnmeasurableGroup("a", GroupMetric.SelectionRate, 20, 140), new("b", GroupMetric.SelectionRate, 18, 140) },
            verdict.UnmeasurableGroups.ToArray());
        Assert.AreEqual(1, VerdictRule.MeasurableCount(Parity, Selected((10, 20), (9, 18))));
    }

    [TestMethod]
    public void Of_ALargeGroupBesideSmallOnes_IsNotNamedItself()
    {
        var verdict = VerdictRule.Of(Parity, Selected((500, 1000), (9, 18)), null);
        Assert.AreEqual(Verdict.NotMeasurable, verdict.Verdict);
        Assert.AreEqual("b", verdict.UnmeasurableGroups.Single().Group);
    }

    [TestMethod]
    public void Of_AGroupWithoutRows_IsNotMeasurableButOthersAre()
    {
        var verdict = VerdictRule.Of(Parity, Selected((500, 1000), (470, 1000), (0, 0)), 0.05);
        Assert.AreEqual(Verdict.Kept, verdict.Verdict, "What all groups must show is not shown by two.");
        Assert.AreEqual(("c", 0), (verdict.UnmeasurableGroups.Single().Group, verdict.UnmeasurableGroups.Single().Rows));

        var nothing = VerdictRule.Of(Parity, Selected((0, 0), (0, 0)), 0.05);
        Assert.AreEqual((Verdict.NotMeasurable, 0), (nothing.Verdict, nothing.Rows));
        Assert.AreEqual(double.NaN, nothing.Value);
        Assert.HasCount(2, nothing.UnmeasurableGroups);
        Assert.AreEqual(0, VerdictRule.MeasurableCount(Parity, Selected((0, 0), (0, 0))));
    }

    [TestMethod]
    public void Of_ABoundWithoutRoom_NeedsMoreRowsThanThereAre()
        => Assert.AreEqual(long.MaxValue, VerdictRule.Of(Parity with { Bound = 0 }, Selected((500, 1000), (500, 1000)), null)
            .UnmeasurableGroups[^1].RowsNeeded);

    [TestMethod]
    public void Of_SeveralMetrics_JudgesEachRateOfAGroupByItself()
    {
        // Group b has many negatives, but few positives.
        var odds = Fairness.EqualizedOdds("Group", 0.1);
        var verdict = VerdictRule.Of(odds, CountedRows.Of(("a", [300, 100, 900, 300]), ("b", [5, 110, 900, 3])), null);

        Assert.AreEqual(Verdict.NotMeasurable, verdict.Verdict, "One of the two rates is not compared.");
        Assert.AreEqual((600 + 1000 + 8 + 1010, 1), (verdict.Rows, verdict.UnmeasurableGroups.Count));
        Assert.AreEqual(("b", GroupMetric.TruePositiveRate, 8),
            (verdict.UnmeasurableGroups[0].Group, verdict.UnmeasurableGroups[0].Metric, verdict.UnmeasurableGroups[0].Rows));
        Assert.AreEqual(2, VerdictRule.MeasurableCount(odds, CountedRows.Of(("a", [300, 100, 900, 300]), ("b", [5, 110, 900, 3]))));
    }

    [TestMethod]
    public void Of_AReferenceGroup_IsMeasuredFirstHoweverSmallItIs()
    {
        var parity = Fairness.DemographicParity("Group", 0.1) with { Baseline = GroupBaseline.ReferenceGroup, ReferenceGroup = "c" };
        var verdict = VerdictRule.Of(parity, Selected((500, 1000), (470, 1000), (90, 180)), null);
        Assert.AreEqual(Verdict.Kept, verdict.Verdict);
        Assert.IsEmpty(verdict.UnmeasurableGroups);
    }

    [TestMethod]
    public void Of_BoundedRates_MeasuresEachGroupAlone()
    {
        var most = Fairness.RateAtMost(GroupMetric.SelectionRate, "Group", 0.3);
        var verdict = VerdictRule.Of(most, Selected((200, 1000), (1, 4)), null);

        Assert.AreEqual((Verdict.Kept, 1000), (verdict.Verdict, verdict.Rows));
        Assert.AreEqual(0.2, verdict.Value, 1e-12);

        // z = 1.96 of two groups, p = 1.5 / 5.
        var needed = 0.3 * 0.7 * Math.Pow(1.959964 / 0.3, 2);
        Assert.AreEqual(new UnmeasurableGroup("b", GroupMetric.SelectionRate, 4, (long)Math.Ceiling(needed)),
            verdict.UnmeasurableGroups.Single());
    }

    [TestMethod]
    public void Of_MeanLosses_NeedsRowsByTheirVariances()
    {
        var losses = CountedRows.OfLosses([.. Enumerable.Range(0, 400).Select(row => row % 2 * 1.0)], [0.2, 0.8, 0.5]);
        var verdict = VerdictRule.Of(Fairness.LossParity("Group", 0.1), losses, null);

        Assert.AreEqual(Verdict.NotMeasurable, verdict.Verdict);
        var variance = (0.25 * 400 / 399 + 0.09) / 2;
        var needed = variance / (0.1 * 0.1 / (1.644854 * 1.644854) - variance / 400);
        Assert.AreEqual(new UnmeasurableGroup("1", GroupMetric.MeanLoss, 3, (long)Math.Ceiling(needed)),
            verdict.UnmeasurableGroups.Single());
    }

    [TestMethod]
    public void OfCustom_JudgesTheValueAlone()
    {
        var custom = (CustomConstraint)Fairness.Custom("mine", ["Group"], -0.5, batch => torch.zeros(1));

        Assert.AreEqual((Verdict.Kept, "mine", -0.5, -0.5, 7), Parts(-0.5));
        Assert.AreEqual(Verdict.Missed, Parts(-0.4).Verdict);
        Assert.AreEqual(Verdict.NotMeasurable, Parts(double.NaN).Verdict);
        Assert.AreEqual(ConfidenceInterval.Undefined, VerdictRule.OfCustom(custom, 0, 7).Interval);

        (Verdict Verdict, string Name, double Bound, double Value, int Rows) Parts(double value)
        {
            var verdict = VerdictRule.OfCustom(custom, value, 7);
            return (verdict.Verdict, verdict.Name, verdict.Bound, verdict.Value, verdict.Rows);
        }
    }

    private static CountedRates Selected(params (int Selected, int Rows)[] groups) => CountedRows.Of([.. groups.Select((group, index)
        => (((char)('a' + index)).ToString(), new[] { group.Selected, 0, group.Rows - group.Selected, 0 }))]);
}
