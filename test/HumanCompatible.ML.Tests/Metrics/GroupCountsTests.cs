using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Tests.Metrics;

[TestClass]
public sealed class GroupCountsTests
{
    [TestMethod]
    public void Estimate_OfARate_IsItsValueOverTheRowsBehindIt()
    {
        var counts = Counts(7, 3, 20, 5);

        Assert.AreEqual(RateEstimate.Proportion(10 / 35.0, 35), counts.Estimate(GroupMetric.SelectionRate));
        Assert.AreEqual(RateEstimate.Proportion(7 / 12.0, 12), counts.Estimate(GroupMetric.TruePositiveRate));
        Assert.AreEqual(RateEstimate.Proportion(3 / 23.0, 23), counts.Estimate(GroupMetric.FalsePositiveRate));
    }

    [TestMethod]
    public void Estimate_OfPredictedRows_KnowsHowManyTheLabelsSay()
    {
        var counts = Counts(7, 3, 20, 5);

        Assert.AreEqual(RateEstimate.Proportion(0.7, 10) with { SizeByLabels = 12 },
            counts.Estimate(GroupMetric.PositivePredictiveValue), "as many as are positive");
        Assert.AreEqual(RateEstimate.Proportion(0.2, 25) with { SizeByLabels = 23 },
            counts.Estimate(GroupMetric.FalseOmissionRate), "as many as are negative");
    }

    [TestMethod]
    public void Estimate_WithoutRowsBehindIt_IsNotDefinedButKnowsTheLabels()
    {
        var none = Counts(0, 0, 20, 5).Estimate(GroupMetric.PositivePredictiveValue);

        Assert.IsFalse(none.IsDefined);
        Assert.AreEqual((double.NaN, 0, 5), (none.Value, none.Size, none.SizeByLabels));
        Assert.IsFalse(Counts(0, 3, 20, 0).Estimate(GroupMetric.TruePositiveRate).IsDefined);
    }

    [TestMethod]
    public void Rows_OfACount_AreThoseItIsTakenOverWhateverTheyWeigh()
    {
        var (counts, others) = (new GroupCounts(), new GroupCounts());
        counts.Add(true, true, 0, 0);
        counts.Add(true, false, 2.5, 0);
        others.Add(false, true, 1, 0);
        others.Add(true, true, 0.5, 0);

        counts.Add(others);

        Assert.AreEqual(3, counts.Rows(RowQuantity.PredictedPositive));
        Assert.AreEqual(1, counts.Rows(RowQuantity.PredictedNegative));
        Assert.AreEqual(3, counts.Rows(RowQuantity.Positive));
        Assert.AreEqual(1, counts.Rows(RowQuantity.Negative));
    }

    [TestMethod]
    public void Estimate_OfWeightedRows_HasEffectiveSizes()
    {
        var counts = new GroupCounts();
        foreach (var (label, prediction, weight) in new[] { (true, true, 1.0), (true, false, 3.0), (true, false, 1.0), (false, true, 2.0) })
            counts.Add(label, prediction, weight, 0);

        var estimate = counts.Estimate(GroupMetric.PositivePredictiveValue);

        Assert.AreEqual(1 / 3.0, estimate.Value, 1e-12);
        Assert.AreEqual(9 / 5.0, estimate.Size, 1e-12, "(1 + 2)^2 / (1 + 4)");
        Assert.AreEqual(25 / 11.0, estimate.SizeByLabels, 1e-12, "(1 + 3 + 1)^2 / (1 + 9 + 1)");
    }

    [TestMethod]
    public void Estimate_OfTheMeanLoss_HasTheVarianceOfASample()
    {
        var counts = new GroupCounts();
        foreach (var loss in new[] { 1.0, 2, 4, 5 })
            counts.Add(true, true, 2, loss);

        var estimate = counts.Estimate(GroupMetric.MeanLoss);

        Assert.AreEqual((3, 4), (estimate.Value, estimate.Size));
        Assert.AreEqual((4 + 1 + 1 + 4) / 3.0, estimate.Variance, 1e-12);
        Assert.IsFalse(estimate.IsProportion);
    }

