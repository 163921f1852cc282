using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Tests.Trainers;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Training;

/// <summary>Batch normalization among what the trainer does with weights: averages, epochs, last batches.</summary>
[TestClass]
public sealed class AverageStatisticsTests
{
    private static readonly MLContext ML = new(1);

    [TestMethod]
    public void Fit_ShipsTheStatisticsOfTheWeightsItShips()
    {
        var data = Census.View(ML, 600);
        var model = Fit(data, options => options.ValidationFraction = 0);

        // What the first layer's sums come to on the training rows, which all rows are.
        var weights = model.Weights;
        var (weight, bias) = (weights.Find("layers.0.weight")!, weights.Find("layers.0.bias")!.Values.ToArray());
        var mean = weights.Find("layers.0.norm.running_mean")!.Values.ToArray();
        var variance = weights.Find("layers.0.norm.running_var")!.Values.ToArray();
        float[][] rows = [.. data.GetColumn<float[]>("Features").Select(row =>
        {
            var inputs = new float[model.Encoder.OutputCount];
            model.Encoder.Encode(row, inputs);
            return inputs;
        })];
        for (var unit = 0; unit < bias.Length; unit++)
        {
            double[] sums = [.. rows.Select(row => bias[unit]
                + row.Select((value, input) => (double)value * weight.Values.Span[(unit * row.Length) + input]).Sum())];
            double average = sums.Average(), spread = sums.Average(sum => (sum - average) * (sum - average));
            Assert.AreEqual(average, mean[unit], 0.02 * Math.Sqrt(spread), $"unit {unit}");
            Assert.AreEqual(spread, variance[unit], 0.05 * spread, $"unit {unit}");
        }
    }

    [TestMethod]
    [DataRow(257, DisplayName = "one row is left over")]
    [DataRow(256, DisplayName = "none is")]
    public void Fit_ALastBatchOfOneRow_JoinsTheOneBefore(int rows)
    {
        var model = Fit(Census.View(ML, rows), options => (options.ValidationFraction, options.BatchSize) = (0, 32));
        var own = Fit(Census.View(ML, rows),
            options => (options.ValidationFraction, options.BatchSize, options.Network) = (0, 32, UserNetworks.Deep));

        Assert.HasCount(4, model.History);
        Assert.HasCount(4, own.History);
        Assert.IsTrue(model.History.All(epoch => double.IsFinite(epoch.ValidationLoss)));
    }

    [TestMethod]
    [DataRow(0, 4, 10, 4)]
    [DataRow(8, 4, 10, 2)]
    [DataRow(4, 4, 9, 5)]
    [DataRow(0, 4, 4, 4)]
    [DataRow(0, 4, 1, 1)]
    [DataRow(0, 1, 2, 1)]
    public void BatchAt_LeavesNoRowAlone(int start, int batchSize, int count, int expected)
        => Assert.AreEqual(expected, EncodedRows.BatchAt(start, batchSize, count));

    [TestMethod]
    public void Fit_LeavesNoTensor()
    {
        Run();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Run();

        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        static void Run() => Fit(Census.View(ML, 300), _ => { });
    }

    private static ConstrainedBinaryModelParameters Fit(IDataView data,
        Action<HumanCompatible.ML.Trainers.ConstrainedBinaryClassificationTrainer.Options> change)
    {
        var options = Census.Options(Fairness.DemographicParity("Sex", 0.05));
        options.Network = Network.ResidualPerceptron(8, 1, normalization: Normalization.Batch);
        change(options);
        using var model = ML.Constrained().Trainers.BinaryClassification(options).Fit(data);
        return model.Model;
    }
}
