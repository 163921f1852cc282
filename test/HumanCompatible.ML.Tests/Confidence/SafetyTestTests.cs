using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Tests.Training;

namespace HumanCompatible.ML.Tests.Confidence;

[TestClass]
public sealed class SafetyTestTests
{
    private static readonly FairnessConstraint Parity = Fairness.DemographicParity("Group", 0.3);
    private static readonly FairnessConstraint Recall = Fairness.RateAtLeast(GroupMetric.TruePositiveRate, "Group", 0.6);

    [TestMethod]
    [TestCategory("Slow")]
    public void Run_SeveralConstraints_AllLimitsHoldTogetherAsOftenAsStated()
    {
        const int Times = 120;
        const double Level = 0.8;
        var random = new Random(11);
        var failures = 0;
        for (var time = 0; time < Times; time++)
        {
            var rows = SyntheticGroups.Three.Draw(150, random, Parity, out var logits);
            rows = rows with { Partitions = [rows.Partitions[0], rows.Partitions[0]] };
            var results = Run(new SafetyTest([Parity, Recall], Level, rows), logits);
            var fails = results[0].Limit < Parity.ValueOf(SyntheticGroups.Three)
                || results[1].Limit > Recall.ValueOf(SyntheticGroups.Three);
            failures += fails ? 1 : 0;
        }

        Assert.IsLessThanOrEqualTo((1 - Level) * Times, failures);
    }

    [TestMethod]
    public void Run_BoundNotShown_SaysAboutHowManyRowsWouldShowIt()
    {
        var rows = SyntheticGroups.Three.Draw(400, new Random(12), Parity, out var logits);
        var result = Run(new SafetyTest([Parity], 0.95, rows), logits)[0];
        Assert.IsLessThan(0.3, result.Value);
        Assert.IsGreaterThan(0.3, result.Limit);
        Assert.IsNotNull(result.RowsNeeded);

        // The same rows several times over: from about that many on the bound is shown.
        foreach (var (share, isShown) in new[] { (0.8, false), (1.25, true) })
        {
            var times = (int)Math.Ceiling(share * result.RowsNeeded.Value / rows.Count);
            var many = new TrainingRows([], 0, Repeat(rows.Labels, times), null,
                [rows.Partitions[0] with { GroupOfRow = Repeat(rows.Partitions[0].GroupOfRow, times) }]);
            Assert.AreEqual(isShown, Run(new SafetyTest([Parity], 0.95, many), Repeat(logits, times))[0].Limit <= 0.3, $"{times} times");
        }
    }

    [TestMethod]
    public void Run_ValueItselfMissesTheBound_NoNumberOfRowsWouldShowIt()
    {
        var strict = Parity with { Bound = 0.01 };
        var rows = SyntheticGroups.Three.Draw(400, new Random(12), strict, out var logits);
        Assert.IsNull(Run(new SafetyTest([strict], 0.95, rows), logits)[0].RowsNeeded);
    }

    [TestMethod]
    public void Run_BoundShown_NeedsNoMoreRows()
    {
        var rows = SyntheticGroups.Three.Draw(5000, new Random(13), Parity, out var logits);
        var result = Run(new SafetyTest([Parity], 0.95, rows), logits)[0];
        Assert.IsLessThanOrEqualTo(0.3, result.Limit);
        Assert.IsNull(result.RowsNeeded);
    }

    [TestMethod]
    public void Run_ALimitOnTheBound_ShowsIt()
    {
        var rates = CountedRows.Of(("a", [50, 0, 0, 0]), ("b", [40, 0, 0, 0]));
        var all = Fairness.RateAtMost(GroupMetric.SelectionRate, "Group", 1);

        var result = new SafetyTest([all], 0.95, new TrainingRows([], 0, new float[90], null, [])).Run(_ => rates, _ => rates)[0];

        Assert.AreEqual((1.0, 1.0, null), (result.Value, result.Limit, result.RowsNeeded));
    }

