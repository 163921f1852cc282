using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Tests.Confidence;

[TestClass]
public sealed class RatesWithoutExcludedTests
{
    // 50 of 100, 10 of 20 and 40 of 80 are positive, of which 20, 9 and 30 are found.
    private static readonly (string Name, GroupCounts Counts)[] Groups
        = [("a", Counts(20, 30)), ("b", Counts(9, 1)), ("c", Counts(30, 10))];

    [TestMethod]
    public void GroupNames_AreThoseThatWereNotLeftOut()
        => CollectionAssert.AreEqual(new[] { "a", "c" }, Of(new ExcludedGroup("b", "20 rows")).GroupNames.ToArray());

    [TestMethod]
    public void Estimate_OfGroupsThatAreLeft_IsTheirsAndThatOfAllIsWithoutTheOthers()
    {
        var rates = Of(new ExcludedGroup("b", "20 rows"));

        Assert.AreEqual(RateEstimate.Proportion(0.4, 50), rates.Estimate(GroupMetric.TruePositiveRate, 0));
        Assert.AreEqual(RateEstimate.Proportion(0.75, 40), rates.Estimate(GroupMetric.TruePositiveRate, 1));
        Assert.AreEqual(RateEstimate.Proportion(50 / 90.0, 90), rates.Estimate(GroupMetric.TruePositiveRate, IRateEstimates.Overall));
        Assert.AreEqual(1, rates.UnitOf(GroupMetric.TruePositiveRate));
    }

    [TestMethod]
    public void Estimate_OfARateThatWasLeftOut_IsNotDefined_ButTheOthersOfTheGroupAre()
    {
        var rates = Of(new ExcludedGroup("b", "no positive rows", RowQuantity.Positive),
            new ExcludedGroup("b", "no positive predictions", RowQuantity.PredictedPositive));

        CollectionAssert.AreEqual(new[] { "a", "b", "c" }, rates.GroupNames.ToArray());
        Assert.IsFalse(rates.Estimate(GroupMetric.TruePositiveRate, 1).IsDefined);
        Assert.IsFalse(rates.Estimate(GroupMetric.PositivePredictiveValue, 1).IsDefined);
        Assert.AreEqual(0, rates.Estimate(GroupMetric.TruePositiveRate, 1).Size);
        Assert.AreEqual(10, rates.Estimate(GroupMetric.FalsePositiveRate, 1).Size);
        Assert.AreEqual(RateEstimate.Proportion(0.4, 50), rates.Estimate(GroupMetric.TruePositiveRate, 0));
        Assert.AreEqual(100, rates.Estimate(GroupMetric.TruePositiveRate, IRateEstimates.Overall).Size, "its rows are among all");
    }

    [TestMethod]
    public void Estimate_OfARateOfAClass_IsLeftOutForThatClassAlone()
    {
        var task = TaskLabels.Multiclass(["x", "y"]);
        var counts = task.NewCounts();
        for (var row = 0; row < 6; row++)
            counts.Add(new RowOutcome(row % 2, row % 2, 1, 0));
        var rates = new RatesWithoutExcluded(["a"], [counts], task, [new("a", "no rows of class y", RowQuantity.Positive, "y")]);

        Assert.AreEqual(3, rates.Estimate(GroupMetric.TruePositiveRate.OfClass(0, "x"), 0).Size);
        Assert.AreEqual(0, rates.Estimate(GroupMetric.TruePositiveRate.OfClass(1, "y"), 0).Size);
    }

    private static RatesWithoutExcluded Of(params ExcludedGroup[] excluded)
        => new([.. Groups.Select(group => group.Name)], [.. Groups.Select(group => group.Counts)], TaskLabels.Binary, excluded);

    // As many negative rows as positive ones, of which none is predicted positive.
    private static GroupCounts Counts(int found, int missed)
    {
        var counts = new GroupCounts();
        for (var row = 0; row < 2 * (found + missed); row++)
            counts.Add(row < found + missed, row < found, 1, 0);
        return counts;
    }
}
