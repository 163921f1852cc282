using System.Globalization;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Tests.Training;

[TestClass]
public sealed class TrainingSummaryConfidenceTests
{
    private static readonly ConstraintSummary Parity =
        new("DemographicParity(Sex)", 0.05, false, Verdict.Kept, 0.032, new ConfidenceInterval(0.02, 0.045), 29305, 0.03, 0.04);
    private static readonly ConstraintSummary Impact =
        new("DemographicParityRatio(Race)", 0.8, true, Verdict.Kept, 0.89, new ConfidenceInterval(0.82, 0.93), 29305, 0.9, 0.85);

    [TestMethod]
    public void ToString_WithoutConfidence_IsALinePerConstraint()
    {
        var summary = Summary([Parity, Impact with { Value = 0.75, Verdict = Verdict.Missed }]) with
        {
            ConfidenceLevel = null,
            SafetyRows = 0,
        };

        Assert.AreEqual(
            Lines("epoch 7 of 20: accuracy 0.8500 on 3257 held-out rows (majority class 0.7600, best of any epoch 0.8600)",
                "DemographicParity(Sex): 0.0320 [0.0200, 0.0450; each end 95%] on 29305 rows (training 0.0300, validation 0.0400), "
                    + "bound 0.0500: kept",
                "DemographicParityRatio(Race): 0.7500 [0.8200, 0.9300; each end 95%] on 29305 rows (training 0.9000, validation 0.8500), "
                    + "bound 0.8000: "
                    + "missed by 0.0500"),
            summary.ToString());
        Assert.IsNull(summary.HoldsWithConfidence);
        Assert.IsNull(summary.Constraints[0].HoldsWithConfidence);
        Assert.IsNull(summary.Constraints[0].ConfidenceViolation);
    }

    [TestMethod]
    public void ToString_MissedBound_SaysWhichComparisonMissesItMost()
        => StringAssert.EndsWith(
            Summary([Parity with
            {
                Value = 0.08,
                Verdict = Verdict.Missed,
                WorstInequality = "DemographicParity(Sex): Male - Female <= 0.05",
            }]).ToString(),
            "bound 0.0500: missed by 0.0300, the most by Male - Female <= 0.05");

    [TestMethod]
    public void ToString_LimitThatMissesTheBound_SaysByHowMuchAndHowManyRowsItWouldTake()
    {
        var summary = Summary([Parity with { SafetyValue = 0.041, ConfidenceLimit = 0.0623, SafetyRowsNeeded = 17500 }]);

        StringAssert.EndsWith(summary.ToString(),
            "DemographicParity(Sex): with 95% confidence at most 0.0623 on unseen data (3256 safety rows): bound 0.0500 not shown, missed "
            + "by 0.0123; about 17500 safety rows would be needed");
        Assert.IsFalse(summary.HoldsWithConfidence);
        Assert.AreEqual(0.0123, summary.Constraints[0].ConfidenceViolation!.Value, 1e-12);
    }

    [TestMethod]
    public void ToString_NoNumberOfRowsWouldDo_SaysNotWithThisModel()
        => StringAssert.EndsWith(
            Summary([Parity with { SafetyValue = 0.051, ConfidenceLimit = 0.0723 }]).ToString(),
            "with 95% confidence at most 0.0723 on unseen data (3256 safety rows): bound 0.0500 not shown, missed by 0.0223; not with "
                + "this model, whose value on the safety rows is 0.0510");

    [TestMethod]
    public void ToString_LimitThatKeepsTheBound_SaysShown()
    {
        var summary = Summary([Parity with { ConfidenceLimit = 0.05 }, Impact with { ConfidenceLimit = 0.81 }]);

        StringAssert.Contains(summary.ToString(),
            "DemographicParity(Sex): with 95% confidence at most 0.0500 on unseen data (3256 safety rows): bound 0.0500 shown");
        StringAssert.Contains(summary.ToString(),
            "DemographicParityRatio(Race): with 95% confidence at least 0.8100 on unseen data (3256 safety rows): bound 0.8000 shown");
        Assert.IsTrue(summary.HoldsWithConfidence);
    }