    [TestMethod]
    public void ExpectedWidths_AreThoseOfTheCounts()
    {
        var rows = SyntheticGroups.Three.Draw(4000, new Random(14), Parity, out _);
        rows = rows with { Partitions = [rows.Partitions[0], rows.Partitions[0]] };
        var positive = rows.Labels.Average();

        var widths = new SafetyTest([Parity, Recall], 0.9, rows).ExpectedWidths();

        // Each constraint has a tail of 0.05, z = 1.645; the smallest groups, b and c, are the farthest apart.
        var (b, c) = (rows.Partitions[0].Counts[1], rows.Partitions[0].Counts[2]);
        Assert.AreEqual(1.645 * Math.Sqrt(positive * (1 - positive) * (1.0 / b + 1.0 / c)), widths[0], 0.002);
        var positives = Enumerable.Range(0, 3)
            .Min(group => Enumerable.Range(0, rows.Count)
            .Count(row => rows.Labels[row] > 0 && rows.Partitions[0].GroupOfRow[row] == group));
        Assert.AreEqual(1.645 * Math.Sqrt(0.6 * 0.4 / positives), widths[1], 0.003);
    }

    [TestMethod]
    public void Run_ValueJustWithinTheBound_SaysAboutHowManyRowsOrThatNoneWould()
    {
        // The rates 0.5 and 0.4, so far within that z standard errors fit in.
        var rates = CountedRows.Of(("a", [50, 0, 50, 0]), ("b", [40, 0, 60, 0]));
        var rows = new TrainingRows([], 0, new float[200], null, []);
        long? Needed(double within) => new SafetyTest([Parity with { Bound = 0.1 + within }], 0.95, rows)
            .Run(_ => rates, _ => Enough(Parity, rates))[0].RowsNeeded;

        // 33 times the rows, or more than 200 times.
        var expected = 2 * 1.644854 * 1.644854 * (0.25 + 0.24) / (0.02 * 0.02);
        Assert.AreEqual(expected, (double)Needed(0.02)!, 0.04 * expected);
        Assert.IsNull(Needed(0.008));
        Assert.IsNull(Needed(0));
        Assert.IsNull(Needed(-0.05));
    }

    [TestMethod]
    public void Run_OfSeveralConstraints_DividesTheTail()
    {
        var rates = CountedRows.Of(("a", [50, 0, 50, 0]), ("b", [40, 0, 60, 0]));
        var rows = new TrainingRows([], 0, new float[200], null, []);

        var results = new SafetyTest([Parity, Fairness.RateAtMost(GroupMetric.SelectionRate, "Group", 0.6)], 0.9, rows)
            .Run(_ => rates, _ => Enough(Parity, rates));

        Assert.AreEqual(ConfidenceLimit.Of(Parity, EstimatedRates.Of(Parity, rates), 0.05), results[0].Limit);
        Assert.AreEqual(0.1, results[0].Value, 1e-12);
        Assert.AreEqual(Intervals.ClopperPearson(0.5, 100, 0.05).Upper, results[1].Limit, 2e-6);
        Assert.AreEqual(0.5, results[1].Value);
    }

    [TestMethod]
    public void Run_AGroupThatTheVerdictLeavesOut_IsNotInTheLimit()
    {
        var own = CountedRows.Of(("a", [500, 0, 500, 0]), ("b", [400, 0, 600, 0]), ("c", [1, 0, 1, 0]));
        var rates = CountedRows.Of(("a", [50, 0, 50, 0]), ("b", [40, 0, 60, 0]), ("c", [1, 0, 0, 0]));
        var two = CountedRows.Of(("a", [50, 0, 50, 0]), ("b", [40, 0, 60, 0]));
        var rows = new TrainingRows([], 0, new float[201], null, []);

        var result = new SafetyTest([Parity], 0.95, rows).Run(_ => rates, _ => own)[0];

        Assert.AreEqual(ConfidenceLimit.Of(Parity, EstimatedRates.Of(Parity, two), 0.05), result.Limit, 1e-9);
        Assert.AreEqual(0.1, result.Value, 1e-12);
        Assert.IsEmpty(result.Lacking);
    }

