using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Tests.Auditing;

namespace HumanCompatible.ML.Tests.Confidence;

[TestClass]
public sealed class IntervalsTests
{
    [TestMethod]
    [DataRow(0.0, 0.0)]
    [DataRow(0.5, 0.674489750196082)]
    [DataRow(0.9, 1.644853626951473)]
    [DataRow(0.95, 1.959963984540054)]
    [DataRow(0.99, 2.575829303548901)]
    [DataRow(0.999999, 4.891638475698586)]
    public void TwoSidedQuantile_KnownConfidences_GivesTheTabulatedValues(double confidence, double z)
        => Assert.AreEqual(z, Intervals.TwoSidedQuantile(confidence), confidence < 0.999 ? 1e-13 : 1e-8);

    [TestMethod]
    [DataRow(0.975, 1.9599639845400538)]
    [DataRow(0.05, -1.6448536269514726)]
    [DataRow(0.3, -0.5244005127080408)]
    [DataRow(0.5, 0.0)]
    public void NormalQuantile_KnownProbabilities_GivesTheTabulatedValues(double probability, double z)
        => Assert.AreEqual(z, Intervals.NormalQuantile(probability), 1e-13);

    [TestMethod]
    public void OfNonnegativeMean_IsMeanPlusMinusZStandardErrors_NotBelowZero()
    {
        var interval = Intervals.OfNonnegativeMean(2, 9, 36, 0.95);
        Assert.AreEqual(2 - 1.959964 * 0.5, interval.Lower, 1e-6);
        Assert.AreEqual(2 + 1.959964 * 0.5, interval.Upper, 1e-6);
        Assert.AreEqual(0, Intervals.OfNonnegativeMean(0.5, 9, 36, 0.95).Lower);
        Assert.AreEqual(new ConfidenceInterval(2, 2), Intervals.OfNonnegativeMean(2, 0, 36, 0.95));
    }

    [TestMethod]
    [DataRow(double.NaN, 36.0)]
    [DataRow(0.5, 0.0)]
    public void Intervals_OfNothingCounted_AreUndefinedOrEverything(double value, double n)
    {
        Assert.AreEqual(ConfidenceInterval.Undefined, Intervals.Wilson(value, n, 0.95));
        Assert.AreEqual(ConfidenceInterval.Undefined, Intervals.OfNonnegativeMean(value, 9, n, 0.95));
        Assert.AreEqual(new ConfidenceInterval(0, 1), Intervals.ClopperPearson(value, n, 0.05));
        Assert.AreEqual(new ConfidenceInterval(0, double.PositiveInfinity), Intervals.Student(value, 9, n, 0.05));
        Assert.AreEqual((double.NaN, double.NaN), (ConfidenceInterval.Undefined.Lower, ConfidenceInterval.Undefined.Upper));
    }

    [TestMethod]
    public void Wilson_ClassicalExamples_GivesThePublishedIntervals()
    {
        // Newcombe (1998), Two-sided confidence intervals for the single proportion, table I: 81/263, 15/148, 0/20, 1/29 by the score
        // method.
        void Is(int r, int n, double lower, double upper)
        {
            var interval = Intervals.Wilson((double)r / n, n, 0.95);
            Assert.AreEqual(lower, interval.Lower, 5e-5);
            Assert.AreEqual(upper, interval.Upper, 5e-5);
        }
        Is(81, 263, 0.2553, 0.3662);
        Is(15, 148, 0.0624, 0.1605);
        Is(0, 20, 0, 0.1611);
        Is(1, 29, 0.0061, 0.1718);
    }

    [TestMethod]
    public void ClopperPearson_ClassicalExamples_GivesThePublishedIntervals()
    {
        // Newcombe (1998), Two-sided confidence intervals for the single proportion, table I: the same by the "exact" method.
        void Is(int r, int n, double lower, double upper)
        {
            var interval = Intervals.ClopperPearson((double)r / n, n, 0.025);
            Assert.AreEqual(lower, interval.Lower, 5e-5);
            Assert.AreEqual(upper, interval.Upper, 5e-5);
        }
        Is(81, 263, 0.2527, 0.3676);
        Is(15, 148, 0.0578, 0.1617);
        Is(0, 20, 0, 0.1684);
        Is(1, 29, 0.0009, 0.1776);
        Is(29, 29, Math.Pow(0.025, 1 / 29.0), 1);
    }

    [TestMethod]
    [DataRow(0.2)]
    [DataRow(0.05)]
    [DataRow(0.01)]
    public void ClopperPearson_OfEveryProportion_EachEndFailsNoMoreOftenThanItsTail(double tail)
    {
        foreach (var n in new[] { 1, 2, 5, 17, 60 })
        {
            ConfidenceInterval[] intervals = [.. Enumerable.Range(0, n + 1).Select(k => Intervals.ClopperPearson((double)k / n, n, tail))];
            for (double p = 0; p <= 1; p += 1 / 128.0)
            {
                Assert.IsLessThanOrEqualTo(tail + 1e-9,
                    Enumerable.Range(0, n + 1).Where(k => intervals[k].Upper < p).Sum(k => Binomial.Probability(k, n, p)));
                Assert.IsLessThanOrEqualTo(tail + 1e-9,
                    Enumerable.Range(0, n + 1).Where(k => intervals[k].Lower > p).Sum(k => Binomial.Probability(k, n, p)));
            }
        }
    }