    [TestMethod]
    public void HoldsWithConfidence_OneLimitMisses_IsFalse()
        => Assert.IsFalse(Summary([Parity with { ConfidenceLimit = 0.05 }, Impact with { ConfidenceLimit = 0.79 }]).HoldsWithConfidence);

    [TestMethod]
    [DataRow(double.PositiveInfinity)]
    [DataRow(double.NaN)]
    public void ToString_NoLimit_SaysThatNothingIsKnown(double limit)
    {
        var summary = Summary([Parity with { ConfidenceLimit = limit }]);

        StringAssert.EndsWith(summary.ToString(),
            "DemographicParity(Sex): with 95% confidence nothing is known of unseen data (3256 safety rows): bound 0.0500 not shown, "
            + "for the statistic has no limit");
        Assert.IsFalse(summary.HoldsWithConfidence);
    }

    [TestMethod]
    public void ToString_GroupsThatTheSafetyRowsDoNotTell_AreNamed()
    {
        var lacking = Parity with { ConfidenceLimit = double.NaN, GroupsWithoutSafetyRows = [new("Other", "no positive rows")] };
        var unknown = Parity with { ConfidenceLimit = double.NaN, Value = double.NaN, Verdict = Verdict.NotMeasurable };

        StringAssert.EndsWith(Summary([lacking]).ToString(), "bound 0.0500 not shown, for there are no safety rows behind a rate of "
            + "Other (no positive rows)");
        StringAssert.EndsWith(Summary([unknown]).ToString(),
            "bound 0.0500 not shown, for there are no two groups with rows to compare");
        Assert.AreNotEqual(lacking, lacking with { GroupsWithoutSafetyRows = [] });
    }

    [TestMethod]
    public void ToString_GroupsThatTheVerdictLeavesOut_AreNotInTheLimit()
        => StringAssert.EndsWith(
            Summary([Parity with
            {
                ConfidenceLimit = 0.04,
                UnmeasurableGroups = [new("Other", GroupMetric.SelectionRate, 3, 300)],
            }]).ToString(),
            "at most 0.0400 on unseen data (3256 safety rows, over the groups with enough rows to tell): bound 0.0500 shown");

    [TestMethod]
    public void ToString_Conflicts_AreLinesOfTheirOwn()
    {
        var summary = Summary([Parity]) with { Conflicts = [new ConstraintConflict(["A", "B"], "never both in one epoch")] };

        StringAssert.EndsWith(summary.ToString(), Environment.NewLine + "A and B: never both in one epoch");
    }

    [TestMethod]
    public void ToString_UnderAnotherCulture_SpeaksTheSame()
    {
        var before = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        var summary = Summary([Parity with { SafetyValue = 0.051, ConfidenceLimit = 0.0723 }]) with { ConfidenceLevel = 0.975 };
        var expected = summary.ToString();
        StringAssert.Contains(expected, "97.5%");
        try
        {
            CultureInfo.CurrentCulture = comma;
            Assert.AreEqual(expected, summary.ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [TestMethod]
    public void ConstraintConflict_SameNamesAndReason_AreEqual()
    {
        var conflict = new ConstraintConflict(["A", "B"], "reason");
        Assert.AreEqual(new ConstraintConflict(new List<string> { "A", "B" }, "reason"), conflict);
        Assert.AreEqual(new ConstraintConflict(new List<string> { "A", "B" }, "reason").GetHashCode(), conflict.GetHashCode());
        Assert.AreNotEqual(new ConstraintConflict(["B", "A"], "reason"), conflict);
        Assert.AreNotEqual(new ConstraintConflict(["A", "B"], "another"), conflict);
    }

    private static TrainingSummary Summary(IReadOnlyList<ConstraintSummary> constraints)
        => new(7, 20, 26048, 3257, true, 0.87, 0.85, 0.86, 0.76, constraints) { ConfidenceLevel = 0.95, SafetyRows = 3256 };

    private static string Lines(params string[] lines) => string.Join(Environment.NewLine, lines);
}