    [TestMethod]
    [DataRow(0.05, 0.09, 350, Verdict.Shown)]
    [DataRow(0.05, 0.12, 350, Verdict.Kept)]
    [DataRow(0.1, 0.2, 350, Verdict.Kept, DisplayName = "on the bound")]
    [DataRow(0.11, 0.2, 350, Verdict.NotMeasurable)]
    [DataRow(double.NaN, double.NaN, 350, Verdict.Kept)]
    [DataRow(0.05, 0.12, 450, Verdict.Missed)]
    [DataRow(0.11, 0.2, 450, Verdict.Missed)]
    public void Judge_RowsThatChoseNothing_ShowTheBoundOrContradictThatItIsKept(double value, double limit, int selected, Verdict expected)
    {
        var parity = Fairness.DemographicParity("Group", 0.1);
        var own = VerdictRule.Of(parity, CountedRows.Of(("a", [300, 0, 700, 0]), ("b", [selected, 0, 1000 - selected, 0])), null);

        var verdict = new SafetyResult(value, limit, null).Judge(parity, own);

        Assert.AreEqual(expected, verdict.Verdict);
        Assert.AreEqual(expected == Verdict.NotMeasurable, verdict.NotMeasurableReason is not null);
        Assert.AreEqual(own with { Verdict = verdict.Verdict, NotMeasurableReason = verdict.NotMeasurableReason }, verdict);
    }

    [TestMethod]
    public void Judge_ARatioBelowItsBoundOnSafetyRows_IsNotKept()
    {
        var ratio = Fairness.DisparateImpact("Group", 0.8);
        var own = VerdictRule.Of(ratio, CountedRows.Of(("a", [400, 0, 600, 0]), ("b", [390, 0, 610, 0])), null);

        Assert.AreEqual(Verdict.Kept, own.Verdict);
        Assert.AreEqual(Verdict.Kept, new SafetyResult(0.85, 0.7, 900).Judge(ratio, own).Verdict);
        Assert.AreEqual(Verdict.Shown, new SafetyResult(0.95, 0.81, null).Judge(ratio, own).Verdict);
        Assert.EndsWith(": not measurable (the safety rows, which neither trained nor chose the model, miss the bound)",
            new SafetyResult(0.79, 0.7, null).Judge(ratio, own).ToString());
    }

    [TestMethod]
    public void Run_AGroupOfTheVerdictWithoutSafetyRows_IsNamedAndNothingIsShown()
    {
        var own = CountedRows.Of(("a", [500, 0, 500, 0]), ("b", [400, 0, 600, 0]), ("c", [450, 0, 550, 0]));
        var rates = CountedRows.Of(("a", [50, 0, 50, 0]), ("b", [40, 0, 60, 0]), ("c", [0, 0, 0, 0]));
        var rows = new TrainingRows([], 0, new float[200], null, []);

        var result = new SafetyTest([Parity], 0.95, rows).Run(_ => rates, _ => own)[0];

        Assert.IsTrue(double.IsNaN(result.Limit));
        Assert.IsNull(result.RowsNeeded);
        Assert.AreEqual("c (no rows)", result.Lacking.Single().ToString());
    }

    [TestMethod]
    public void Run_GroupsThatAreAllTooSmall_AreComparedAllTheSame()
    {
        var few = CountedRows.Of(("a", [3, 0, 3, 0]), ("b", [2, 0, 3, 0]));
        var rows = new TrainingRows([], 0, new float[11], null, []);

        var result = new SafetyTest([Parity], 0.95, rows).Run(_ => few, _ => few)[0];

        Assert.AreEqual(ConfidenceLimit.Of(Parity, EstimatedRates.Of(Parity, few), 0.05), result.Limit, 1e-9);
        Assert.IsGreaterThan(0.3, result.Limit);
        Assert.IsNotNull(result.RowsNeeded);
    }

