using FsCheck.Fluent;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Tests.Confidence;

[TestClass]
public sealed class InequalityEstimateTests
{
    private const double Z = 1.645;

    // 30 of 100, 20 of 50 and 45 of 90 are selected.
    private static readonly CountedRates Selected = CountedRows.Of(
        ("a", [20, 10, 50, 20]), ("b", [15, 5, 20, 10]), ("c", [30, 15, 25, 20]));

    [TestMethod]
    public void Of_ADifference_IsThatOfTheTestOfTwoProportions()
    {
        var estimate = Of(Fairness.DemographicParity("G", 0.05), Selected, "a - b");

        var pooled = (30 + 20 + 0.5) / (100 + 50 + 1);
        Assert.AreEqual(0.3 - 0.4 - 0.05, estimate.Violation, 1e-12);
        Assert.AreEqual(Math.Sqrt(pooled * (1 - pooled) * (1 / 100.0 + 1 / 50.0)), estimate.StandardError, 1e-12);
        Assert.AreEqual(0.05, estimate.Room, 1e-12);
        Assert.AreEqual(0.4 - 0.3 - 0.05, Of(Fairness.DemographicParity("G", 0.05), Selected, "b - a").Violation, 1e-12);
    }

    [TestMethod]
    public void Of_AMetricOfPositives_CountsThem()
    {
        // Positives: 40, 25 and 50, of which 20, 15 and 30 are found.
        var estimate = Of(Fairness.EqualOpportunity("G", 0.1), Selected, "a - c");

        var pooled = (20 + 30 + 0.5) / (40 + 50 + 1);
        Assert.AreEqual(0.5 - 0.6 - 0.1, estimate.Violation, 1e-12);
        Assert.AreEqual(Math.Sqrt(pooled * (1 - pooled) * (1 / 40.0 + 1 / 50.0)), estimate.StandardError, 1e-12);
    }

    [TestMethod]
    public void Of_ARatio_HasItsCoefficientsAndTheRoomBetweenParityAndTheBound()
    {
        var estimate = Of(Fairness.DisparateImpact("G", 0.8), Selected, "b / a"); // 0.8 r_a - r_b <= 0

        var pooled = 50.5 / 151;
        Assert.AreEqual(0.8 * 0.3 - 0.4, estimate.Violation, 1e-12);
        Assert.AreEqual(Math.Sqrt(pooled * (1 - pooled) * (0.64 / 100 + 1 / 50.0)), estimate.StandardError, 1e-12);
        Assert.AreEqual(0.2 * pooled, estimate.Room, 1e-12);
    }

    [TestMethod]
    public void Of_AReferenceGroup_IsThatOfAPair()
    {
        var estimate = Of(Fairness.DemographicParity("G", 0.05) with
        {
            Baseline = GroupBaseline.ReferenceGroup,
            ReferenceGroup = "c",
        }, Selected, "a - c");

        Assert.AreEqual(Of(Fairness.DemographicParity("G", 0.05), Selected, "a - c"), estimate);
    }

    [TestMethod]
    public void Of_TheOverallRate_KnowsThatTheGroupIsPartOfIt()
    {
        // 95 of all 240 are selected.
        var pooled = (30 + 95 + 0.5) / (100 + 240 + 1);
        foreach (var way in new[] { "a - overall", "overall - a" })
        {
            var estimate = Of(Fairness.DemographicParity("G", 0.05) with { Baseline = GroupBaseline.Overall }, Selected, way);
            Assert.AreEqual(Math.Sqrt(pooled * (1 - pooled) * (1 / 100.0 - 1 / 240.0)), estimate.StandardError, 1e-12, way);
            Assert.AreEqual(0.05, estimate.Room, 1e-12, way);
        }

        var ratio = Of(Fairness.DisparateImpact("G", 0.8) with { Baseline = GroupBaseline.Overall }, Selected, "overall / a");
        Assert.AreEqual(Math.Sqrt(pooled * (1 - pooled) * (0.64 / 100 + 1 / 240.0 - 2 * 0.8 / 240)), ratio.StandardError, 1e-12);
    }

    [TestMethod]
    public void Of_TheOverallRateOfOneGroup_VariesNotAtAll()
        => Assert.AreEqual(0, Of(Fairness.DemographicParity("G", 0.05) with { Baseline = GroupBaseline.Overall },
            CountedRows.Of(("a", [20, 10, 50, 20])), "a - overall").StandardError, 1e-9);

