using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Tests.Metrics;

/// <summary>The counts of several classes and of numbers, against their definitions.</summary>
[TestClass]
public sealed class TaskCountsTests
{
    private static readonly string[] Classes = ["a", "b", "c"];

    // Label, prediction, weight, loss.
    private static readonly RowOutcome[] Rows =
    [
        new(0, 0, 1, 0.5), new(0, 1, 2, 1.5), new(1, 1, 0.5, 0.25), new(2, 1, 1, 2), new(2, 2, 3, 0.125), new(1, 0, 1, 1),
        new(0, 0, 4, 0.75),
    ];

    [TestMethod]
    public void ClassCounts_OfAClass_AreThoseOfItAgainstAllOthers()
    {
        for (var index = 0; index < Classes.Length; index++)
        {
            var (counts, binary) = (new ClassCounts(3), new GroupCounts());
            foreach (var row in Rows)
            {
                counts.Add(row);
                binary.Add(row.Label == index, row.Prediction == index, row.Weight, row.Loss);
            }

            foreach (var metric in GroupMetric.Every.Where(metric => metric.IsPerClass))
            {
                var (expected, actual) = (binary.Estimate(metric), counts.Estimate(metric.OfClass(index, Classes[index])));
                Assert.AreEqual(expected.Value, actual.Value, 1e-12, $"{metric} of {Classes[index]}");
                Assert.AreEqual(expected.Size, actual.Size, 1e-12);
                Assert.AreEqual(expected.SizeByLabels, actual.SizeByLabels, 1e-12);
            }

            var own = counts.OfClass(index);
            Assert.AreEqual((binary.RowCount, binary.PositiveCount), (own.RowCount, own.PositiveCount));
            foreach (var quantity in Enum.GetValues<RowQuantity>().Where(quantity => quantity.IsCount))
                Assert.AreEqual(binary.Rows(quantity), own.Rows(quantity), $"{quantity} of {Classes[index]}");
        }
    }

    [TestMethod]
    public void ClassCounts_OfAllClasses_AreSharesOfCorrectRowsAndMeanLosses()
    {
        var counts = Count(new ClassCounts(3), Rows);
        double total = Rows.Sum(row => row.Weight), correct = Rows.Where(row => row.Label == row.Prediction).Sum(row => row.Weight);

        Assert.AreEqual(correct / total, counts.Accuracy, 1e-12);
        Assert.AreEqual(1 - (correct / total), counts.Rate(GroupMetric.ErrorRate), 1e-12);
        Assert.AreEqual(Rows.Sum(row => row.Weight * row.Loss) / total, counts.Rate(GroupMetric.MeanLoss), 1e-12);
        Assert.AreEqual(7 / total, counts.ConstantAccuracy, 1e-12, "a has the weights 1, 2 and 4");
        Assert.AreEqual(1 - (6 / total), counts.Variety, 1e-12, "a is predicted with the weights 1, 1 and 4");
        Assert.AreEqual((0, 6 / total), ((ClassCounts)counts).MostPredicted);
        Assert.AreEqual(7, counts.RowCount);
    }

    [TestMethod]
    public void ClassCounts_OfRowsOfOneClass_HaveNoNegativesAtAll()
    {
        var counts = Count(new ClassCounts(2), [new(0, 0, 0.1, 0), new(0, 1, 0.2, 0), new(0, 0, 0.7, 0)]);

        Assert.IsTrue(double.IsNaN(counts.Rate(GroupMetric.FalsePositiveRate.OfClass(0, "a"))));
        Assert.AreEqual(0, counts.Estimate(GroupMetric.FalsePositiveRate.OfClass(0, "a")).Size);
        Assert.AreEqual(0.2, counts.Rate(GroupMetric.FalsePositiveRate.OfClass(1, "b")), 1e-12);
    }

    [TestMethod]
    public void ClassCounts_OfTwoClasses_AreThoseOfABinaryClassification()
    {
        RowOutcome[] rows = [.. Rows.Where(row => row.Label < 2 && row.Prediction < 2)];

        IRowCounts two = Count(new ClassCounts(2), rows), binary = Count(new GroupCounts(), rows);

        Assert.AreEqual(binary.Accuracy, two.Accuracy, 1e-12);
        Assert.AreEqual(binary.ConstantAccuracy, two.ConstantAccuracy, 1e-12);
        Assert.AreEqual(binary.Variety, two.Variety, 1e-12);
        Assert.AreEqual(binary.Estimate(GroupMetric.MeanLoss), two.Estimate(GroupMetric.MeanLoss));
    }

