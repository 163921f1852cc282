using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Tests.Confidence;

/// <summary>Verdicts on several classes, and on means in a unit.</summary>
[TestClass]
public sealed class TaskVerdictTests
{
    private static readonly TaskLabels Classes = TaskLabels.Multiclass(["a", "b", "c"]);

    [TestMethod]
    public void Interval_OfADifferenceOfMeans_IsOfTheirStandardErrors()
    {
        // Residuals of mean 1 and -2; of both the variance of a row is 4 and there are 400 rows.
        var rates = Means(1, unit: 3, (1, 4, 400), (-2, 4, 400));

        var verdict = VerdictRule.Of(Fairness.ResidualParity("G", 5), rates, tail: null);

        var error = Intervals.StudentQuantile(399, HoldingRule.Tail) * Math.Sqrt(4 / 400.0) * Math.Sqrt(2);
        Assert.AreEqual(3, verdict.Value, 1e-12);
        Assert.AreEqual(3 - error, verdict.Interval.Lower, 1e-4);
        Assert.AreEqual(3 + error, verdict.Interval.Upper, 1e-4);
        Assert.AreEqual((Verdict.Kept, 800), (verdict.Verdict, verdict.Rows));
    }

    [TestMethod]
    [DataRow(1e-9)]
    [DataRow(1e12)]
    public void Verdict_InAnotherUnit_IsTheSameInThatUnit(double unit)
    {
        ConstraintVerdict Of(double one) => VerdictRule.Of(Fairness.ResidualParity("G", 2 * one),
            Means(one, one, (1, 4, 400), (-2, 4, 400), (0, 4, 3)), tail: 0.05);

        var (plain, scaled) = (Of(1), Of(unit));

        Assert.AreEqual(plain.Verdict, scaled.Verdict);
        Assert.AreEqual(plain.Value, scaled.Value / unit, 1e-9);
        Assert.AreEqual(plain.Interval.Lower, scaled.Interval.Lower / unit, 1e-5);
        Assert.AreEqual(plain.Interval.Upper, scaled.Interval.Upper / unit, 1e-5);
        CollectionAssert.AreEqual(plain.UnmeasurableGroups.ToArray(), scaled.UnmeasurableGroups.ToArray());
        Assert.AreEqual("'g2': 3 rows, about 7 needed", plain.UnmeasurableGroups.Single().ToString());
    }

    [TestMethod]
    public void Verdict_OfARatioOfMeans_HasNoUnit()
    {
        var ratio = Fairness.MeanParity("G", 0.5) with { Comparison = GroupComparison.Ratio };
        ConstraintVerdict Of(double unit) => VerdictRule.Of(ratio, Means(unit, unit, (10, 4, 400), (8, 4, 400)), tail: 0.05);

        var (plain, scaled) = (Of(1), Of(4));

        Assert.AreEqual((Verdict.Shown, 0.8), (plain.Verdict, plain.Value));
        Assert.AreEqual(plain, scaled);
        Assert.IsTrue(plain.Interval is { Lower: > 0.77 and < 0.8, Upper: > 0.8 and < 0.83 }, $"{plain.Interval}");
    }

    [TestMethod]
    public void Student_OfASignedMean_GoesBelowZero()
    {
        var interval = Intervals.Student(0.5, 4, 11, 0.025, double.NegativeInfinity);

        Assert.AreEqual(0.5 - 2.228139 * Math.Sqrt(4 / 11.0), interval.Lower, 1e-5);
        Assert.AreEqual(double.NegativeInfinity, Intervals.Student(0.5, 4, 1, 0.025, double.NegativeInfinity).Lower);
    }

    [TestMethod]
    public void Verdict_OfSeveralClasses_IsOfTheWorstOne_AndNamesIt()
    {
        // 100 rows each: a is predicted for 20 and 30, b for 50 and 55, c for 30 and 15.
        var rates = Counted((20, 50, 30), (30, 55, 15));

        var parity = Fairness.DemographicParity("G", 0.12).Of(Classes);
        var verdict = VerdictRule.Of(parity, rates, tail: null);

        Assert.AreEqual(0.15, verdict.Value, 1e-12);
        Assert.AreEqual("DemographicParity(G): c: g0 - g1 <= 0.12", verdict.WorstInequality);
        var ofA = (Fairness.DemographicParity("G", 0.12) with { ClassName = "a" }).Of(Classes);
        Assert.AreEqual(0.1, VerdictRule.Of(ofA, rates, tail: null).Value, 1e-12);
    }

    [TestMethod]
    public void Verdict_WhereAClassHasTooFewRows_IsOverTheOthers()
    {
        // Correct predictions; c has three labels in the second group.
        var rates = Counted((1000, 1000, 1000), (1000, 1000, 3));

        var verdict = VerdictRule.Of(Fairness.EqualOpportunity("G", 0.1).Of(Classes), rates, tail: null);

        Assert.AreEqual((Verdict.Kept, 0.0), (verdict.Verdict, verdict.Value));
        CollectionAssert.AreEqual(new[] { "g1" }, verdict.UnmeasurableGroups.Select(group => group.Group).ToArray());
        var rare = verdict.UnmeasurableGroups[0];
        Assert.AreEqual(("c", GroupMetric.TruePositiveRate), (rare.ClassName, rare.Metric));
        StringAssert.StartsWith(rare.ToString(), "'g1': 3 rows of class 'c', about ");
    }

