using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Tests.Confidence;

[TestClass]
public sealed class VerdictRuleTests
{
    private const double Tail = 0.05;

    private static readonly ParityConstraint Parity = Fairness.DemographicParity("G", 0.1);

    [TestMethod]
    [DataRow(Verdict.Kept, 330, null)]
    [DataRow(Verdict.Kept, 399, null)]
    [DataRow(Verdict.Missed, 401, null)]
    [DataRow(Verdict.Shown, 330, Tail)]
    [DataRow(Verdict.Kept, 390, Tail)] // kept, but not shown
    [DataRow(Verdict.Missed, 401, Tail)]
    public void Of_EnoughRows_IsTheSideOfTheBoundThatTheValueIsOn(Verdict expected, int selected, double? tail)
    {
        var verdict = VerdictRule.Of(Parity, Rates(("a", 300, 1000), ("b", selected, 1000)), tail);

        Assert.AreEqual(expected, verdict.Verdict);
        Assert.AreEqual((selected - 300) / 1000.0, verdict.Value, 1e-12);
        Assert.AreEqual(("DemographicParity(G)", 0.1, false, 2000), (verdict.Name, verdict.Bound, verdict.IsLowerBound, verdict.Rows));
        Assert.IsEmpty(verdict.UnmeasurableGroups);
        Assert.AreEqual(expected == Verdict.Missed ? "DemographicParity(G): b - a <= 0.1" : null, verdict.WorstInequality);
    }

    [TestMethod]
    public void Of_AValueOnTheBound_IsKeptAndMissedByNothing()
    {
        var verdict = VerdictRule.Of(Parity with { Bound = 0.125 }, Rates(("a", 500, 1000), ("b", 375, 1000)), null);

        Assert.AreEqual((Verdict.Kept, 0.125, null), (verdict.Verdict, verdict.Value, verdict.WorstInequality));
    }

    [TestMethod]
    public void Of_ALimitOnTheBound_IsShown()
    {
        // The rate of the group without rows may be 1.
        var rates = Rates(("a", 0, 1000), ("b", 0, 1000), ("none", 0, 0));

        Assert.AreEqual(Verdict.Shown, VerdictRule.Of(Parity with { Bound = 1 }, rates, Tail).Verdict);
        Assert.AreEqual(Verdict.Kept, VerdictRule.Of(Parity with { Bound = 0.99 }, rates, Tail).Verdict);
    }

    [TestMethod]
    public void Of_AnotherConfidence_IsThatOfTheInterval()
    {
        var rates = Rates(("a", 300, 1000), ("b", 330, 1000));

        var verdict = VerdictRule.Of(Parity, rates, null, intervalTail: 0.01);

        Assert.AreEqual(0.99, verdict.IntervalConfidence, 1e-12);
        Assert.AreEqual(ConfidenceLimit.Interval(Parity, EstimatedRates.Of(Parity, rates), 0.01), verdict.Interval);
    }

    [TestMethod]
    [DataRow(Verdict.Shown, 0.03)]
    [DataRow(Verdict.Kept, 0.0001)]
    public void Of_Shown_IsByALimitWithTheTail(Verdict expected, double tail)
        => Assert.AreEqual(expected, VerdictRule.Of(Parity, Rates(("a", 300, 1000), ("b", 350, 1000)), tail).Verdict);

    [TestMethod]
    [DataRow(Verdict.Kept, 270)]
    [DataRow(Verdict.Missed, 230)]
    public void Of_ARatio_IsAboveItsBound(Verdict expected, int selected)
    {
        var verdict = VerdictRule.Of(Fairness.DisparateImpact("G", 0.8), Rates(("a", 300, 1000), ("b", selected, 1000)), null);

        Assert.AreEqual(expected, verdict.Verdict);
        Assert.IsTrue(verdict.IsLowerBound);
        Assert.AreEqual(selected / 300.0, verdict.Value, 1e-12);
    }