    [TestMethod]
    public void ValueCounts_AreMeansWithTheVarianceOfARow()
    {
        RowOutcome[] rows = [new(3, 2, 1, 1), new(5, 6, 1, 1), new(1, 3, 1, 4), new(7, 5, 1, 4)];

        var counts = Count(new ValueCounts(), rows);

        var residual = counts.Estimate(GroupMetric.MeanResidual);
        Assert.AreEqual((0, 4), (residual.Value, residual.Size));
        Assert.AreEqual(10 / 3.0, residual.Variance, 1e-12, "residuals 1, -1, -2, 2");
        Assert.AreEqual(4, counts.Rate(GroupMetric.MeanPrediction));
        Assert.AreEqual(10 / 3.0, counts.Estimate(GroupMetric.MeanPrediction).Variance, 1e-12, "predictions 2, 6, 3, 5");
        Assert.AreEqual(2.5, counts.Rate(GroupMetric.MeanLoss));
        Assert.AreEqual(1 - (2.5 / 5), counts.Accuracy, 1e-12, "labels 3, 5, 1, 7 have the variance 5");
        Assert.AreEqual(2.5 / 5, counts.Variety, 1e-12);
        Assert.AreEqual(0, counts.ConstantAccuracy);
        Assert.AreEqual(4, counts.RowCount);
        StringAssert.StartsWith(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => counts.Rate(GroupMetric.SelectionRate)).Message,
            "A statistic of classification, not of regression.");
    }

    [TestMethod]
    public void ValueCounts_OfWeightedRows_HaveTheEffectiveSize_AndOfNoneAreNotDefined()
    {
        var counts = Count(new ValueCounts(), [new(1, 2, 3, 0), new(2, 4, 1, 0)]);
        var none = new ValueCounts().Estimate(GroupMetric.MeanPrediction);

        Assert.AreEqual((2.5, 1.6), (counts.Rate(GroupMetric.MeanPrediction), counts.Estimate(GroupMetric.MeanPrediction).Size));
        Assert.AreEqual((double.NaN, 0.0), (none.Value, none.Size));
        Assert.AreEqual(double.PositiveInfinity, Count(new ValueCounts(), [new(1, 2, 3, 0)]).Estimate(GroupMetric.MeanLoss).Variance);
    }

    [TestMethod]
    public void Add_OfOtherCounts_IsThatOfTheirRows()
    {
        foreach (var task in new[] { TaskLabels.Binary, TaskLabels.Multiclass(Classes), TaskLabels.Regression() })
        {
            var (all, sum) = (Count(task.NewCounts(), Rows), Count(task.NewCounts(), Rows[..3]));
            sum.Add(Count(task.NewCounts(), Rows[3..]));

            Assert.AreEqual(all.Accuracy, sum.Accuracy, 1e-12);
            Assert.AreEqual(all.Estimate(GroupMetric.MeanLoss).Value, sum.Estimate(GroupMetric.MeanLoss).Value, 1e-12);
            Assert.AreEqual(all.Estimate(GroupMetric.MeanLoss).Variance, sum.Estimate(GroupMetric.MeanLoss).Variance, 1e-12);
            Assert.AreEqual((all.RowCount, all.Variety), (sum.RowCount, sum.Variety));
            AssertSame(task, all, sum);
        }
    }

    [TestMethod]
    public void Replace_OfEverySumByTwice_IsThatOfTheRowsTwice()
    {
        foreach (var task in new[] { TaskLabels.Binary, TaskLabels.Multiclass(Classes), TaskLabels.Regression() })
        {
            var (twice, replaced) = (Count(task.NewCounts(), [.. Rows, .. Rows]), Count(task.NewCounts(), Rows));

            replaced.Replace(sum => 2 * sum);

            Assert.AreEqual((twice.RowCount, twice.Accuracy), (replaced.RowCount, replaced.Accuracy));
            AssertSame(task, twice, replaced);
        }
    }

    [TestMethod]
    public void CountedRates_OfATask_AreItsAndInItsUnit()
    {
        RowOutcome[] rows = [new(3, 2, 1, 1), new(5, 6, 1, 1), new(1, 3, 1, 4)];
        var task = TaskLabels.Regression(1, 4);
        IRateEstimates rates = new CountedRates(["a", "b"], [Count(task.NewCounts(), rows[..1]), Count(task.NewCounts(), rows[1..])], task);

        Assert.AreEqual((1.0, -1.5), (rates.Rate(GroupMetric.MeanResidual, 0), rates.Rate(GroupMetric.MeanResidual, 1)));
        Assert.AreEqual(-2 / 3.0, rates.OverallRate(GroupMetric.MeanResidual), 1e-12);
        Assert.AreEqual((4.0, 16.0), (rates.UnitOf(GroupMetric.MeanResidual), rates.UnitOf(GroupMetric.MeanLoss)));
    }

    // Every metric of the task, of every class.
    private static void AssertSame(TaskLabels task, IRowCounts expected, IRowCounts actual)
    {
        var metrics = GroupMetric.Every.Where(metric => metric.Suits(task.Task)).SelectMany(metric => task.Classes.Count == 0 ? [metric]
            : task.Classes.Select((name, number) => metric.OfClass(number, name)));
        foreach (var metric in metrics)
        {
            var (one, other) = (expected.Estimate(metric), actual.Estimate(metric));
            Assert.AreEqual(one.Value, other.Value, 1e-12, $"{metric}");
            Assert.AreEqual(one.Size, other.Size, 1e-12, $"{metric}");
            Assert.AreEqual(one.SizeByLabels, other.SizeByLabels, 1e-12, $"{metric}");
            Assert.AreEqual(one.Variance, other.Variance, 1e-12, $"{metric}");
        }
    }

    private static IRowCounts Count(IRowCounts counts, IEnumerable<RowOutcome> rows)
    {
        foreach (var row in rows)
            counts.Add(row);
        return counts;
    }
}