    [TestMethod]
    public void Estimate_OfOneLoss_HasNoFiniteVariance()
    {
        var counts = new GroupCounts();
        counts.Add(true, true, 1, 0.3);

        Assert.AreEqual(new RateEstimate(0.3, 1, double.PositiveInfinity), counts.Estimate(GroupMetric.MeanLoss));
        Assert.IsFalse(new GroupCounts().Estimate(GroupMetric.MeanLoss).IsDefined);
    }

    [TestMethod]
    public void Sum_OfGroups_IsThatOfTheirUnion()
    {
        var (first, second) = (Counts(7, 3, 20, 5), Counts(1, 2, 3, 4));

        var sum = Sum(first, second);

        Assert.AreEqual((45, 17), (sum.RowCount, sum.PositiveCount));
        foreach (var metric in GroupMetric.Every.Where(metric => metric.IsRate))
            Assert.AreEqual(Counts(8, 5, 23, 9).Estimate(metric), sum.Estimate(metric), metric.Name);
        Assert.AreEqual((35, 10), (first.RowCount, second.RowCount), "the parts are as they were");
    }

    [TestMethod]
    public void Add_OfRows_SumsWeightsAndLosses()
    {
        var counts = Some();

        Assert.AreEqual((5, 3), (counts.RowCount, counts.PositiveCount));
        Assert.AreEqual((2.0, 4.0, 0.5, 4.0), (counts.Sum(RowQuantity.TruePositive), counts.Sum(RowQuantity.FalsePositive),
            counts.Sum(RowQuantity.TrueNegative), counts.Sum(RowQuantity.FalseNegative)));
        Assert.AreEqual(2 * 0.5 + 4 * 2 + 0.5 * 0.25 + 1 * 3 + 3 * 1, counts.Sum(RowQuantity.Loss), 1e-12);
        Assert.AreEqual(8 / 10.5, counts.Rate(GroupMetric.ErrorRate), 1e-12);
    }

    [TestMethod]
    public void LossVariance_IsTheWeightedMeanOfTheSquaredDeviations()
    {
        (double Weight, double Loss)[] rows = [(2, 0.5), (4, 2), (0.5, 0.25), (1, 3), (3, 1)];
        var mean = rows.Sum(row => row.Weight * row.Loss) / 10.5;

        Assert.AreEqual(rows.Sum(row => row.Weight * Math.Pow(row.Loss - mean, 2)) / 10.5, Some().LossVariance, 1e-12);
        Assert.AreEqual(mean, Some().Rate(GroupMetric.MeanLoss), 1e-12);
    }

    [TestMethod]
    public void EffectiveCount_OfWeightedRows_IsThatOfKish()
    {
        Assert.AreEqual(10.5 * 10.5 / (4 + 16 + 0.25 + 1 + 9), Some().EffectiveCount(GroupMetric.Accuracy), 1e-12);
        Assert.AreEqual(6.0 * 6 / (4 + 16), Some().EffectiveCount(GroupMetric.PositivePredictiveValue), 1e-12);
        Assert.AreEqual(0, new GroupCounts().EffectiveCount(GroupMetric.Accuracy));
    }

    [TestMethod]
    public void Sum_OfWeightedGroups_IsThatOfTheirRowsTogether()
    {
        var other = new GroupCounts();
        other.Add(label: true, prediction: true, 1.5, 0.75);
        other.Add(label: false, prediction: false, 2, 4);
        var all = Some();
        all.Add(label: true, prediction: true, 1.5, 0.75);
        all.Add(label: false, prediction: false, 2, 4);

        var sum = Sum(Some(), other, new GroupCounts());

        Assert.AreEqual((7, 4), (sum.RowCount, sum.PositiveCount));
        foreach (var metric in GroupMetric.Every.Where(metric => metric.Suits(LearningTask.BinaryClassification)))
        {
            Assert.AreEqual(all.Rate(metric), sum.Rate(metric), 1e-12, metric.Name);
            Assert.AreEqual(all.EffectiveCount(metric), sum.EffectiveCount(metric), 1e-12, metric.Name);
        }

        Assert.AreEqual(all.LossVariance, sum.LossVariance, 1e-12);
        Assert.AreEqual((5, 2), (Some().RowCount, other.RowCount), "The groups themselves stay as they are.");
    }