    [TestMethod]
    public void Of_ABoundOfARate_IsTheErrorOfOneProportionAndTheRoomToTheNearerEndOfItsRange()
    {
        var most = Of(Fairness.RateAtMost(GroupMetric.SelectionRate, "G", 0.35), Selected, "a <= ");
        var least = Of(Fairness.RateAtLeast(GroupMetric.SelectionRate, "G", 0.35), Selected, "a >= ");

        var pooled = 30.5 / 101;
        Assert.AreEqual((0.3 - 0.35, 0.35 - 0.3), (most.Violation, least.Violation));
        Assert.AreEqual((0.35, 0.35), (most.Room, least.Room));
        foreach (var estimate in new[] { most, least })
            Assert.AreEqual(Math.Sqrt(pooled * (1 - pooled) / 100), estimate.StandardError, 1e-12);
    }

    [TestMethod]
    public void Of_MeanLosses_HasTheirOwnVariances()
    {
        double[] first = [0.1, 0.7, 0.4, 0.8], second = [1.2, 0.2, 0.4];
        var rates = Losses(first, second);

        double of = Variance(first) / 4, other = Variance(second) / 3;
        var parity = Of(Fairness.LossParity("G", 0.3), rates, "a - b");
        Assert.AreEqual(0.5 - 0.6 - 0.3, parity.Violation, 1e-12);
        Assert.AreEqual(Math.Sqrt(of + other), parity.StandardError, 1e-12);
        Assert.AreEqual(0.3, parity.Room, 1e-12);

        var ratio = Of(Fairness.LossParity("G", 0.8) with { Comparison = GroupComparison.Ratio }, rates, "b / a");
        Assert.AreEqual(Math.Sqrt((0.64 * of) + other), ratio.StandardError, 1e-12);
        Assert.AreEqual(0.2 * (3.8 / 7), ratio.Room, 1e-12, "of the mean of all seven");

        var bound = Of(Fairness.BoundedGroupLoss("G", 0.6), rates, "b <= ");
        Assert.AreEqual(Math.Sqrt(other), bound.StandardError, 1e-12);
        Assert.AreEqual(0.6, bound.Room, 1e-12);
    }

    [TestMethod]
    public void Of_AMeanLossAndThatOfAllRows_KnowsThatTheGroupIsPartOfThem()
    {
        double[] same = [0.1, 0.7, 0.4, 0.8];
        var estimate = Of(Fairness.LossParity("G", 0.3) with { Baseline = GroupBaseline.Overall }, Losses(same, same), "a - overall");

        // v / 4 + w / 8 for means that vary apart; of v (1/4 - 1/8) together.
        var apart = (Variance(same) / 4) + (Variance([.. same, .. same]) / 8);
        Assert.AreEqual(Math.Sqrt(apart * (1 / 4.0 - 1 / 8.0) / (1 / 4.0 + 1 / 8.0)), estimate.StandardError, 1e-12);
    }

    [TestMethod]
    public void Of_WeightedRows_CountsTheEffectiveNumber()
    {
        var (a, b) = (new GroupCounts(), new GroupCounts());
        foreach (var (prediction, weight) in new[] { (true, 3.0), (false, 1.0), (true, 1.0), (false, 1.0) })
            a.Add(true, prediction, weight, 0);
        for (var row = 0; row < 5; row++)
            b.Add(true, row == 0, 2, 0);
        var estimate = Of(Fairness.DemographicParity("G", 0.1), new CountedRates(["a", "b"], [a, b]), "a - b");

        var (size, pooled) = (36 / 12.0, ((4 / 6.0 * 3) + 1 + 0.5) / (3 + 5 + 1)); // (sum w)^2 / sum w^2 rows of a
        Assert.AreEqual(4 / 6.0 - 1 / 5.0 - 0.1, estimate.Violation, 1e-12);
        Assert.AreEqual(Math.Sqrt(pooled * (1 - pooled) * ((1 / size) + (1 / 5.0))), estimate.StandardError, 1e-12);
    }

    [TestMethod]
    public void Of_PredictedRows_GainsNoSlackFromPredictingFewWhereItIsHeld()
    {
        // Of a 2 are predicted positive and 40 are positive, of b 30 and 25.
        var rates = CountedRows.Of(("a", [1, 1, 59, 39]), ("b", [18, 12, 35, 7]));
        var constraint = Fairness.PredictiveParity("G", 0.1);
        var (judged, held) = (Of(constraint, rates, "a - b", isHeld: false), Of(constraint, rates, "a - b"));

        var (few, many) = ((1 + 18 + 0.5) / (2 + 30 + 1), ((0.5 * 40) + 18 + 0.5) / (40 + 30 + 1));
        Assert.AreEqual(Math.Sqrt((InequalityEstimate.CautiousVariance(few, 2) / 2)
            + (InequalityEstimate.CautiousVariance(few, 30) / 30)), judged.StandardError, 1e-12);
        Assert.AreEqual(Math.Sqrt(many * (1 - many) * (1 / 40.0 + 1 / 30.0)), held.StandardError, 1e-12);
        Assert.AreEqual(judged.Violation, held.Violation);
    }

