using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Tests.Confidence;

[TestClass]
public sealed class TrainingFlatteryTests
{
    private const double Optimism = 0.025;

    private static readonly ParityConstraint Parity = Fairness.DemographicParity("G", 0.05);

    // Selected of 1,000 training rows and of 250 held-out ones in each group.
    [TestMethod]
    [DataRow(400, 400, 100, 100, 1.0)]
    [DataRow(400, 400, 108, 92, 1.0)]
    [DataRow(400, 400, 112, 88, 0.6)]
    [DataRow(400, 400, 125, 75, 0.03)]
    [DataRow(400, 400, 75, 125, 0.03)]
    [DataRow(450, 350, 100, 100, 1.0)]
    [DataRow(450, 350, 99, 101, 1.0)]
    [DataRow(450, 350, 80, 120, 0.003)]
    [DataRow(430, 370, 125, 75, 0.12)]
    public void Weights_AreLittleWhereHeldOutRowsAreFurtherFromParityThanChance(int a, int b, int heldOutA, int heldOutB, double most)
    {
        var weight = Seen(Parity, [Selected(a, 1000), Selected(b, 1000)], [Selected(heldOutA, 250), Selected(heldOutB, 250)]);

        Assert.IsLessThanOrEqualTo(most, weight);
        Assert.IsGreaterThan(most == 1 ? 0.999 : most / 2, weight);
    }

    [TestMethod]
    public void Weights_WhereHeldOutRowsAreFurther_AreTheSquaredShareOfChance()
    {
        var weight = Seen(Parity, [Selected(400, 1000), Selected(400, 1000)], [Selected(125, 250), Selected(75, 250)]);

        double variance = 0.24 * 2 * ((1 / 1000.0) + (1 / 250.0)), gap = 0.2, chance = Intervals.NormalQuantile(0.95);
        Assert.AreEqual(Math.Pow(chance * chance * variance / (gap * gap), 2), weight, 1e-5);
    }

    // Selected .09 more of the first group in training; .056 less in the held-out rows, which alone say that the bound is missed.
    [TestMethod]
    public void Weights_WhereTrainingWentBeyondParity_DoNotMakeUpForHeldOutRows()
    {
        int[][] training = [Selected(445, 1000), Selected(355, 1000)], heldOut = [Selected(93, 250), Selected(107, 250)];

        Assert.AreEqual(1, Seen(Parity, training, heldOut), "together they miss it by more");
        var pushed = Weights(Parity, training, heldOut, 0, 0.4);

        AssertExpected(-0.4, 1000, Weights(Parity, training, training, 0, 0.4)[0], rate: 0.445);
        var standardError = Math.Sqrt(0.24 * 2 / 1000);
        Assert.AreEqual(Math.Pow(standardError / 0.09, 4), pushed[0], 1e-5);
        Assert.AreEqual(pushed[0], pushed[1]);
    }

    // The rows of the small group alone are flattered; a comparison knows no more than they do.
    [TestMethod]
    public void Weights_WhereTrainingWentBeyondParity_GoByTheGroupThatCountsLeast()
    {
        int[][] training = [Selected(490, 1000), Selected(400_000, 1_000_000)], heldOut = [Selected(86, 250), Selected(100_000, 250_000)];

        var weights = Weights(Parity, training, heldOut, 0, 0.4);

        AssertExpected(-0.4, 1000, Weights(Parity, training, training, 0, 0.4)[0], rate: 0.49);
        AssertExpected(0.4, 1_000_000, Weights(Parity, training, training, 0, 0.4)[1]);
        Assert.IsLessThan(0.002, weights.Max());
    }

    [TestMethod]
    public void Weights_WhereTrainingOfManyGroupsWentBeyondParity_LeaveToChanceWhatTheWorstPairHas()
    {
        int[][] training = [Selected(445, 1000), Selected(355, 1000), .. Enumerable.Repeat(Selected(400, 1000), 6)];
        int[][] heldOut = [Selected(93, 250), Selected(107, 250), .. Enumerable.Repeat(Selected(100, 250), 6)];

        var weight = Weights(Parity, training, heldOut, [0, 0.5, .. new double[54]])[0];

        var standardErrors = 0.09 / Math.Sqrt(0.24 * 2 / 1000);
        Assert.AreEqual(Math.Pow(HoldingRule.Slack(Parity, 8) / standardErrors, 4), weight, 1e-3);
    }