    [TestMethod]
    public void Rate_ThatIsUndefined_IsNaN()
    {
        var counts = new GroupCounts();
        foreach (var metric in GroupMetric.Every.Where(metric => metric.Suits(LearningTask.BinaryClassification)))
            Assert.AreEqual(double.NaN, counts.Rate(metric), metric.Name);
        counts.Add(label: true, prediction: true, 1, 0.1);
        Assert.AreEqual(1, counts.Rate(GroupMetric.TruePositiveRate));
        Assert.AreEqual(double.NaN, counts.Rate(GroupMetric.FalsePositiveRate));
    }

    [TestMethod]
    public void Variety_IsTheShareOfTheRarerPrediction_AndConstantAccuracyThatOfTheCommonerLabel()
    {
        Assert.AreEqual(0.2, Counts(60, 20, 15, 5).Variety, 1e-12);
        Assert.AreEqual(0.3, Counts(10, 20, 65, 5).Variety, 1e-12);
        Assert.AreEqual(0.65, Counts(60, 20, 15, 5).ConstantAccuracy, 1e-12);
        Assert.AreEqual(0.85, Counts(10, 20, 65, 5).ConstantAccuracy, 1e-12);
    }

    [TestMethod]
    public void Rate_OfRegression_IsAnError()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Some().Rate(GroupMetric.MeanResidual));
        Assert.AreEqual("metric", error.ParamName);
        StringAssert.StartsWith(error.Message, "A statistic of regression, not of binary classification.");
        Assert.AreEqual("metric", Assert.ThrowsExactly<ArgumentNullException>(() => Some().Rate(null!)).ParamName);
    }

    [TestMethod]
    public void CountedRates_OfGroups_AreTheirsAndThoseOfAllRows()
    {
        var other = new GroupCounts();
        other.Add(label: true, prediction: true, 4, 0.75);
        IRateEstimates rates = new CountedRates(["a", "b"], [Some(), other]);

        CollectionAssert.AreEqual(new[] { "a", "b" }, rates.GroupNames.ToArray());
        Assert.AreEqual(2 / 6.0, rates.Rate(GroupMetric.TruePositiveRate, 0), 1e-12);
        Assert.AreEqual(1, rates.Rate(GroupMetric.TruePositiveRate, 1), 1e-12);
        Assert.AreEqual(6 / 10.0, rates.OverallRate(GroupMetric.TruePositiveRate), 1e-12);
        Assert.AreEqual(rates.OverallRate(GroupMetric.TruePositiveRate),
            rates.Estimate(GroupMetric.TruePositiveRate, IRateEstimates.Overall).Value);
    }

    [TestMethod]
    public void RateEstimate_WithoutValueOrRows_IsNotDefined()
    {
        Assert.IsTrue(RateEstimate.Proportion(0, 3).IsDefined);
        Assert.IsFalse(RateEstimate.Proportion(double.NaN, 3).IsDefined);
        Assert.IsFalse(RateEstimate.Proportion(0.5, 0).IsDefined);
        Assert.IsFalse(new RateEstimate(0.5, 3, 1).IsProportion);
    }

    [TestMethod]
    public void Estimate_OverOutcomesOfBothLabels_IsOverThem()
        => Assert.AreEqual(RateEstimate.Proportion(0.5, 64 / 26.0),
            Some().Estimate(new GroupMetric("Own", RowQuantity.FalseNegative, RowQuantity.Incorrect)));

    // A row of every outcome, and two false negatives.
    private static GroupCounts Some()
    {
        var counts = new GroupCounts();
        counts.Add(label: true, prediction: true, 2, 0.5);
        counts.Add(label: false, prediction: true, 4, 2);
        counts.Add(label: false, prediction: false, 0.5, 0.25);
        counts.Add(label: true, prediction: false, 1, 3);
        counts.Add(label: true, prediction: false, 3, 1);
        return counts;
    }

    // TP, FP, TN, FN.
    private static GroupCounts Counts(params int[] outcomes)
    {
        (bool Label, bool Prediction)[] cells = [(true, true), (false, true), (false, false), (true, false)];
        var counts = new GroupCounts();
        foreach (var (cell, number) in cells.Zip(outcomes))
        {
            for (var row = 0; row < number; row++)
                counts.Add(cell.Label, cell.Prediction, 1, 0);
        }

        return counts;
    }

    private static GroupCounts Sum(params GroupCounts[] groups)
    {
        var sum = new GroupCounts();
        foreach (var group in groups)
            sum.Add(group);
        return sum;
    }
}
