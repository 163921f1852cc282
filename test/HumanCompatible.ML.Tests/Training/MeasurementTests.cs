using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Networks;
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
        var source = Rows();
        using var rows = new EncodedRows(source, Constraints, torch.CPU);
        double total = 0, loss = 0, correct = 0, selected = 0;
        double[] positives = [0, 0], found = [0, 0];
        for (var row = 0; row < Count; row++)
        {
            var (logit, share, group) = (weight * source.Features[row] + bias, source.Weights![row], source.Partitions[0].GroupOfRow[row]);
            var (isPositive, isSelected) = (source.Labels[row] > 0, logit > 0);
            total += share;
            loss += share * Math.Log(1 + Math.Exp(isPositive ? -logit : logit));
            correct += isPositive == isSelected ? share : 0;
            selected += isSelected ? share : 0;
            positives[group] += isPositive ? share : 0;
            found[group] += isPositive && isSelected ? share : 0;
        }

        var measured = Measurement.Of(network, rows);
        var audited = measured.Evaluate(rows.Constraints).Audited;

        Assert.HasCount(Count, measured.Logits);
        Assert.AreEqual(weight * source.Features[^1] + bias, measured.Logits[^1], 1e-6f);
        Assert.AreEqual(loss / total, measured.Loss, 1e-6);
        Assert.AreEqual(correct / total, measured.Accuracy, 1e-6);
        Assert.AreEqual(Math.Abs(found[0] / positives[0] - found[1] / positives[1]), audited[0].Value, 1e-6);
        Assert.AreEqual(selected / total, audited[1].Value, 1e-5);
    }

    [TestMethod]
    public void Of_WithoutConstraints_HasNoStatistics_AndLeavesNoTensor()
    {
        using var network = new TrainableNetwork(Network.MultilayerPerceptron(3), 1, 1, 1, torch.CPU);
        using var rows = new EncodedRows(Rows(), [], torch.CPU);
        network.Eval();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        var measured = Measurement.Of(network, rows);

        Assert.IsEmpty(measured.Statistics);
        Assert.IsEmpty(measured.Evaluate(rows.Constraints).Audited);
        Assert.AreEqual(double.NegativeInfinity, measured.Evaluate(rows.Constraints).Violation);
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static TrainingRows Rows()
    {
        var random = new Random(1);
        float[] Draw(Func<float> value) => [.. Enumerable.Range(0, Count).Select(_ => value())];
        int[] groups = [.. Draw(() => random.Next(2)).Select(group => (int)group)];
        var partition = new GroupPartition(["g"], groups, ["a", "b"], [groups.Count(group => group == 0), groups.Sum()]);
        return new TrainingRows(Draw(() => random.NextSingle() * 6 - 3), 1, Draw(() => random.Next(2)),
            Draw(() => 0.5f + random.NextSingle()), [partition, partition]);
    }
}