    [TestMethod]
    public void Weights_OfARatio_AreOfThePushTimesItsCoefficients()
    {
        int[][] rows = [Selected(400, 1000), Selected(400, 1000)];
        var ratio = Fairness.DisparateImpact("G", 0.8);
        var terms = ratio.Inequalities(["a", "b"]).First().Terms;

        var weights = Weights(ratio, rows, rows, 0.5, 0);

        CollectionAssert.AreEquivalent(new[] { 0.8, 1 }, terms.Select(term => Math.Abs(term.Coefficient)).ToArray());
        foreach (var term in terms)
            AssertExpected(0.5 * term.Coefficient, 1000, weights[term.Group]);
    }

    [TestMethod]
    public void Weights_OfManyGroups_LeaveMoreToChance()
    {
        int[][] training = [.. Enumerable.Repeat(Selected(400, 1000), 8)];
        int[][] heldOut = [Selected(116, 250), Selected(84, 250), .. Enumerable.Repeat(Selected(100, 250), 6)];

        Assert.AreEqual(1, Seen(Parity, training, heldOut));
        Assert.IsLessThan(0.2, Seen(Parity, training[..2], heldOut[..2]));
    }

    [TestMethod]
    public void Weights_OfGroupsThatMultipliersPush_AreWhatTheExpectedBiasLeaves()
    {
        int[][] rows = [Selected(400, 1000), Selected(40, 100), Selected(4000, 10_000)];

        // a - b, b - a, a - c, c - a, b - c, c - b.
        var weights = Weights(Parity, rows, rows, 0, 0.1, 0, 0.2, 0.05, 0);

        AssertExpected(-0.3, 1000, weights[0], groups: 3);
        AssertExpected(0.15, 100, weights[1], groups: 3);
        AssertExpected(0.15, 10_000, weights[2], groups: 3);
        CollectionAssert.AreEqual(new double[] { 1, 1, 1 }, Weights(Parity, rows, rows, 0, 0, 0, 0, 0, 0));
    }

    [TestMethod]
    public void Of_WhereNothingPushesOrNothingIsLearnedYet_IsWhatIsCounted()
    {
        int[][] rows = [Selected(400, 1000), Selected(400, 1000)];
        var rates = CountedRows.Of(("a", rows[0]), ("b", rows[1]));
        var push = new TrainingPush(new double[] { 0.1, 0 }, 10, 5000, 2000, 0.05);

        Assert.IsLessThan(0.99, TrainingFlattery.Of(Parity, rates, rates, push)[0].Weight);
        foreach (var none in new[] { push with { Multipliers = new double[2] }, push with { Epochs = 0, Optimism = 0 } })
            CollectionAssert.AreEqual(new[] { FlatteredRate.None, FlatteredRate.None }, TrainingFlattery.Of(Parity, rates, rates, none));
    }

    // a - b is pushed: a is expected to be selected more often elsewhere, and b less often.
    [TestMethod]
    public void Of_WhatHeldOutRowsDoNotShow_IsAddedAsItIsExpected()
    {
        int[][] rows = [Selected(400, 1000), Selected(400, 1000)];

        var told = Flattered(Parity, rows, rows, 0.2, 0);

        Assert.IsInRange(0.001, 0.01, told[0].Shift);
        Assert.AreEqual(-told[0].Shift, told[1].Shift, 1e-12);
    }

    [TestMethod]
    public void Of_ARateThatCannotBeMeasured_IsNotShifted()
    {
        var rates = CountedRows.Of(("a", Selected(400, 1000)), ("b", Selected(400, 1000)));
        var push = new TrainingPush(new double[] { 0.2, 0 }, 10, 5000, 2000, Optimism);

        var told = TrainingFlattery.Of(Parity, rates, rates, push, new HashSet<(GroupMetric, int)> { (Parity.Metrics[0], 0) });

        Assert.AreEqual(TrainingFlattery.Of(Parity, rates, rates, push)[0], told[0]);
        Assert.AreEqual(0, told[1].Shift);
        Assert.IsLessThan(told[0].Weight, told[1].Weight);
    }