    [TestMethod]
    public void Of_BothGroupsTooSmall_IsNotMeasurableButHasItsValue()
    {
        var verdict = VerdictRule.Of(Parity, Rates(("a", 15, 50), ("b", 16, 50)), Tail);

        Assert.AreEqual(Verdict.NotMeasurable, verdict.Verdict);
        Assert.AreEqual(0.02, verdict.Value, 1e-12);
        Assert.AreEqual(100, verdict.Rows);
        CollectionAssert.AreEqual(new[] { "a", "b" }, verdict.UnmeasurableGroups.Select(group => group.Group).ToArray());
        Assert.IsLessThan(0.02, verdict.Interval.Lower);
        Assert.IsGreaterThan(0.1, verdict.Interval.Upper);
    }

    [TestMethod]
    public void Of_AGroupWithoutRows_IsNamedAndTheOthersAreJudged()
    {
        var verdict = VerdictRule.Of(Parity, Rates(("a", 300, 1000), ("none", 0, 0), ("b", 330, 1000)), null);

        Assert.AreEqual(Verdict.Kept, verdict.Verdict);
        var none = verdict.UnmeasurableGroups.Single();
        Assert.AreEqual(("none", GroupMetric.SelectionRate, 0), (none.Group, none.Metric, none.Rows));
        Assert.IsTrue(none.RowsNeeded is > 30 and < 1000, $"{none}");
    }

    [TestMethod]
    public void Of_OneGroupOnly_IsNotMeasurableAndNotDefined()
    {
        var verdict = VerdictRule.Of(Parity, Rates(("a", 300, 1000), ("b", 0, 0)), Tail);

        Assert.AreEqual((Verdict.NotMeasurable, double.NaN), (verdict.Verdict, verdict.Value));
        Assert.AreEqual(ConfidenceInterval.Undefined, verdict.Interval);
        Assert.IsNull(verdict.WorstInequality);
        Assert.AreEqual("b", verdict.UnmeasurableGroups.Single().Group);
    }

    [TestMethod]
    public void Of_AGroupTooSmall_IsNamedAndItsRateIsNotInTheValue()
    {
        var rates = Rates(("a", 300, 1000), ("b", 330, 1000), ("c", 9, 15));

        var verdict = VerdictRule.Of(Parity, rates, null);

        Assert.AreEqual(Verdict.Kept, verdict.Verdict);
        Assert.AreEqual(0.03, verdict.Value, 1e-12);
        Assert.AreEqual(2000, verdict.Rows);
        Assert.AreEqual(0.3, Parity.ValueOf(rates), 1e-12, "of all three");
        Assert.AreEqual(("c", 15), verdict.UnmeasurableGroups.Select(group => (group.Group, group.Rows)).Single());
        Assert.AreEqual(ConfidenceLimit.Interval(Parity, EstimatedRates.Of(Parity, Rates(("a", 300, 1000), ("b", 330, 1000))), 0.05),
            verdict.Interval, "of the two groups");
    }

    [TestMethod]
    public void Of_ABoundBrokenBeyondDoubt_IsMissedThoughRowsAreFew()
    {
        var verdict = VerdictRule.Of(Parity with { Bound = 0.02 }, Rates(("a", 0, 40), ("b", 30, 40)), null);

        Assert.AreEqual(Verdict.Missed, verdict.Verdict);
        Assert.AreEqual(0.75, verdict.Value, 1e-12);
        Assert.IsEmpty(verdict.UnmeasurableGroups);
    }

    [TestMethod]
    public void Of_ASmallGroupThatBreaksTheBoundBeyondDoubt_IsInTheValue()
    {
        var verdict = VerdictRule.Of(Parity, Rates(("a", 300, 1000), ("b", 330, 1000), ("c", 20, 20)), null);

        Assert.AreEqual(Verdict.Missed, verdict.Verdict);
        Assert.AreEqual(0.7, verdict.Value, 1e-12);
        Assert.AreEqual("DemographicParity(G): c - a <= 0.1", verdict.WorstInequality);
    }

    [TestMethod]
    public void Of_AGroupTooSmallForTheLimit_LeavesTheBoundKeptAndNotShown()
    {
        (string, int, int)[] large = [("a", 6000, 20000), ("b", 6100, 20000)];

        Assert.AreEqual(Verdict.Shown, VerdictRule.Of(Parity, Rates(large), Tail).Verdict);
        Assert.AreEqual(Verdict.Kept, VerdictRule.Of(Parity, Rates([.. large, ("c", 6, 20)]), Tail).Verdict, "shown is over all groups");
    }

