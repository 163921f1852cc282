using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Tests.Metrics;

[TestClass]
public sealed class RateSpreadTests
{
    private const double Undefined = double.NaN;

    [TestMethod]
    [DataRow(new[] { 0.2, 0.5, 0.3 }, 0.3, 0.4)]
    [DataRow(new[] { 0.2, Undefined, 0.5 }, 0.3, 0.4)]
    [DataRow(new[] { 0.0, 0.0 }, 0.0, 1.0)]
    [DataRow(new[] { 0.2, Undefined }, Undefined, Undefined)]
    [DataRow(new[] { 0.2 }, Undefined, Undefined)]
    [DataRow(new[] { Undefined, Undefined }, Undefined, Undefined)]
    [DataRow(new double[0], Undefined, Undefined)]
    public void DifferenceAndRatio_OfFewerThanTwoDefinedRates_AreNotDefined(double[] rates, double difference, double ratio)
    {
        Assert.AreEqual(difference, RateSpread.Difference(rates), 1e-12);
        Assert.AreEqual(ratio, RateSpread.Ratio(rates), 1e-12);
    }

    [TestMethod]
    [DataRow(0.2, 0.5, 0.4)]
    [DataRow(0.5, 0.2, 0.4)]
    [DataRow(0.0, 0.5, 0.0)]
    [DataRow(0.0, 0.0, 1.0)]
    [DataRow(-1.0, 4.0, -0.25)]
    [DataRow(4.0, -1.0, -0.25)]
    [DataRow(-4.0, 1.0, -1.0)]
    [DataRow(-4.0, -1.0, -1.0)]
    [DataRow(-4.0, 0.0, -1.0)]
    [DataRow(0.5, Undefined, Undefined)]
    [DataRow(Undefined, 0.5, Undefined)]
    public void Ratio_OfTwo_IsTheSmallerByTheLargerAndKeepsItsSign(double a, double b, double ratio)
        => Assert.AreEqual(ratio, RateSpread.Ratio(a, b), 1e-12);

    [TestMethod]
    public void MaxAndMin_OfStatisticsOfWhichOneIsUndefined_AreUndefined()
    {
        Assert.AreEqual(0.5, RateSpread.Max([0.2, 0.5]));
        Assert.AreEqual(0.2, RateSpread.Min([0.5, 0.2]));
        foreach (var values in new double[][] { [Undefined, 0.2], [0.2, Undefined] })
        {
            Assert.AreEqual(Undefined, RateSpread.Max(values));
            Assert.AreEqual(Undefined, RateSpread.Min(values));
        }
    }

    [TestMethod]
    public void MeanOfDefined_LeavesOutUndefinedRates()
    {
        Assert.AreEqual(0.3, RateSpread.MeanOfDefined([Undefined, 0.2, 0.2, 0.5]), 1e-12);
        Assert.AreEqual(Undefined, RateSpread.MeanOfDefined([Undefined]));
        Assert.AreEqual(Undefined, RateSpread.MeanOfDefined([]));
    }

    [TestMethod]
    public void MaxAndMinOfDefined_LeaveOutUndefinedRates()
    {
        Assert.AreEqual(0.5, RateSpread.MaxOfDefined([Undefined, 0.2, 0.5]));
        Assert.AreEqual(0.2, RateSpread.MinOfDefined([0.5, 0.2, Undefined]));
        Assert.AreEqual(Undefined, RateSpread.MaxOfDefined([Undefined]));
        Assert.AreEqual(Undefined, RateSpread.MinOfDefined([]));
    }

    // Groups A, B and C; C has neither rate, B lacks the true positive rate where it is undefined.
    [TestMethod]
    [DataRow(GroupBaseline.Pairwise)]
    [DataRow(GroupBaseline.Overall)]
    [DataRow(GroupBaseline.ReferenceGroup)]
    public void ValueOf_AComparisonThatOnlyOneGroupDefines_IsNotDefinedWhateverItIsComparedWith(GroupBaseline baseline)
    {
        var whole = new Rates(TruePositive: [0.5, 0.3, Undefined], FalsePositive: [0.1, 0.2, Undefined], Overall: 0.4);
        var broken = whole with { TruePositive = [0.5, Undefined, Undefined] };
        foreach (var comparison in Enum.GetValues<GroupComparison>())
        {
            ParityConstraint Compared(ParityConstraint constraint) => constraint with
            {
                Baseline = baseline,
                Comparison = comparison,
                ReferenceGroup = baseline == GroupBaseline.ReferenceGroup ? "A" : null,
            };
            var opportunity = Compared(Fairness.EqualOpportunity("G", 0.1));
            var odds = Compared(Fairness.EqualizedOdds("G", 0.1));

            Assert.IsFalse(double.IsNaN(opportunity.ValueOf(whole)), $"{opportunity.Name}: {whole}");
            Assert.IsFalse(double.IsNaN(odds.ValueOf(whole)), $"{odds.Name}: {whole}");
            Assert.AreEqual(Undefined, opportunity.ValueOf(broken), opportunity.Name);
            Assert.AreEqual(Undefined, odds.ValueOf(broken), $"{odds.Name}: one of its two comparisons is not defined");
            Assert.IsFalse(double.IsNaN(Compared(Fairness.PredictiveEquality("G", 0.1)).ValueOf(broken)));
        }
    }

    [TestMethod]
    public void ValueOf_ABoundOfEachGroup_IsTheWorstOfThoseThatDefineIt()
    {
        var rates = new Rates(TruePositive: [0.5, 0.3, Undefined], FalsePositive: [Undefined, Undefined, Undefined], Overall: 0.4);

        Assert.AreEqual(0.5, Fairness.RateAtMost(GroupMetric.TruePositiveRate, "G", 0.4).ValueOf(rates));
        Assert.AreEqual(0.3, Fairness.RateAtLeast(GroupMetric.TruePositiveRate, "G", 0.4).ValueOf(rates));
        Assert.AreEqual(Undefined, Fairness.RateAtMost(GroupMetric.FalsePositiveRate, "G", 0.4).ValueOf(rates));
    }

    private sealed record Rates(double[] TruePositive, double[] FalsePositive, double Overall) : IGroupRates
    {
        public IReadOnlyList<string> GroupNames => ["A", "B", "C"];

        public double Rate(GroupMetric metric, int group)
            => metric == GroupMetric.TruePositiveRate ? TruePositive[group] : FalsePositive[group];

        public double OverallRate(GroupMetric metric) => Overall;
    }
}