    [TestMethod]
    public void Of_WhereTrainingRowsAreFurtherFromParity_CountsThemNearlyInFull()
    {
        int[][] training = [Selected(300, 1000), Selected(600, 1000)], heldOut = [Selected(100, 250), Selected(100, 250)];

        foreach (var rate in Flattered(Parity, training, heldOut, 0, 2))
        {
            Assert.IsGreaterThan(0.7, rate.Weight);
            Assert.IsLessThan(0.02, Math.Abs(rate.Shift));
        }
    }

    // The predictions 1 and 3 have the variance 4/3 with one degree of freedom less, of which the push of 10 epochs lets
    // 100 * 10 * .01 * 2,000 / (2 * 4) * v / n be expected.
    [TestMethod]
    public void Weights_OfAMean_AreOfItsVariance()
    {
        double[] same = [2, 2, 2, 2], spread = [1, 3, 1, 3];
        var mean = new RateEstimate(2, 4, 4 / 3.0);

        CollectionAssert.AreEqual(new double[] { 1, 1 }, Weights([same, same], optimism: 0));
        CollectionAssert.AreEqual(new double[] { 0, 0 }, Weights([same, same], optimism: 0.1));
        Assert.AreEqual(FlatteredRate.Of(mean, mean, 4 / 3.0, 100 * 10 * 0.01 * 2000 / 8 * (4 / 3.0) / 4).Weight,
            Weights([spread, same], optimism: 0)[0], 1e-12);
        CollectionAssert.AreEqual(new double[] { 1, 0 }, Weights([[2], same], optimism: 0.1), "of one row no variance is known");

        static double[] Weights(double[][] predictions, double optimism)
        {
            var groups = Array.ConvertAll(predictions, own =>
            {
                var counts = new ValueCounts();
                foreach (var prediction in own)
                    counts.Add(new RowOutcome(0, prediction, 1, 0));
                return counts;
            });
            var rates = new CountedRates(["a", "b"], groups, TaskLabels.Regression());
            return [.. TrainingFlattery.Of(Fairness.MeanParity("G", 1), rates, rates,
                new TrainingPush(new double[] { 0.1, 0 }, 10, 5000, 2000, optimism)).Select(rate => rate.Weight)];
        }
    }

    [TestMethod]
    public void Weights_OfTwoStatistics_AreOfThePushOfEach()
    {
        int[][] rows = [[100, 30, 170, 100], [100, 30, 170, 100]];
        var odds = Fairness.EqualizedOdds("G", 0.05);
        CollectionAssert.AreEqual(new[] { GroupMetric.TruePositiveRate, GroupMetric.FalsePositiveRate }, odds.Metrics.ToArray());
        string[] metrics = [.. odds.Inequalities(["a", "b"]).Select(one => one.Terms[0].Metric.Name)];
        double[] One(string metric) => Weights(odds, rows, rows,
            [.. metrics.Select((own, index) => own == metric && metrics.IndexOf(metric) == index ? 0.1 : 0)]);
        var (positives, negatives) = (One("TruePositiveRate"), One("FalsePositiveRate"));

        AssertExpected(0.1, 200, positives[0], rate: 0.5);
        AssertExpected(0.1, 200, negatives[2], rate: 0.15);
        CollectionAssert.AreEqual(new double[] { 1, 1 }, positives[2..]);
        CollectionAssert.AreEqual(new double[] { 1, 1 }, negatives[..2]);
        Assert.AreEqual(positives[0], positives[1], 1e-9);
        Assert.AreEqual(negatives[2], negatives[3], 1e-9);
    }

    [TestMethod]
    public void Weights_InComparisonWithAllRows_AreOfThePushesOfTheGroupsAlone()
    {
        int[][] rows = [Selected(400, 1000), Selected(400, 1000)];
        var overall = Parity with { Baseline = GroupBaseline.Overall };

        var weights = Weights(overall, rows, rows, 0.1, 0, 0, 0);

        AssertExpected(0.1, 1000, weights[0]);
        Assert.AreEqual(1, weights[1]);
    }