    [TestMethod]
    public void Of_EqualizedOddsOfWhichOneRateIsNotMeasurable_IsNotMeasurable()
    {
        // 1,000 negative rows each, 20 and 1,000 positive ones.
        var rates = CountedRows.Of(("a", [10, 200, 800, 10]), ("b", [500, 210, 790, 500]));

        var verdict = VerdictRule.Of(Fairness.EqualizedOdds("G", 0.1), rates, Tail);

        Assert.AreEqual(Verdict.NotMeasurable, verdict.Verdict);
        CollectionAssert.AreEqual(new[] { ("a", GroupMetric.TruePositiveRate, 20) },
            verdict.UnmeasurableGroups.Select(group => (group.Group, group.Metric, group.Rows)).ToArray());
        Assert.AreEqual(Verdict.Shown, VerdictRule.Of(Fairness.PredictiveEquality("G", 0.1), rates, Tail).Verdict);
    }

    [TestMethod]
    public void Of_EqualizedOddsOfWhichOneRateIsUndefined_IsNotMeasurable()
    {
        var verdict = VerdictRule.Of(Fairness.EqualizedOdds("G", 0.1),
            CountedRows.Of(("a", [0, 200, 800, 0]), ("b", [500, 210, 790, 500])), Tail);

        Assert.AreEqual((Verdict.NotMeasurable, double.NaN), (verdict.Verdict, verdict.Value));
        Assert.AreEqual(ConfidenceInterval.Undefined, verdict.Interval, "though the rates of negatives have one");
        Assert.AreEqual(("a", GroupMetric.TruePositiveRate, 0),
            verdict.UnmeasurableGroups.Select(group => (group.Group, group.Metric, group.Rows)).Single());
    }

    [TestMethod]
    public void Of_PredictiveParityWithAGroupThatIsPredictedNothing_IsNotMeasurable()
    {
        var verdict = VerdictRule.Of(Fairness.PredictiveParity("G", 0.1),
            CountedRows.Of(("a", [0, 0, 800, 200]), ("b", [500, 210, 790, 500])), Tail);

        Assert.AreEqual((Verdict.NotMeasurable, double.NaN), (verdict.Verdict, verdict.Value));
        StringAssert.StartsWith(verdict.UnmeasurableGroups.Single().ToString(), "'a': no positive prediction that counts in full, about ");
    }

    [TestMethod]
    public void Of_RowsOfSeveralRates_CountsThoseBehindEach()
        => Assert.AreEqual(2 * (1000 + 1000),
            VerdictRule.Of(Fairness.EqualizedOdds("G", 0.1), CountedRows.Of(("a", [500, 200, 800, 500]), ("b", [500, 210, 790, 500])), null)
                .Rows, "positives and negatives of both");

    [TestMethod]
    [DataRow(Verdict.Kept, 0.4)]
    [DataRow(Verdict.Missed, 0.25)]
    public void Of_ABoundOfARate_IsOverTheGroupsThatTellIt(Verdict expected, double bound)
    {
        var most = Fairness.RateAtMost(GroupMetric.SelectionRate, "G", bound);

        var verdict = VerdictRule.Of(most, Rates(("a", 300, 1000), ("b", 0, 0)), null);

        Assert.AreEqual((expected, 0.3), (verdict.Verdict, verdict.Value));
        Assert.AreEqual("b", verdict.UnmeasurableGroups.Single().Group);
        Assert.AreEqual(Verdict.NotMeasurable, VerdictRule.Of(most, Rates(("a", 0, 0), ("b", 0, 0)), null).Verdict);
    }