    [TestMethod]
    public void Run_NothingThatCanBeCompared_HasNoLimit()
    {
        var few = CountedRows.Of(("a", [3, 0, 3, 0]), ("b", [0, 0, 0, 0]));
        var rows = new TrainingRows([], 0, new float[11], null, []);

        var result = new SafetyTest([Parity], 0.95, rows).Run(_ => few, _ => few)[0];

        Assert.IsTrue(double.IsNaN(result.Limit));
        Assert.IsNull(result.RowsNeeded);
        Assert.IsEmpty(result.Lacking);
    }

    [TestMethod]
    [DataRow(100, 0.1, DisplayName = "so few rows that no share shows the bound")]
    [DataRow(400, 0.4, DisplayName = "the most, though it leaves less than half")]
    [DataRow(500, 0.4, DisplayName = "half of all would leave half")]
    [DataRow(700, 0.4)]
    [DataRow(900, 0.3)]
    [DataRow(1100, 0.25)]
    [DataRow(1400, 0.2)]
    [DataRow(2000, 0.15)]
    [DataRow(100_000, 0.1)]
    public void Share_OfParity_IsTheLeastThatLeavesHalfTheBound(int rows, double share)
    {
        // Two rates of 0.5: their difference has the limit sqrt(2) 1.645 sqrt(0.25 / n) and a bit, which is 0.075 for n = 260.
        var parity = Fairness.DemographicParity("Group", 0.15);
        Assert.AreEqual(share, SafetyTest.Share([parity], 0.95, [Counted(parity, rows)]), 1e-12);
        Assert.AreEqual(share, SafetyTest.Share([parity, parity], 0.9, [Counted(parity, rows), Counted(parity, rows)]), 1e-12);
    }

    [TestMethod]
    public void Share_OfBoundedRates_LeavesHalfOfWhatIsBetweenTheBoundAndTheEndOfTheirRange()
    {
        FairnessConstraint least = Fairness.RateAtLeast(GroupMetric.SelectionRate, "Group", 0.85),
            most = Fairness.RateAtMost(GroupMetric.SelectionRate, "Group", 0.15), loss = Fairness.BoundedGroupLoss("Group", 0.5);
        double Share(FairnessConstraint constraint, int rows)
            => SafetyTest.Share([constraint], 0.95, [Counted(constraint, rows).Assume(_ => constraint.Bound)]);

        Assert.AreEqual((0.3, 0.3, 0.3), (Rounded(Share(least, 320)), Rounded(Share(most, 320)), Rounded(Share(loss, 50))));
        Assert.AreEqual((0.15, 0.15), (Rounded(Share(least, 640)), Rounded(Share(most, 640))));
        Assert.AreEqual(0.3, SafetyTest.Share([least, most], 0.9,
            [Counted(least, 640).Assume(_ => least.Bound), Counted(most, 320).Assume(_ => most.Bound)]), 1e-12);
    }

    [TestMethod]
    [DataRow(0.03)]
    [DataRow(0.5)]
    public void ExpectedWidths_FollowTheShareOfPositives(double share)
    {
        var positives = (int)(share * 1000);
        var rows = Even(1000, positives);

        var width = new SafetyTest([Parity], 0.9, rows).ExpectedWidths()[0];

        // Square and add of the limits of Clopper and Pearson of two groups of 500 rows, each with this share.
        var limits = Intervals.ClopperPearson(positives / 1000.0, 500, 0.1);
        Assert.AreEqual(double.Hypot(limits.Upper - share, share - limits.Lower), width, 1e-4);
    }

    [TestMethod]
    public void ExpectedWidths_OfALoss_AreThoseOfADeviationAsLargeAsItself()
    {
        var width = new SafetyTest([Fairness.BoundedGroupLoss("Group", 0.4)], 0.95, Even(1000, 300)).ExpectedWidths()[0];

        Assert.AreEqual(Intervals.StudentQuantile(499, 0.05) * 0.4 / Math.Sqrt(500), width, 1e-4);
    }

