using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Training;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Training;

/// <summary>Rows that were trained on and others together, the former counting as their weights say.</summary>
[TestClass]
public sealed class MeasurementPoolingTests
{
    [TestMethod]
    public void With_CountsEachGroupsRowsAsTheirWeightSays()
    {
        FairnessConstraint[] constraints =
        [
            Fairness.BoundedGroupLoss("g", 1), Fairness.RateAtLeast(GroupMetric.TruePositiveRate, "g", 0.1),
            Fairness.DemographicParity("g", 0.1),
        ];
        EncodedRows Rows(int[] groups, float[] labels)
        {
            var partition = new GroupPartition(["g"], groups, ["a", "b"], [groups.Count(group => group == 0), groups.Sum()]);
            return new EncodedRows(new TrainingRows(new float[groups.Length], 1, labels, null, [partition, partition, partition]),
                constraints, torch.CPU);
        }

        using EncodedRows training = Rows([0, 0, 1, 1], [1, 0, 1, 0]), others = Rows([0, 0, 1], [1, 0, 0]);
        var onOthers = Measurement.Of([-1, 1, 1], others);

        var pooled = Measurement.Of([5, -5, 5, -5], training).With(onOthers, [[0, 0], [0, 0], [1, 0.5]]);

        Assert.AreEqual(7, pooled.Overall.RowCount);
        for (var group = 0; group < 2; group++)
        {
            Assert.AreEqual(onOthers.RatesOf(0).Estimate(GroupMetric.MeanLoss, group),
                pooled.RatesOf(0).Estimate(GroupMetric.MeanLoss, group));
        }

        Assert.AreEqual(RateEstimate.Proportion(0, 1), pooled.RatesOf(1).Estimate(GroupMetric.TruePositiveRate, 0));
        Assert.IsFalse(pooled.RatesOf(1).Estimate(GroupMetric.TruePositiveRate, 1).IsDefined, "the other rows have no positive one of b");
        Assert.AreEqual(RateEstimate.Proportion(0.5, 4), pooled.RatesOf(2).Estimate(GroupMetric.SelectionRate, 0));
        Assert.AreEqual(RateEstimate.Proportion(0.75, 2), pooled.RatesOf(2).Estimate(GroupMetric.SelectionRate, 1));
    }

    [TestMethod]
    public void With_RowsThatDoNotCount_LeavesOutEvenALossThatIsInfinite()
    {
        FairnessConstraint[] constraints = [Fairness.LossParity("g", 0.1)];
        EncodedRows Rows() => new(new TrainingRows([0, 0], 1, [1, 0], null, [new GroupPartition(["g"], [0, 1], ["a", "b"], [1, 1])]),
            constraints, torch.CPU);
        using EncodedRows training = Rows(), others = Rows();
        var (onTraining, onOthers) = (Measurement.Of([float.NegativeInfinity, -1], training), Measurement.Of([1, 2], others));
        Assert.AreEqual(double.PositiveInfinity, onTraining.RatesOf(0).Estimate(GroupMetric.MeanLoss, 0).Value);

        var pooled = onTraining.With(onOthers, [[0, 1]]).RatesOf(0);

        Assert.AreEqual(Math.Log(1 + Math.Exp(-1)), pooled.Estimate(GroupMetric.MeanLoss, 0).Value, 1e-9, "of the other row alone");
        Assert.AreEqual(1, pooled.Estimate(GroupMetric.MeanLoss, 0).Size);
        Assert.AreEqual((Math.Log(1 + Math.Exp(-1)) + Math.Log(1 + Math.Exp(2))) / 2, pooled.Estimate(GroupMetric.MeanLoss, 1).Value, 1e-9);
    }

    [TestMethod]
    public void With_SeveralMetrics_WeighsTheRowsOfEachByWhatTheyCountAsInIt()
    {
        var partition = new GroupPartition(["g"], [0, 0, 1, 1], ["a", "b"], [2, 2]);
        EncodedRows Rows() => new(new TrainingRows(new float[4], 1, [1, 0, 1, 0], null, [partition]), [Fairness.EqualizedOdds("g", 0.1)],
            torch.CPU);
        using EncodedRows training = Rows(), others = Rows();

        var pooled = Measurement.Of([1, 1, 1, 1], training).With(Measurement.Of([-1, -1, -1, -1], others), [[0, 0.25, 0.5, 1]]).RatesOf(0);

        CollectionAssert.AreEqual(new[] { "a", "b" }, pooled.GroupNames.ToArray());
        Assert.AreEqual(RateEstimate.Proportion(0, 1), pooled.Estimate(GroupMetric.TruePositiveRate, 0));
        Assert.AreEqual(0.25 / 1.25, pooled.Estimate(GroupMetric.TruePositiveRate, 1).Value, 1e-12);
        Assert.AreEqual(0.5 / 1.5, pooled.Estimate(GroupMetric.FalsePositiveRate, 0).Value, 1e-12);
        Assert.AreEqual(0.5, pooled.Estimate(GroupMetric.FalsePositiveRate, 1).Value, 1e-12);
        Assert.AreEqual(0.25 / 2.25, pooled.Estimate(GroupMetric.TruePositiveRate, IRateEstimates.Overall).Value, 1e-12);
    }