    [TestMethod]
    [DataRow(1.0, 0.025, 12.7062)]
    [DataRow(5.0, 0.05, 2.0150)]
    [DataRow(10.0, 0.025, 2.2281)]
    [DataRow(30.0, 0.01, 2.4573)]
    [DataRow(1e7, 0.025, 1.9600)]
    public void StudentQuantile_KnownTails_GivesTheTabulatedValues(double degrees, double tail, double t)
        => Assert.AreEqual(t, Intervals.StudentQuantile(degrees, tail), 5e-5);

    [TestMethod]
    public void Student_OfAMean_IsMeanPlusMinusTStandardErrors_NotBelowZero()
    {
        var interval = Intervals.Student(0.5, 4, 11, 0.025);
        Assert.AreEqual(0, interval.Lower);
        Assert.AreEqual(0.5 + 2.228139 * Math.Sqrt(4 / 11.0), interval.Upper, 1e-5);
        Assert.AreEqual(5 - 2.228139 * Math.Sqrt(4 / 11.0), Intervals.Student(5, 4, 11, 0.025).Lower, 1e-5);
        Assert.AreEqual(new ConfidenceInterval(0, double.PositiveInfinity), Intervals.Student(0.5, double.PositiveInfinity, 1, 0.025));
        Assert.AreEqual(new ConfidenceInterval(0, double.PositiveInfinity), Intervals.Student(5, 4, 1, 0.025));
    }

    [TestMethod]
    public void Newcombe_ClassicalExample_GivesThePublishedInterval()
    {
        // Newcombe (1998), Interval estimation for the difference between independent proportions, table II: 56/70 - 48/80 by method 10.
        ConfidenceInterval a = Intervals.Wilson(56.0 / 70, 70, 0.95), b = Intervals.Wilson(48.0 / 80, 80, 0.95);

        var difference = Intervals.Newcombe(56.0 / 70, a, 48.0 / 80, b);

        Assert.AreEqual(0.0524, difference.Lower, 5e-5);
        Assert.AreEqual(0.3339, difference.Upper, 5e-5);
    }

    [TestMethod]
    public void Interval_OfEqualWeights_IsThatOfTheRows_AndOfUnequalOnesIsWider()
    {
        bool[] labels = [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0)];
        bool[] predictions = [.. Enumerable.Range(0, 40).Select(i => i % 3 == 0)];
        GroupColumn groups = new("G", [.. Enumerable.Range(0, 40).Select(i => i / 20)], ["a", "b"]);
        ConfidenceInterval Of(float[]? weights)
            => ListAudit.Of(predictions, labels, [groups], null, weights).Of("G")["a"].Interval(GroupMetric.SelectionRate);

        ConfidenceInterval plain = Of(null), heavy = Of([.. Enumerable.Repeat(3f, 40)]),
            uneven = Of([.. Enumerable.Range(0, 40).Select(i => i % 6 < 3 ? 1f : 5f)]);

        Assert.AreEqual(Intervals.Wilson(7 / 20.0, 20, 0.95), plain);
        Assert.AreEqual(plain.Lower, heavy.Lower, 1e-12);
        Assert.IsTrue(uneven.Upper - uneven.Lower > plain.Upper - plain.Lower);
    }

    [TestMethod]
    public void DifferenceInterval_OfSelectionRates_IsNewcombesOfTheExtremeGroups()
    {
        bool[] predictions = [.. Enumerable.Range(0, 150).Select(i => i < 56 || (i >= 70 && i < 118))];
        GroupColumn groups = new("G", [.. Enumerable.Range(0, 150).Select(i => i < 70 ? 0 : 1)], ["a", "b"]);

        var audit = ListAudit.Of(predictions, new bool[150], [groups]).Of("G");
        var interval = audit.DifferenceInterval(GroupMetric.SelectionRate);

        Assert.AreEqual(0.2, audit.DemographicParityDifference, 1e-12);
        Assert.AreEqual(0.0524, interval.Lower, 5e-5);
        Assert.AreEqual(0.3339, interval.Upper, 5e-5);
        Assert.IsTrue(interval.Lower <= 0.2 && 0.2 <= interval.Upper);
    }

    [TestMethod]
    public void DifferenceInterval_OfGroupsThatAreHardlyApart_BeginsAtZero()
    {
        bool[] predictions = [.. Enumerable.Range(0, 40).Select(i => i is < 10 or (>= 20 and < 29))];
        GroupColumn groups = new("G", [.. Enumerable.Range(0, 40).Select(i => i / 20)], ["a", "b"]);

        var audit = ListAudit.Of(predictions, new bool[40], [groups]).Of("G");
        var interval = audit.DifferenceInterval(GroupMetric.SelectionRate);
        var unclipped = Intervals.Newcombe(0.5, audit["a"].Interval(GroupMetric.SelectionRate), 0.45,
            audit["b"].Interval(GroupMetric.SelectionRate));

        Assert.IsLessThan(0, unclipped.Lower);
        Assert.AreEqual(new ConfidenceInterval(0, unclipped.Upper), interval);
        Assert.IsTrue(audit.ToRecords().Where(record => record.Group == "max - min").All(record => !(record.Lower < 0)));
    }
}