    [TestMethod]
    [DataRow(0.3, 2000, 0.1)]
    [DataRow(0.05, 2000, 0.1)] // out of reach
    public void Share_OfALooseBoundOrOneOutOfReach_IsATenth(double bound, int count, double expected)
        => Assert.AreEqual(expected, Share(Parity with { Bound = bound }, count), 1e-12);

    [TestMethod]
    [DataRow(0.1)]
    [DataRow(0.13)]
    public void Share_InBetween_IsTheSmallestThatLeavesHalfOfTheBound(double bound)
    {
        var (constraint, rows) = (Parity with { Bound = bound }, Even(5000, 2500));
        double Width(double share) => new SafetyTest([constraint], 0.95, Even((int)Math.Round(5000 * share), (int)Math.Round(2500 * share)))
            .ExpectedWidths()[0];

        var share = SafetyTest.Share([constraint], 0.95, [ExpectedRates.Of(constraint, rows, rows.Partitions[0])]);

        Assert.IsTrue(share is > 0.1 and < 0.4, $"{share}");
        Assert.IsLessThanOrEqualTo(bound / 2, Width(share));
        Assert.IsGreaterThan(bound / 2, Width(share - 0.05));
    }

    [TestMethod]
    public void Share_ABoundThatFortyPercentOnlyJustShow_IsThat() => Assert.AreEqual(0.4, Share(Parity with { Bound = 0.05 }, 5000), 1e-12);

    [TestMethod]
    public void Share_OfSeveralConstraints_IsWhatTheMostDemandingNeeds()
    {
        var (strict, loose, rows) = (Parity with { Bound = 0.1 }, Recall with { Bound = 0.2 }, Even(5000, 2500));
        var expected = new[] { loose, strict }.Select(constraint => ExpectedRates.Of(constraint, rows, rows.Partitions[0])).ToList();

        var both = SafetyTest.Share([loose, strict], 0.95, expected);

        Assert.AreEqual(SafetyTest.Share([strict], 0.975, [expected[1]]), both, 1e-12, "with half of the tail for each");
        Assert.IsGreaterThan(SafetyTest.Share([strict], 0.95, [expected[1]]), both);
    }

    [TestMethod]
    public void Share_OfARatio_HasTheRoomUpToOne()
        => Assert.IsGreaterThan(Share(Fairness.DisparateImpact("Group", 0.6), 5000), Share(Fairness.DisparateImpact("Group", 0.8), 5000));

    // Two groups of the same size, each with its share of the positive rows.
    private static TrainingRows Even(int count, int positives)
        => new([], 0, [.. Enumerable.Range(0, count).Select(row => row < positives ? 1f : 0)], null,
            [new GroupPartition(["Group"], [.. Enumerable.Range(0, count).Select(row => row % 2)], ["a", "b"], [count / 2, count / 2])]);

    private static double Share(FairnessConstraint constraint, int count)
    {
        var rows = Even(count, count / 2);
        return SafetyTest.Share([constraint], 0.95, [ExpectedRates.Of(constraint, rows, rows.Partitions[0])]);
    }

    private static double Rounded(double share) => Math.Round(share, 12);

    private static EstimatedRates Counted(FairnessConstraint constraint, int rows)
        => EstimatedRates.Of(constraint, CountedRows.Of(("a", [rows / 2, 0, rows / 2, 0]), ("b", [rows / 2, 0, rows / 2, 0])));

    // Every constraint is of the same groups.
    private static IReadOnlyList<SafetyResult> Run(SafetyTest test, float[] logits)
    {
        var rates = CountedRows.Of(test.Rows.Partitions[0], logits, test.Rows);
        return test.Run(_ => rates, index => Enough(index == 0 ? Parity : Recall, rates));
    }

    // The same rates on so many rows that all groups can be measured.
    private static EstimatedRates Enough(FairnessConstraint constraint, IRateEstimates rates)
        => EstimatedRates.Of(constraint, rates).Scaled(1e6);

    private static T[] Repeat<T>(T[] values, int times) => [.. Enumerable.Repeat(values, times).SelectMany(part => part)];
}