    [TestMethod]
    public void Shifted_AddsToTheRatesOfTheGroups_AndAProportionStaysOne()
    {
        var partition = new GroupPartition(["g"], [0, 0, 1, 1], ["a", "b"], [2, 2]);
        using var rows = new EncodedRows(new TrainingRows(new float[4], 1, [1, 0, 1, 0], null, [partition]),
            [Fairness.DemographicParity("g", 0.1)], torch.CPU);

        var shifted = Measurement.Of([1, -1, 1, 1], rows).Shifted([[0.1, 0.2]]).RatesOf(0);

        Assert.AreEqual(RateEstimate.Proportion(0.6, 2), shifted.Estimate(GroupMetric.SelectionRate, 0));
        Assert.AreEqual(RateEstimate.Proportion(1, 2), shifted.Estimate(GroupMetric.SelectionRate, 1));
        Assert.AreEqual(0.75, shifted.Estimate(GroupMetric.SelectionRate, IRateEstimates.Overall).Value);
    }

    [TestMethod]
    public void OptimismBeside_IsByHowMuchTheLossIsLess_InUnitsOfTheLabels()
    {
        EncodedRows Rows(TaskLabels task, params float[] labels)
            => new(new TrainingRows(new float[2], 1, labels, null, []) { Task = task }, [], torch.CPU);
        using EncodedRows classes = Rows(TaskLabels.Binary, 1, 0), numbers = Rows(TaskLabels.Regression(5, 2), 4, 8);
        Measurement good = Measurement.Of([2, -2], classes), bad = Measurement.Of([0, 0], classes);

        Assert.AreEqual(Math.Log(2) - Math.Log(1 + Math.Exp(-2)), good.OptimismBeside(bad), 1e-7);
        Assert.AreEqual(0, bad.OptimismBeside(good));
        Measurement near = Measurement.Of([4, 8], numbers), far = Measurement.Of([6, 10], numbers);
        Assert.AreEqual((far.Loss - near.Loss) / 4, near.OptimismBeside(far), 1e-9);
        Assert.IsGreaterThan(0, near.OptimismBeside(far));
    }

    [TestMethod]
    public void With_ExampleWeights_WeighsEachTrainingRowByWhatItCountsAs()
    {
        var partition = new GroupPartition(["g"], [0, 0, 0, 1], ["a", "b"], [3, 1]);
        EncodedRows Rows(float[] weights) => new(new TrainingRows(new float[4], 1, [1, 0, 1, 0], weights, [partition]),
            [Fairness.DemographicParity("g", 0.1)], torch.CPU);
        using EncodedRows training = Rows([1, 2, 4, 1]), others = Rows([3, 1, 2, 5]);

        var pooled = Measurement.Of([1, -1, -1, 1], training).With(Measurement.Of([-1, 1, 1, -1], others), [[0.25, 0]]).RatesOf(0);

        var first = pooled.Estimate(GroupMetric.SelectionRate, 0);
        Assert.AreEqual(((0.25 * 1) + 1 + 2) / ((0.25 * 7) + 6), first.Value, 1e-12);
        Assert.AreEqual(Math.Pow((0.25 * 7) + 6, 2) / ((0.25 * (1 + 4 + 16)) + 9 + 1 + 4), first.Size, 1e-12);
        Assert.AreEqual(RateEstimate.Proportion(0, 1), pooled.Estimate(GroupMetric.SelectionRate, 1));
    }

    [TestMethod]
    [DataRow(-1f, 0.5, -1.0)]
    [DataRow(1f, 0.75, -1.5)]
    public void With_CustomValues_AveragesThemByRows(float last, double selected, double other)
    {
        // The share of selected rows, unweighted: of three rows and of one.
        FairnessConstraint[] constraints = [Fairness.Custom("selected", [], 0.5,
            batch => torch.cat([batch.Mean(batch.Predictions), batch.Mean(batch.Predictions).mul(-2)]))];
        using EncodedRows three = new(new TrainingRows([0, 0, 0], 1, [0, 1, 1], null, [GroupPartition.Whole(3)]), constraints, torch.CPU),
            one = new(new TrainingRows([0], 1, [1], null, [GroupPartition.Whole(1)]), constraints, torch.CPU);

        var pooled = Measurement.Of([1, 1, -1], three).With(Measurement.Of([last], one), [[1]]);

        CollectionAssert.AreEqual(new[] { selected, other }, pooled.Custom.ToArray().Select(value => Math.Round(value, 6)).ToArray());
    }
}