    [TestMethod]
    public void Of_AReferenceGroup_IsMeasuredFirstHoweverSmall()
    {
        var constraint = Parity with { Baseline = GroupBaseline.ReferenceGroup, ReferenceGroup = "b" };

        var verdict = VerdictRule.Of(constraint, Rates(("a", 300, 2000), ("b", 65, 400), ("c", 330, 2000)), null);

        Assert.AreEqual(Verdict.Kept, verdict.Verdict);
        Assert.AreEqual(65 / 400.0 - 0.15, verdict.Value, 1e-12);
        Assert.IsEmpty(verdict.UnmeasurableGroups);
        var few = VerdictRule.Of(constraint, Rates(("a", 300, 2000), ("b", 2, 12), ("c", 330, 2000)), null);
        Assert.AreEqual(Verdict.NotMeasurable, few.Verdict, "nothing can be compared with so few");
        CollectionAssert.Contains(few.UnmeasurableGroups.Select(group => group.Group).ToArray(), "b");

        // Another one that is too small does not make it unmeasurable.
        var beside = VerdictRule.Of(constraint, Rates(("a", 300, 2000), ("b", 65, 400), ("c", 2, 12)), null);
        Assert.AreEqual((Verdict.Kept, "c"), (beside.Verdict, beside.UnmeasurableGroups.Single().Group));
    }

    [TestMethod]
    public void Of_TheOverallRate_IsMeasuredWithAllRows()
    {
        var constraint = Parity with { Baseline = GroupBaseline.Overall };

        var verdict = VerdictRule.Of(constraint, Rates(("a", 300, 1000), ("b", 330, 1000), ("c", 9, 15)), null);

        Assert.AreEqual(Verdict.Kept, verdict.Verdict);
        Assert.AreEqual(Math.Abs(0.3 - 639 / 2015.0), verdict.Value, 1e-12, "the rows of c are among all");
        Assert.AreEqual("c", verdict.UnmeasurableGroups.Single().Group);
    }

    [TestMethod]
    public void Of_WeightedRows_AreMeasurableByTheirEffectiveNumber()
    {
        // 1,000 rows of each group, of which 4 of b weigh as much as all others.
        GroupCounts Counts(double heavy)
        {
            var counts = new GroupCounts();
            for (var row = 0; row < 1000; row++)
                counts.Add(true, row % 10 < 3, row < 4 ? heavy : 1, 0);
            return counts;
        }

        var even = VerdictRule.Of(Parity, new CountedRates(["a", "b"], [Counts(1), Counts(1)]), null);
        var uneven = VerdictRule.Of(Parity, new CountedRates(["a", "b"], [Counts(1), Counts(1000)]), null);

        Assert.AreEqual((Verdict.Kept, 2000), (even.Verdict, even.Rows));
        Assert.AreEqual((Verdict.NotMeasurable, "b", 6),
            (uneven.Verdict, uneven.UnmeasurableGroups.Single().Group, uneven.UnmeasurableGroups.Single().Rows));
    }

    [TestMethod]
    public void Of_MoreGroups_NeedsMoreRowsToTellTheBound()
    {
        // z + 1 standard errors of 400 and 400 rows fit into the bound for the first pair of ten groups, not for the worst of three.
        (string, int, int)[] groups = [.. Enumerable.Range(0, 10).Select(group => ($"g{group}", 40, 400))];
        var constraint = Parity with { Bound = 0.06 };

        Assert.IsEmpty(VerdictRule.Of(constraint, Rates(groups[..2]), null).UnmeasurableGroups);
        var many = VerdictRule.Of(constraint, Rates(groups), null);
        Assert.HasCount(8, many.UnmeasurableGroups);
        Assert.AreEqual(2, VerdictRule.MeasurableCount(constraint, Rates(groups)));
    }

    [TestMethod]
    public void Of_APairOfManyGroups_NeedsOneStandardErrorMoreThanAPairAlone()
    {
        (string, int, int)[] groups = [("g0", 30, 300), ("g1", 30, 300), ("g2", 15, 150), ("g3", 15, 150)];
        var constraint = Parity with { Bound = 0.06 };

        Assert.AreEqual(Verdict.Kept, VerdictRule.Of(constraint, Rates(groups[..2]), null).Verdict);
        Assert.AreEqual(Verdict.NotMeasurable, VerdictRule.Of(constraint, Rates(groups), null).Verdict);
        Assert.AreEqual(Verdict.NotMeasurable, VerdictRule.Of(constraint, Rates([.. groups, ("g4", 0, 3)]), null).Verdict,
            "one of too few rows changes nothing for the others");
    }

