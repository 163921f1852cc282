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

    // Rates that stay and rows that grow: with as many as it says the group counts, and with a third fewer it does not.
    [TestMethod]
    [DataRow(0.05, 100)]
    [DataRow(0.1, 100)]
    [DataRow(0.1, 3)] // b is itself only just large enough
    public void RowsNeeded_OfAGroupTooSmall_MakeItMeasurable(double bound, int hundreds)
    {
        var constraint = Parity with { Bound = bound };
        IRateEstimates Of(double rows) => new Sized(constraint,
            Rates(("a", 3000, 10000), ("b", 31 * hundreds, 100 * hundreds), ("c", 18, 60)), group => group == 2 ? rows / 60 : 1);
        var few = VerdictRule.Of(constraint, Of(60), null);

        var needed = few.UnmeasurableGroups.Single().RowsNeeded!.Value;

        Assert.IsEmpty(VerdictRule.Of(constraint, Of(needed), null).UnmeasurableGroups, $"{needed} rows");
        Assert.HasCount(1, VerdictRule.Of(constraint, Of(needed * 2 / 3.0), null).UnmeasurableGroups, $"two thirds of {needed} rows");
    }

    [TestMethod]
    public void RowsNeeded_OfARatioOrAMeanLoss_MakeTheGroupMeasurable()
    {
        foreach (var (constraint, rates) in new (FairnessConstraint, IRateEstimates)[]
        {
            (Fairness.DisparateImpact("G", 0.8), Rates(("a", 3000, 10000), ("b", 3100, 10000), ("c", 18, 60))),
            (Fairness.LossParity("G", 0.1), new CountedRates(["a", "b", "c"], [Losses(3000), Losses(2000), Losses(20)])),
            (Fairness.BoundedGroupLoss("G", 0.27), new CountedRates(["a", "b"], [Losses(3000), Losses(5)])),
            (Fairness.RateAtMost(GroupMetric.SelectionRate, "G", 0.35), Rates(("a", 3000, 10000), ("b", 1, 3))),
        })
        {
            var group = VerdictRule.Of(constraint, rates, null).UnmeasurableGroups.Single();
            Sized Of(double rows) => new(constraint, rates,
                index => index == rates.GroupNames.Count - 1 ? rows / group.Rows : 1);

            Assert.IsEmpty(VerdictRule.Of(constraint, Of(group.RowsNeeded!.Value), null).UnmeasurableGroups, $"{constraint.Name}: {group}");
            Assert.HasCount(1, VerdictRule.Of(constraint, Of(group.RowsNeeded!.Value * 0.6), null).UnmeasurableGroups, constraint.Name);
        }

        static GroupCounts Losses(int rows)
        {
            var counts = new GroupCounts();
            for (var row = 0; row < rows; row++)
                counts.Add(true, true, 1, row % 4 == 0 ? 0.8 : 0.1);
            return counts;
        }
    }

    [TestMethod]
    public void RowsNeeded_WhereAllGroupsAreTooSmall_MakeThemMeasurable()
    {
        var rates = Rates(("a", 15, 50), ("b", 16, 50));
        var verdict = VerdictRule.Of(Parity, rates, null);
        double[] needed = [.. verdict.UnmeasurableGroups.Select(group => (double)group.RowsNeeded!.Value)];

        var scaled = VerdictRule.Of(Parity, new Sized(Parity, rates, group => needed[group] / 50), null);

        Assert.IsEmpty(scaled.UnmeasurableGroups, string.Join(", ", needed));
        Assert.AreEqual(Verdict.Kept, scaled.Verdict);
        Assert.HasCount(2, VerdictRule.Of(Parity, new Sized(Parity, rates, group => needed[group] * 0.6 / 50), null).UnmeasurableGroups);
    }

    // Whatever the order in which groups are taken: those that grow may pass others.
    [TestMethod]
    [DataRow(0.05)]
    [DataRow(0.1)]
    public void RowsNeeded_OfSeveralGroupsTooSmall_MakeThemMeasurableTogether(double bound)
    {
        var constraint = Parity with { Bound = bound };
        var rates = Rates(("a", 3000, 10000), ("b", 450, 1500), ("c", 18, 60), ("d", 15, 50), ("e", 6, 20));
        var few = VerdictRule.Of(constraint, rates, null);
        var needed = few.UnmeasurableGroups.ToDictionary(group => group.Group, group => (double)group.RowsNeeded!.Value);
        ConstraintVerdict With(double share) => VerdictRule.Of(constraint, new Sized(constraint, rates, group
            => needed.TryGetValue(rates.GroupNames[group], out var rows)
                ? share * rows / rates.Estimate(GroupMetric.SelectionRate, group).Size : 1), null);

        Assert.IsTrue(new[] { "c", "d", "e" }.All(needed.ContainsKey), string.Join(", ", needed));
        Assert.IsEmpty(With(1).UnmeasurableGroups, string.Join(", ", needed));
        Assert.IsNotEmpty(With(0.8).UnmeasurableGroups, "with a fifth fewer not all of them");
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
        Assert.AreEqual(("a", GroupMetric.TruePositiveRate, 0),
            verdict.UnmeasurableGroups.Select(group => (group.Group, group.Metric, group.Rows)).Single());
    }

    [TestMethod]
    public void Of_PredictiveParityWithAGroupThatIsPredictedNothing_IsNotMeasurable()
    {
        var verdict = VerdictRule.Of(Fairness.PredictiveParity("G", 0.1),
            CountedRows.Of(("a", [0, 0, 800, 200]), ("b", [500, 210, 790, 500])), Tail);

        Assert.AreEqual((Verdict.NotMeasurable, double.NaN), (verdict.Verdict, verdict.Value));
        StringAssert.StartsWith(verdict.UnmeasurableGroups.Single().ToString(), "'a': 0 positive predictions, about ");
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
    }

    [TestMethod]
    public void Of_AFewRowsOfAnotherGroup_DoNotMakeAPairUnmeasurable()
    {
        (string, int, int)[] groups = [("g0", 30, 300), ("g1", 30, 300), ("g2", 1, 10), ("g3", 1, 10)];

        var verdict = VerdictRule.Of(Parity with { Bound = 0.06 }, Rates(groups), null);

        Assert.AreEqual(Verdict.Kept, verdict.Verdict);
        CollectionAssert.AreEqual(new[] { "g2", "g3" }, verdict.UnmeasurableGroups.Select(group => group.Group).ToArray());
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

    // The same rates over other numbers of rows.
    private sealed class Sized(FairnessConstraint constraint, IRateEstimates rates, Func<int, double> factor) : IRateEstimates
    {
        private readonly EstimatedRates _rates = EstimatedRates.Of(constraint, rates);

        public IReadOnlyList<string> GroupNames => rates.GroupNames;

        public RateEstimate Estimate(GroupMetric metric, int group)
            => group == IRateEstimates.Overall ? rates.Estimate(metric, group) : _rates.Scaled(factor(group)).Estimate(metric, group);
    }
}
