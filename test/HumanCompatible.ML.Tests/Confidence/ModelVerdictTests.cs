using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Tests.Confidence;

[TestClass]
public sealed class ModelVerdictTests
{
    private static readonly ParityConstraint Parity = Fairness.DemographicParity("G", 0.1);

    [TestMethod]
    public void Of_GroupsThatTrainingLeftOut_IsOverTheOthersAndNamesThoseThatTheRowsHave()
    {
        ExcludedGroup left = new("c", "3 rows"), elsewhere = new("d", "2 rows");

        var verdict = Of(Parity, [left, elsewhere]);

        Assert.AreEqual((Verdict.Kept, 2000), (verdict.Verdict, verdict.Rows));
        Assert.AreEqual(0.03, verdict.Value, 1e-12);
        CollectionAssert.AreEqual(new[] { left }, verdict.ExcludedGroups.ToArray());
        Assert.AreEqual(Verdict.Missed, Of(Parity, []).Verdict, "with c");
    }

    [TestMethod]
    public void Of_AReferenceGroupThatIsNotThere_IsNotMeasurableAndNamesIt()
    {
        var constraint = Parity with { Baseline = GroupBaseline.ReferenceGroup, ReferenceGroup = "c" };

        var verdict = Of(constraint, [new ExcludedGroup("c", "3 rows")]);

        Assert.AreEqual((Verdict.NotMeasurable, double.NaN, 0), (verdict.Verdict, verdict.Value, verdict.Rows));
        Assert.AreEqual((constraint.Name, 0.1, false), (verdict.Name, verdict.Bound, verdict.IsLowerBound));
        Assert.AreEqual(ConfidenceInterval.Undefined, verdict.Interval);
        Assert.AreEqual(new UnmeasurableGroup("c", GroupMetric.SelectionRate, 0), verdict.UnmeasurableGroups.Single());
        Assert.AreEqual("c", verdict.ExcludedGroups.Single().Name);
        Assert.AreEqual(Verdict.Kept, Of(constraint with { ReferenceGroup = "a" }, [new ExcludedGroup("c", "3 rows")]).Verdict);
    }

    [TestMethod]
    public void Of_ATail_IsShownWithItAndHasTheIntervalAsked()
    {
        ExcludedGroup[] left = [new("c", "3 rows")];

        Assert.AreEqual((Verdict.Shown, 0.95), (Of(Parity, left, tail: 0.05).Verdict, Of(Parity, left, tail: 0.05).IntervalConfidence));
        Assert.AreEqual(0.99, Of(Parity, left, intervalTail: 0.01).IntervalConfidence, 1e-12);
    }

    // 300 and 330 of 1,000 are selected, and all of another 1,000.
    private static ConstraintVerdict Of(FairnessConstraint constraint, ExcludedGroup[] excluded, double? tail = null,
        double intervalTail = HoldingRule.Tail)
        => ModelVerdict.Of(constraint, ["a", "b", "c"], [.. new[] { 300, 330, 1000 }.Select(Counts)], TaskLabels.Binary, excluded, tail,
            intervalTail);

    private static IRowCounts Counts(int selected)
    {
        var counts = new GroupCounts();
        for (var row = 0; row < 1000; row++)
            counts.Add(true, row < selected, 1, 0);
        return counts;
    }
}
