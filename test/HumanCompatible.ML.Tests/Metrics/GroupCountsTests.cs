using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Tests.Metrics;

[TestClass]
public sealed class GroupCountsTests
{
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
    public void Sum_OfGroups_IsThatOfTheirRowsTogether()
    {
        var other = new GroupCounts();
        other.Add(label: true, prediction: true, 1.5, 0.75);
        other.Add(label: false, prediction: false, 2, 4);
        var all = Some();
        all.Add(label: true, prediction: true, 1.5, 0.75);
        all.Add(label: false, prediction: false, 2, 4);

        var sum = GroupCounts.Sum([Some(), other, new GroupCounts()]);

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
    public void Rate_OfRegression_IsAnError()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Some().Rate(GroupMetric.MeanResidual));
        Assert.AreEqual("metric", error.ParamName);
        StringAssert.StartsWith(error.Message, "A statistic of regression, not of binary classification.");
        Assert.AreEqual("metric", Assert.ThrowsExactly<ArgumentNullException>(() => Some().Rate(null!)).ParamName);
    }

    [TestMethod]
    public void Estimate_OfARate_IsAProportionOverItsDenominator()
    {
        var estimate = Some().Estimate(GroupMetric.TruePositiveRate);
        Assert.AreEqual(2 / 6.0, estimate.Value, 1e-12);
        Assert.AreEqual(6.0 * 6 / (4 + 1 + 9), estimate.Size, 1e-12);
        Assert.AreEqual(estimate.Size, estimate.SizeByLabels);
        Assert.IsTrue(estimate.IsProportion);
    }

    [TestMethod]
    public void Estimate_OfAMean_HasTheVarianceOfARow()
    {
        var counts = Some();
        var size = counts.EffectiveCount(GroupMetric.MeanLoss);
        Assert.AreEqual(counts.LossVariance * size / (size - 1), counts.Estimate(GroupMetric.MeanLoss).Variance, 1e-12);

        var one = new GroupCounts();
        one.Add(label: true, prediction: true, 2, 0.5);
        Assert.AreEqual(new RateEstimate(0.5, 1, double.PositiveInfinity), one.Estimate(GroupMetric.MeanLoss));
    }

    [TestMethod]
    public void Estimate_OverPredictedRows_KnowsHowManyTheLabelsSay()
    {
        var (positives, negatives) = (36 / 14.0, 4.5 * 4.5 / 16.25);
        Assert.AreEqual(positives, Some().Estimate(GroupMetric.PositivePredictiveValue).SizeByLabels, 1e-12);
        Assert.AreEqual(negatives, Some().Estimate(GroupMetric.FalseOmissionRate).SizeByLabels, 1e-12);
        Assert.AreEqual(36 / 20.0, Some().Estimate(GroupMetric.PositivePredictiveValue).Size, 1e-12);
        Assert.AreEqual(4.5 * 4.5 / 10.25, Some().Estimate(GroupMetric.FalseOmissionRate).Size, 1e-12);

        // A denominator of one outcome has no counterpart among the labels.
        var falseNegatives = new GroupMetric("Own", RowQuantity.FalseNegative, RowQuantity.Incorrect);
        Assert.AreEqual(64 / 26.0, Some().Estimate(falseNegatives).SizeByLabels, 1e-12);
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
}