    [TestMethod]
    public void Of_ARateWithoutRows_IsNotDefinedAndKnowsNothing()
    {
        var rates = CountedRows.Of(("a", [20, 10, 50, 20]), ("b", [0, 0, 20, 0]), ("c", [0, 0, 0, 0]));

        var recall = Of(Fairness.EqualOpportunity("G", 0.1), rates, "a - b");
        Assert.IsFalse(recall.IsDefined);
        Assert.AreEqual(double.PositiveInfinity, recall.StandardError);
        Assert.IsFalse(Of(Fairness.BoundedGroupLoss("G", 0.1), rates, "c <= ").IsDefined);
        Assert.AreEqual(double.PositiveInfinity, Of(Fairness.LossParity("G", 0.1), Losses([0.3], [0.1, 0.2]), "a - b").StandardError,
            "of one loss nothing is known");
    }

    // Under one common rate the difference of two groups, and that of a group and all, deviate as the formula says.
    [TestMethod]
    [TestCategory("Slow")]
    [DataRow(GroupBaseline.Pairwise, "a - b")]
    [DataRow(GroupBaseline.Overall, "a - overall")]
    public void StandardError_IsTheDeviationOverDraws(GroupBaseline baseline, string inequality)
    {
        const int Draws = 4000;
        var constraint = Fairness.DemographicParity("G", 0) with { Baseline = baseline };
        var random = new Random(3);
        int Selected(int rows) => Enumerable.Range(0, rows).Count(_ => random.NextDouble() < 0.3);
        InequalityEstimate[] estimates = [.. Enumerable.Range(0, Draws).Select(_ =>
        {
            var (a, b) = (Selected(60), Selected(90));
            return Of(constraint, CountedRows.Of(("a", [a, 0, 60 - a, 0]), ("b", [b, 0, 90 - b, 0])), inequality);
        })];

        var deviation = Math.Sqrt(Variance([.. estimates.Select(estimate => estimate.Violation)]));

        Assert.AreEqual(deviation, estimates.Average(estimate => estimate.StandardError), 0.03 * deviation);
    }

    [TestMethod]
    [DataRow(0.0, 1, 0.0)]
    [DataRow(0.01, 1, 0.01645)] // z standard errors from the bound
    [DataRow(0.05 / (1 + Z), 1, Z * 0.05 / (1 + Z))] // both are the same
    [DataRow(0.025, 1, 0.025)] // one standard error from parity
    [DataRow(0.05, 1, 0.0)]
    [DataRow(0.07, 1, -0.02)]
    [DataRow(0.01, 2.25, 0.01645)]
    [DataRow(0.03, 2.25, 0.03)] // of the worst of many two thirds
    [DataRow(0.045, 2.25, 0.02)]
    [DataRow(0.051, 2.25, 0.05 - (0.034 + (4 * 2.25 * 0.001)))] // where one is more than the bound leaves, 2.25 are soon allowed
    [DataRow(0.07, 2.25, 0.05 - (2.25 * 0.07))]
    public void Margin_OfAStandardError_IsZStandardErrorsButLeavesAFewFromParity(double standardError, double slack, double expected)
        => Assert.AreEqual(expected, new InequalityEstimate(0.3, standardError, 0.05).Margin(Z, slack), 1e-12);

    [TestMethod]
    public void Margin_OfAnyDifference_HoldsItToZErrorsBelowTheBoundOrOneFromParity()
    {
        var groups = from selected in Gen.ArrayOf(Gen.Choose(0, 60), 2)
                     from others in Gen.ArrayOf(Gen.Choose(1, 60), 2)
                     from scale in Gen.Choose(1, 50)
                     from bound in Gen.Choose(0, 30)
                     select (Selected: Array.ConvertAll(selected, rows => rows * scale),
                         Others: Array.ConvertAll(others, rows => rows * scale), Bound: bound / 100.0);
        Prop.ForAll(groups.ToArbitrary(), draw =>
        {
            var estimate = Of(Fairness.DemographicParity("G", draw.Bound), CountedRows.Of(
                ("a", [draw.Selected[0], 0, draw.Others[0], 0]), ("b", [draw.Selected[1], 0, draw.Others[1], 0])), "a - b");
            var (difference, error) = (estimate.Violation + draw.Bound, estimate.StandardError);
            var threshold = Math.Max(draw.Bound - Z * error, error);
            return Math.Abs(difference - threshold) < 1e-9
                || (estimate.Violation + estimate.Margin(Z, 1) <= 0) == (difference <= threshold);
        }).CheckSeeded();
    }

