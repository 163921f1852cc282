using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Tests.Features;
using HumanCompatible.ML.Training;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Training;

[TestClass]
public sealed class MeasurementTests
{
    private const int Count = 20_000;

    private static readonly FairnessConstraint[] Constraints =
        [Fairness.EqualOpportunity("g", 0.1), Fairness.Custom("selected", ["g"], 0.5, batch => batch.Mean(batch.Predictions))];

    [TestMethod]
    public void Of_MoreRowsThanASlice_SumsUpWhatEachRowGives()
    {
        using var network = new TrainableNetwork(Network.Linear(), 1, 1, 1, torch.CPU);
        network.Eval();
        var (weight, bias) = (network.Snapshot().Arrays[0].Values.Span[0], network.Snapshot().Arrays[1].Values.Span[0]);
        var source = Rows(Count, 1);
        using var rows = new EncodedRows(source, Constraints, torch.CPU);
        var inputs = source.Inputs();
        double total = 0, loss = 0, correct = 0, selected = 0;
        double[] positives = [0, 0], found = [0, 0];
        for (var row = 0; row < Count; row++)
        {
            var (logit, share, group) = (weight * inputs[row] + bias, source.Weights![row], source.Partitions[0].GroupOfRow[row]);
            var (isPositive, isSelected) = (source.Labels[row] > 0, logit > 0);
            total += share;
            loss += share * Math.Log(1 + Math.Exp(isPositive ? -logit : logit));
            correct += isPositive == isSelected ? share : 0;
            selected += isSelected ? share : 0;
            positives[group] += isPositive ? share : 0;
            found[group] += isPositive && isSelected ? share : 0;
        }

        var measured = Measurement.Of(network, rows);

        Assert.AreEqual(Count, measured.Overall.RowCount);
        Assert.AreEqual(loss / total, measured.Loss, 1e-6);
        Assert.AreEqual(correct / total, measured.Accuracy, 1e-6);
        Assert.AreEqual(Math.Abs(found[0] / positives[0] - found[1] / positives[1]), Constraints[0].ValueOf(measured.RatesOf(0)), 1e-6);
        Assert.AreEqual(selected / total, measured.Custom[0], 1e-5);
    }

    [TestMethod]
    public void Of_WithoutConstraints_HasCountsOfAllRowsOnly_AndLeavesNoTensor()
    {
        using var network = new TrainableNetwork(Network.MultilayerPerceptron(3), 1, 1, 1, torch.CPU);
        using var rows = new EncodedRows(Rows(Count, 1), [], torch.CPU);
        network.Eval();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        var measured = Measurement.Of(network, rows);

        Assert.AreEqual(0, measured.Custom.Length);
        Assert.AreEqual(Count, measured.Overall.RowCount);
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [TestMethod]
    public void Of_RowsOfNoGroup_CountsThemInTheWholeOnly()
    {
        var partition = new GroupPartition(["g"], [0, -1, 1, -1, 1], ["a", "b"], [1, 2]);
        using var rows = new EncodedRows(new TrainingRows([0, 0, 0, 0, 0], 1, [1, 1, 0, 0, 1], null, [partition]),
            [Fairness.DemographicParity("g", 0.1)], torch.CPU);

        var measured = Measurement.Of([1, 1, 1, -1, -1], rows);

        Assert.AreEqual(3 / 5.0, measured.Accuracy);
        Assert.AreEqual(5, measured.Overall.RowCount);
        Assert.AreEqual(RateEstimate.Proportion(1, 1), measured.RatesOf(0).Estimate(GroupMetric.SelectionRate, 0));
        Assert.AreEqual(RateEstimate.Proportion(0.5, 2), measured.RatesOf(0).Estimate(GroupMetric.SelectionRate, 1));
        Assert.AreEqual(RateEstimate.Proportion(2 / 3.0, 3),
            measured.RatesOf(0).Estimate(GroupMetric.SelectionRate, IRateEstimates.Overall), "all rows of the groups");
    }

    [TestMethod]
    public void With_OtherRows_IsWhatBothTogetherGive()
    {
        var all = Rows(1000, 3);
        var random = new Random(4);
        float[] logits = [.. Enumerable.Range(0, 1000).Select(_ => random.NextSingle() - 0.4f)];
        using EncodedRows whole = new(all, Constraints, torch.CPU), first = new(Part(all, ..700), Constraints, torch.CPU),
            second = new(Part(all, 700..), Constraints, torch.CPU);
        var expected = Measurement.Of(logits, whole);

        var pooled = Measurement.Of(logits[..700], first).With(Measurement.Of(logits[700..], second),
            [.. Constraints.Select(_ => new double[] { 1, 1 })]);

        Assert.AreEqual(1000, pooled.Overall.RowCount);
        Assert.AreEqual(expected.Loss, pooled.Loss, 1e-9);
        Assert.AreEqual(expected.Accuracy, pooled.Accuracy, 1e-9);
        for (var group = IRateEstimates.Overall; group < 2; group++)
        {
            foreach (var metric in new[] { GroupMetric.TruePositiveRate, GroupMetric.MeanLoss, GroupMetric.PositivePredictiveValue })
            {
                var (one, other) = (expected.RatesOf(0).Estimate(metric, group), pooled.RatesOf(0).Estimate(metric, group));
                Assert.AreEqual(one.Value, other.Value, 1e-9, $"{metric} of {group}");
                Assert.AreEqual(one.Size, other.Size, 1e-6, $"{metric} of {group}");
                Assert.AreEqual(one.Variance, other.Variance, 1e-9, $"{metric} of {group}");
            }
        }
    }

    private static TrainingRows Part(TrainingRows rows, Range part) => rows with
    {
        Numbers = rows.Numbers[part],
        Labels = rows.Labels[part],
        Weights = rows.Weights![part],
        Partitions = [Part(rows.Partitions[0], part), Part(rows.Partitions[0], part)],
    };

    private static GroupPartition Part(GroupPartition partition, Range part)
    {
        var groups = partition.GroupOfRow[part];
        return new GroupPartition(["g"], groups, ["a", "b"], [groups.Count(group => group == 0), groups.Sum()]);
    }

    private static TrainingRows Rows(int count, int seed)
    {
        var random = new Random(seed);
        float[] Draw(Func<float> value) => [.. Enumerable.Range(0, count).Select(_ => value())];
        int[] groups = [.. Draw(() => random.Next(2)).Select(group => (int)group)];
        var partition = new GroupPartition(["g"], groups, ["a", "b"], [groups.Count(group => group == 0), groups.Sum()]);
        return new TrainingRows(Draw(() => random.NextSingle() * 6 - 3), 1, Draw(() => random.Next(2)),
            Draw(() => 0.5f + random.NextSingle()), [partition, partition]);
    }
}