    [TestMethod]
    public void Weights_WhatIsExpectedAndWhatIsSeen_AreTheLesserOfBoth()
    {
        int[][] training = [Selected(400, 1000), Selected(400, 1000)], heldOut = [Selected(125, 250), Selected(75, 250)];
        var seen = Seen(Parity, training, heldOut);

        CollectionAssert.AreEqual(new[] { seen, seen }, Weights(Parity, training, heldOut, 0.01, 0));
        AssertExpected(2, 1000, Weights(Parity, training, heldOut, 2, 0)[0], heldOut: (0.5, 250));
    }

    [TestMethod]
    public void Weights_OfABoundOnARate_LookAtTheSideOfTheBound()
    {
        var most = Fairness.RateAtMost(GroupMetric.SelectionRate, "G", 0.4);
        int[][] training = [Selected(400, 1000), Selected(200, 1000)];

        Assert.IsLessThan(0.2, Seen(most, training, [Selected(130, 250), Selected(50, 250)]));
        Assert.AreEqual(1, Seen(most, training, [Selected(75, 250), Selected(50, 250)]), "fewer than allowed");
    }

    [TestMethod]
    public void Weights_OfWhatTrainingAlwaysFlatters_AreZero()
    {
        int[][] rows = [Selected(400, 1000), Selected(400, 1000)];

        Assert.AreEqual(0, Seen(Fairness.AccuracyParity("G", 0.1), rows, rows));
        Assert.AreEqual(0, Seen(Fairness.PredictiveParity("G", 0.1), rows, rows));
        Assert.AreEqual(1, Seen(Fairness.EqualizedOdds("G", 0.1), rows, rows));
    }

    [TestMethod]
    public void Weights_WithoutARate_AreThoseOfTheOthers()
    {
        int[][] training = [Selected(400, 1000), Selected(400, 1000), [0, 0, 0, 0]];

        Assert.IsLessThan(0.2, Seen(Parity, training, [Selected(140, 250), Selected(60, 250), Selected(3, 3)]));
        Assert.AreEqual(1, Seen(Parity, training, [Selected(100, 250), Selected(100, 250), Selected(3, 3)]));
    }

    // Of 2,000 rows in all; the held-out rows are the same where it is not said what they are.
    private static void AssertExpected(double push, int rows, double weight, double rate = 0.4, int groups = 2,
        (double Rate, int Rows)? heldOut = null)
    {
        var (others, count) = heldOut ?? (rate, rows);
        var variance = InequalityEstimate.CautiousVariance(rate, rows);
        var expected = FlatteredRate.Of(RateEstimate.Proportion(rate, rows), RateEstimate.Proportion(others, count), variance,
            ((1000 * Math.Abs(push) * variance / rows) + (4 * Optimism)) * push * 2000 / (groups * rows));
        Assert.AreEqual(expected.Weight, weight, 1e-9, $"{push} of {rows}");
    }

    // Without a push.
    private static double Seen(FairnessConstraint constraint, int[][] training, int[][] heldOut)
    {
        var weights = Weights(constraint, training, heldOut, new double[100]);
        Assert.AreEqual(weights.Min(), weights.Max());
        return weights[0];
    }

    private static double[] Weights(FairnessConstraint constraint, int[][] training, int[][] heldOut, params double[] multipliers)
        => [.. Flattered(constraint, training, heldOut, multipliers).Select(rate => rate.Weight)];

    private static FlatteredRate[] Flattered(FairnessConstraint constraint, int[][] training, int[][] heldOut,
        params double[] multipliers)
    {
        static CountedRates Rates(int[][] groups) => CountedRows.Of([.. groups.Select((own, group) => ($"{(char)('a' + group)}", own))]);
        return TrainingFlattery.Of(constraint, Rates(training), Rates(heldOut), new TrainingPush(multipliers, 10, 5000, 2000, Optimism));
    }

    // TP, FP, TN, FN, half of each prediction right.
    private static int[] Selected(int selected, int rows)
        => [selected / 2, selected - (selected / 2), (rows - selected) / 2, rows - selected - ((rows - selected) / 2)];
}