    [TestMethod]
    public void Of_AFewRowsOfAnotherGroup_DoNotMakeAPairUnmeasurable()
    {
        (string, int, int)[] groups = [("g0", 30, 300), ("g1", 30, 300), ("g2", 1, 10), ("g3", 1, 10)];

        var verdict = VerdictRule.Of(Parity with { Bound = 0.06 }, Rates(groups), null);

        Assert.AreEqual(Verdict.Kept, verdict.Verdict);
        CollectionAssert.AreEqual(new[] { "g2", "g3" }, verdict.UnmeasurableGroups.Select(group => group.Group).ToArray());
        var few = Enumerable.Range(2, 10).Select(group => ($"g{group}", 1, 10));
        Assert.AreEqual(Verdict.Kept, VerdictRule.Of(Parity with { Bound = 0.06 }, Rates([.. groups[..2], .. few]), null).Verdict,
            "nor do many such groups");
    }

    // By p (1 - p) with the pooled p they would be: nobody is selected.
    [TestMethod]
    public void Of_AFewRowsOfARateOfZero_AreNotMeasurable()
    {
        var verdict = VerdictRule.Of(Parity, Rates(("a", 0, 1000), ("b", 0, 10)), null);

        Assert.AreEqual(Verdict.NotMeasurable, verdict.Verdict);
        CollectionAssert.AreEqual(new[] { "b" }, verdict.UnmeasurableGroups.Select(group => group.Group).ToArray());
    }

    [TestMethod]
    public void OfMeasurable_IsOfTheGroupsThatTheVerdictSpeaksOf_OnOtherRowsToo()
    {
        var (rates, others) = VerdictRule.OfMeasurable(Parity, Rates(("a", 300, 1000), ("few", 1, 5), ("b", 350, 1000)),
            Rates(("a", 1, 2), ("few", 100, 1000), ("b", 3, 4)));

        Assert.AreEqual(0.05, Parity.ValueOf(rates), 1e-12);
        Assert.AreEqual(0.25, Parity.ValueOf(others), 1e-12);
        Assert.IsFalse(others.Estimate(GroupMetric.SelectionRate, 1).IsDefined);
    }

    [TestMethod]
    public void OfMeasurable_WhereTooFewCanBeCompared_IsOfAll()
    {
        var (rates, others) = VerdictRule.OfMeasurable(Parity, Rates(("a", 300, 1000), ("few", 2, 5)),
            Rates(("a", 1, 2), ("few", 100, 1000)));

        Assert.AreEqual(0.1, Parity.ValueOf(rates), 1e-12);
        Assert.AreEqual(0.4, Parity.ValueOf(others), 1e-12);
    }

    [TestMethod]
    public void MeasurableCount_OfSeveralRates_IsTheMost()
    {
        var rates = CountedRows.Of(("a", [10, 200, 800, 10]), ("b", [500, 210, 790, 500]), ("c", [0, 2, 8, 0]));

        Assert.AreEqual(2, VerdictRule.MeasurableCount(Fairness.EqualizedOdds("G", 0.1), rates));
        Assert.AreEqual(1, VerdictRule.MeasurableCount(Fairness.EqualOpportunity("G", 0.1), rates));
    }

    [TestMethod]
    public void OfCustom_IsTheSideOfTheBoundThatItsValueIsOn()
    {
        var constraint = (CustomConstraint)Fairness.Custom("mine", ["G"], -0.5, batch => batch.Predictions);
        ConstraintVerdict Of(double value) => VerdictRule.OfCustom(constraint, value, 70);

        Assert.AreEqual((Verdict.Kept, -0.5, "mine", 70), (Of(-0.5).Verdict, Of(-0.5).Value, Of(-0.5).Name, Of(-0.5).Rows));
        Assert.AreEqual(Verdict.Missed, Of(-0.49).Verdict);
        Assert.AreEqual(Verdict.NotMeasurable, Of(double.NaN).Verdict);
        Assert.AreEqual(ConfidenceInterval.Undefined, Of(-0.6).Interval);
    }

    // Groups of rows of which some are selected.
    private static CountedRates Rates(params (string Name, int Selected, int Rows)[] groups)
        => CountedRows.Of([.. groups.Select(group => (group.Name, new[] { group.Selected, 0, 0, group.Rows - group.Selected }))]);
}
