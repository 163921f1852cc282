using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Tests.Collectives;
using HumanCompatible.ML.Training;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Training;

/// <summary>What the members of a collective, each with its part of the rows, measure together.</summary>
[TestClass]
public sealed class MeasurementOfMembersTests
{
    private static readonly FairnessConstraint[] Constraints =
        [Fairness.DemographicParity("g", 0.1), Fairness.LossParity("h", 0.1), Fairness.AccuracyParity("g", 0.1)];

    private static readonly int[] First = [0, 1, -1, 0, 1, 0, 0, 1, -1, 1, 0], Second = [2, 0, 1, 2, 0, 1, 0, 2, 1, 2, 0];
    private static readonly float[] Inputs = [-2.5f, 1.5f, 0.5f, 3, -1, -0.25f, 2, 0.75f, -3, -1.5f, 1];
    private static readonly float[] Labels = [0, 1, 1, 1, 1, 0, 0, 1, 0, 0, 1];
    private static readonly float[] Weights = [1, 0.5f, 2, 1.5f, 1, 0.25f, 3, 1, 0.75f, 2, 1];

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(13, DisplayName = "more members than rows")]
    public void Of_EachGoingThroughItsPart_AllHaveTheCountsOfAllRows(int members)
    {
        var (logits, measured) = Measure(members);

        foreach (var one in measured)
        {
            Assert.AreEqual(Inputs.Length, one.Overall.RowCount);
            AssertIs(Over(_ => true, row => Loss(row, logits[row])), one.Overall.Estimate(GroupMetric.MeanLoss), "loss of all");
            Assert.AreEqual(one.Overall.Estimate(GroupMetric.MeanLoss).Value, one.Loss);
            Assert.AreEqual(Over(_ => true, row => IsCorrect(row, logits[row])).Value, one.Accuracy, 1e-6);
            for (var group = 0; group < 2; group++)
            {
                AssertIs(Over(row => First[row] == group, row => logits[row] > 0 ? 1 : 0),
                    one.RatesOf(0).Estimate(GroupMetric.SelectionRate, group), $"selection of {group}");
                AssertIs(Over(row => First[row] == group, row => IsCorrect(row, logits[row])),
                    one.RatesOf(2).Estimate(GroupMetric.Accuracy, group), $"accuracy of {group}, by the partition of the first");
            }

            for (var group = 0; group < 3; group++)
            {
                AssertIs(Over(row => Second[row] == group, row => Loss(row, logits[row])),
                    one.RatesOf(1).Estimate(GroupMetric.MeanLoss, group), $"loss of {group}");
            }
        }
    }

    // The logits of the rows, and what each member comes to.
    private static (double[] Logits, Measurement[] Measured) Measure(int members)
    {
        using var network = new TrainableNetwork(Network.Linear(), 1, 1, 1, torch.CPU);
        var (weight, bias) = (network.Snapshot().Arrays[0].Values.Span[0], network.Snapshot().Arrays[1].Values.Span[0]);
        var partitions = new GroupPartitions([Groups("g", First), Groups("h", Second)], [0, 1, 0]);
        var source = new TrainingRows(Inputs, 1, Labels, Weights, partitions);
        return (Array.ConvertAll(Inputs, input => ((double)weight * input) + bias), Members.Together(members, member =>
        {
            using var own = new TrainableNetwork(Network.Linear(), 1, 1, 1, torch.CPU);
            using var rows = new EncodedRows(source, Constraints, torch.CPU, collective: member);
            own.Eval();
            return Measurement.Of(own, rows);
        }));
    }

    private static GroupPartition Groups(string column, int[] groups)
    {
        string[] names = [.. Enumerable.Range(0, groups.Max() + 1).Select(group => $"{(char)('a' + group)}")];
        return new GroupPartition([column], groups, names, [.. names.Select((_, group) => groups.Count(other => other == group))]);
    }

    private static double Loss(int row, double logit) => Math.Log(1 + Math.Exp(Labels[row] > 0 ? -logit : logit));

    private static double IsCorrect(int row, double logit) => Labels[row] > 0 == logit > 0 ? 1 : 0;

    // The mean of some rows, and their effective number.
    private static (double Value, double Size) Over(Func<int, bool> isCounted, Func<int, double> value)
    {
        int[] rows = [.. Enumerable.Range(0, Inputs.Length).Where(isCounted)];
        double total = rows.Sum(row => Weights[row]), squares = rows.Sum(row => Weights[row] * Weights[row]);
        return (rows.Sum(row => Weights[row] * value(row)) / total, total * total / squares);
    }

    private static void AssertIs((double Value, double Size) expected, RateEstimate actual, string what)
    {
        Assert.AreEqual(expected.Value, actual.Value, 1e-6, what);
        Assert.AreEqual(expected.Size, actual.Size, 1e-6, what);
    }
}