    [TestMethod]
    public void Rows_OfSeveralClasses_CountEachRowOnce()
    {
        var rates = Counted((1000, 900, 800), (700, 600, 500));
        FairnessConstraint[] constraints = [Fairness.DemographicParity("G", 0.1), Fairness.EqualOpportunity("G", 0.1),
            Fairness.PredictiveParity("G", 0.1), Fairness.EqualizedOdds("G", 0.1), Fairness.AccuracyParity("G", 0.1)];

        foreach (var constraint in constraints)
            Assert.AreEqual(4500, VerdictRule.Of(constraint.Of(Classes), rates, tail: null).Rows, constraint.Name);

        var ofB = (Fairness.EqualOpportunity("G", 0.1) with { ClassName = "b" }).Of(Classes);
        Assert.AreEqual(1500, VerdictRule.Of(ofB, rates, tail: null).Rows);
    }

    [TestMethod]
    public void Comparisons_OfSeveralClasses_CountEachButOne()
    {
        var parity = Fairness.DemographicParity("G", 0.1);

        Assert.AreEqual(2, parity.Comparisons(3));
        Assert.AreEqual(2, parity.Of(TaskLabels.Multiclass(["a", "b"])).Comparisons(3), "two classes are one comparison");
        Assert.AreEqual(4, parity.Of(Classes).Comparisons(3));
        Assert.AreEqual(2, (parity with { ClassName = "b" }).Of(Classes).Comparisons(3));
        Assert.AreEqual(3, Fairness.BoundedGroupLoss("G", 1).Of(Classes).Comparisons(3));
        Assert.IsGreaterThan(HoldingRule.StandardErrors(parity, 2), HoldingRule.StandardErrors(parity.Of(Classes), 2));
    }

    [TestMethod]
    public void ExpectedRates_OfClasses_AreTheirShares()
    {
        float[] labels = [0, 0, 0, 0, 0, 1, 1, 1, 2, 2];
        var partition = new GroupPartition(["G"], [0, 1, 0, 1, 0, 1, 0, 1, 0, 1], ["g0", "g1"], [5, 5]);
        var constraint = Fairness.DemographicParity("G", 0.1).Of(Classes);

        var rates = ExpectedRates.Of(constraint, Classes, labels, null, partition);
        var losses = ExpectedRates.Of(Fairness.LossParity("G", 0.1), Classes, labels, null, partition);

        Assert.AreEqual("0.5 0.3 0.2", string.Join(' ', constraint.Metrics.Select(metric => FormattableString.Invariant(
            $"{rates.Estimate(metric, 1).Value}"))));
        Assert.AreEqual(-(0.5 * Math.Log(0.5)) - (0.3 * Math.Log(0.3)) - (0.2 * Math.Log(0.2)),
            losses.Estimate(GroupMetric.MeanLoss, 0).Value, 1e-12);
        Assert.AreEqual(0.5, ExpectedRates.Of(Fairness.AccuracyParity("G", 0.1), Classes, labels, null, partition)
            .Estimate(GroupMetric.Accuracy, 0).Value, "that of always guessing the largest class");
    }

    [TestMethod]
    public void ExpectedRates_OfNumbers_AreTheMeanAndItsErrorsWithTheVariancesOfTheLabels()
    {
        float[] labels = [1, 3, 5, 7];
        var partition = new GroupPartition(["G"], [0, 0, 1, 1], ["g0", "g1"], [2, 2]);
        RateEstimate Of(FairnessConstraint constraint)
            => ExpectedRates.Of(constraint, TaskLabels.Regression(), labels, null, partition).Estimate(constraint.Metrics[0], 1);

        Assert.AreEqual((4, 2, 2), (Of(Fairness.MeanParity("G", 1)).Value, Of(Fairness.MeanParity("G", 1)).Size,
            Of(Fairness.MeanParity("G", 1)).Variance));
        Assert.AreEqual(0, Of(Fairness.ResidualParity("G", 1)).Value);
        Assert.AreEqual(5, Of(Fairness.LossParity("G", 1)).Value, "the variance of the labels");
        Assert.AreEqual(32, Of(Fairness.LossParity("G", 1)).Variance, "of 1 and 9");
        Assert.AreEqual(3, Of(Fairness.BoundedGroupLoss("G", 3)).Value);
    }

    private static StatedRates Means(double scale, double unit, params (double Mean, double Variance, double Size)[] groups)
        => new([.. groups.Select(group => new RateEstimate(group.Mean * scale, group.Size, group.Variance * scale * scale))], unit);

    // Rows that are predicted correctly, so many of each class in each group.
    private static CountedRates Counted(params (int A, int B, int C)[] groups)
    {
        ClassCounts[] counts = [.. groups.Select(group =>
        {
            var one = new ClassCounts(3);
            foreach (var (index, number) in new[] { group.A, group.B, group.C }.Index())
            {
                for (var row = 0; row < number; row++)
                    one.Add(new RowOutcome(index, index, 1, 0));
            }

            return one;
        })];
        return new CountedRates([.. groups.Select((_, index) => $"g{index}")], counts, Classes);
    }

    private sealed class StatedRates(RateEstimate[] groups, double unit) : IRateEstimates
    {
        public IReadOnlyList<string> GroupNames => [.. groups.Select((_, index) => $"g{index}")];

        public RateEstimate Estimate(GroupMetric metric, int group) => group < 0 ? new(0, 1, 1) : groups[group];

        public double UnitOf(GroupMetric metric) => unit;
    }
}