    [TestMethod]
    public void InUnit_DividesAllThatHasTheUnit()
    {
        var meters = new InequalityEstimate(6, 1.5, 9) { Price = 2, Class = 1 };

        Assert.AreEqual(new InequalityEstimate(2, 0.5, 3) { Price = 2, Class = 1 }, meters.InUnit(3));
        Assert.AreEqual(meters.Margin(Z, 1) / 3, meters.InUnit(3).Margin(Z, 1), 1e-12);
    }

    [TestMethod]
    public void Of_AComparisonWithAllRows_CostsTwiceThatOfAPair()
    {
        var parity = Fairness.DemographicParity("G", 0.05);

        Assert.AreEqual((1, GroupMetric.NoClass), (Of(parity, Selected, "a - b").Price, Of(parity, Selected, "a - b").Class));
        Assert.AreEqual(2, Of(parity with { Baseline = GroupBaseline.Overall }, Selected, "a - overall").Price);
        Assert.AreEqual(1, Of(Fairness.RateAtMost(GroupMetric.SelectionRate, "G", 0.35), Selected, "a <= ").Price);
    }

    [TestMethod]
    public void Of_AClass_KnowsWhich()
    {
        var task = TaskLabels.Multiclass(["x", "y", "z"]);
        IRowCounts[] counts = [task.NewCounts(), task.NewCounts()];
        for (var row = 0; row < 12; row++)
            counts[row % 2].Add(new RowOutcome(row % 3, row % 3, 1, 0));
        var constraint = Fairness.DemographicParity("G", 0.1).Of(task);

        Assert.AreEqual(2, Of(constraint, new CountedRates(["a", "b"], counts, task), "z: a - b").Class);
    }

    [TestMethod]
    public void IsMeasurable_WhereZStandardErrorsFitIntoTheRoom()
    {
        Assert.IsTrue(new InequalityEstimate(0, 0.03, 0.05).IsMeasurable(1.6));
        Assert.IsFalse(new InequalityEstimate(0, 0.03, 0.05).IsMeasurable(1.7));
        Assert.IsTrue(new InequalityEstimate(0, 0.25, 0.5).IsMeasurable(2), "as much as there is room");
        Assert.IsFalse(new InequalityEstimate(double.NaN, double.PositiveInfinity, 0.05).IsMeasurable(1.7));
    }

    [TestMethod]
    public void IsBroken_WhereTheViolationIsMoreThanZStandardErrors()
    {
        Assert.IsTrue(new InequalityEstimate(0.1, 0.03, 0.05).IsBroken(3.3));
        Assert.IsFalse(new InequalityEstimate(0.1, 0.03, 0.05).IsBroken(3.4));
        Assert.IsFalse(new InequalityEstimate(0.5, 0.25, 0.05).IsBroken(2), "just as many");
        Assert.IsFalse(new InequalityEstimate(-0.1, 0.03, 0.05).IsBroken(1));
        Assert.IsFalse(new InequalityEstimate(double.NaN, double.PositiveInfinity, 0.05).IsBroken(1));
    }

    [TestMethod]
    public void Of_FewRowsAtARateNearZero_AreNoProofInAVerdict()
    {
        var constraint = Fairness.DemographicParity("G", 0.05);
        InequalityEstimate Of(double rows) => InequalityEstimate.Of(constraint, constraint.Inequalities(["a", "b"]).First(),
            CountedRows.Of(("a", [0, 0, 998, 0]), ("b", [0, 0, (int)rows, 0])), isHeld: false);

        Assert.IsFalse(Of(1).IsMeasurable(1.645));
        Assert.IsFalse(Of(25).IsMeasurable(1.645));
        Assert.IsTrue(Of(100).IsMeasurable(1.645));
        Assert.AreEqual(0.24, InequalityEstimate.CautiousVariance(0, 1), 1e-12); // 2/5 of 3/5
        Assert.AreEqual(0.24, InequalityEstimate.CautiousVariance(0.4, 1e9), 1e-6);
    }

    private static InequalityEstimate Of(FairnessConstraint constraint, CountedRates rates, string inequality, bool isHeld = true)
        => InequalityEstimate.Of(constraint,
            constraint.Inequalities(rates.GroupNames).Single(one => one.Name.Contains($": {inequality}", StringComparison.Ordinal)),
            rates, isHeld);

    private static CountedRates Losses(params double[][] losses) => new([.. losses.Select((_, group) => $"{(char)('a' + group)}")],
        [.. losses.Select(own =>
        {
            var counts = new GroupCounts();
            foreach (var loss in own)
                counts.Add(true, true, 1, loss);
            return counts;
        })]);

    // Of a sample.
    private static double Variance(double[] values)
        => values.Sum(value => Math.Pow(value - values.Average(), 2)) / (values.Length - 1);
}
