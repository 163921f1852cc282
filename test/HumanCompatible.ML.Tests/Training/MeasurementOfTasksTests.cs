using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Training;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Training;

/// <summary>Measurements of each task: several outputs a row, and what is known of the accuracy.</summary>
[TestClass]
public sealed class MeasurementOfTasksTests
{
    private static readonly TaskLabels Classes = TaskLabels.Multiclass(["low", "mid", "high"]);

    [TestMethod]
    public void Of_OutputsOfSeveralClasses_ReadsThoseOfEachRow()
    {
        var partition = new GroupPartition(["g"], [0, 1, 1, 0], ["a", "b"], [2, 2]);
        using var rows = new EncodedRows(new TrainingRows(new float[4], 1, [0, 1, 2, 1], null, [partition]) { Task = Classes },
            [Fairness.DemographicParity("g", 0.1)], torch.CPU);

        var measured = Measurement.Of([3, 0, 0, 0, 4, 0, 0, 5, 0, 0, 0, 6], rows);

        Assert.AreEqual(0.5, measured.Accuracy, "two of four");
        double[] losses = [-Softmax(3, 3, 0, 0), -Softmax(4, 0, 4, 0), -Softmax(0, 0, 5, 0), -Softmax(0, 0, 0, 6)];
        Assert.AreEqual(losses.Average(), measured.Loss, 1e-9);
        double Selected(int number, int group)
            => measured.RatesOf(0).Estimate(GroupMetric.SelectionRate.OfClass(number, Classes.Classes[number]), group).Value;
        CollectionAssert.AreEqual(new[] { 0.5, 0, 0.5 }, Enumerable.Range(0, 3).Select(number => Selected(number, 0)).ToArray());
        CollectionAssert.AreEqual(new[] { 0.0, 1, 0 }, Enumerable.Range(0, 3).Select(number => Selected(number, 1)).ToArray());
    }

    // A statistic of predictions and labels: it is as it should be only where the outputs of every slice are beside the labels of theirs.
    [TestMethod]
    public void Of_SeveralClassesInSlices_CustomStatisticsSeeTheOutputsOfEachRow()
    {
        const int Count = 20_000;
        var random = new Random(5);
        float[] inputs = [.. Enumerable.Range(0, Count).Select(_ => (random.NextSingle() * 4) - 2)];
        FairnessConstraint[] constraints = [Fairness.Custom("right", [], 0.5, batch => batch.Mean(batch.Predictions
            .gather(1, batch.Labels.to_type(torch.ScalarType.Int64).unsqueeze(1)).squeeze(1)))];
        using var network = new TrainableNetwork(Network.Linear(), 1, 3, 1, torch.CPU);
        network.Eval();
        var source = new TrainingRows(inputs, 1, Array.ConvertAll(inputs, input => input > 0 ? 2f : 0), null, [GroupPartition.Whole(Count)])
        {
            Task = Classes,
        };
        using var rows = new EncodedRows(source, constraints, torch.CPU);
        Assert.IsLessThan(Count / 2, rows.SliceRows, "slices");

        var measured = Measurement.Of(network, rows);

        Assert.AreEqual(Count, measured.Overall.RowCount);
        Assert.AreEqual(1, measured.Custom.Length);
        Assert.IsGreaterThan(0, measured.Accuracy);
        Assert.AreEqual(measured.Accuracy, measured.Custom[0], 1e-6);
    }

    [TestMethod]
    public void Of_CanceledBetweenSlices_MeasuresNoMore()
    {
        using var network = new TrainableNetwork(Network.Linear(), 1, 1, 1, torch.CPU);
        using var rows = new EncodedRows(new TrainingRows([1, 2], 1, [0, 1], null, []), [], torch.CPU);
        network.Eval();
        using var source = new CancellationTokenSource();
        Assert.AreEqual(2, Measurement.Of(network, rows, source.Token).Overall.RowCount);

        source.Cancel();

        Assert.ThrowsExactly<OperationCanceledException>(() => Measurement.Of(network, rows, source.Token));
    }

    [TestMethod]
    public void StandardErrorOfAccuracy_OfClasses_IsThatOfAProportionOfTheEffectiveRows()
    {
        double Error(float[]? weights) => Measure(TaskLabels.Binary, [1, 1, 0, 0], weights, 1, 1, -1, 1).StandardErrorOfAccuracy;

        Assert.AreEqual(Math.Sqrt(0.75 * 0.25 / 4), Error(null), 1e-12);
        Assert.AreEqual(Math.Sqrt(0.75 * 0.25 / 4), Error([2, 2, 2, 2]), 1e-12, "only ratios of weights matter");

        // The wrong row is 2 of 5, and the rows are as good as 25 / 7.
        Assert.AreEqual(Math.Sqrt(0.4 * 0.6 / (25 / 7.0)), Error([1, 1, 1, 2]), 1e-12);
        Assert.AreEqual(Math.Sqrt(0.5 * 0.5 / 2), Measure(Classes, [0, 2], null, 1, 0, 0, 1, 0, 0).StandardErrorOfAccuracy, 1e-12);
    }

    [TestMethod]
    public void StandardErrorOfAccuracy_OfARegressionAndOfNoRows_IsZero()
    {
        Assert.AreEqual(0, Measure(TaskLabels.Regression(), [1, 2, 4], null, 1, 3, 2).StandardErrorOfAccuracy);
        var none = Measure(TaskLabels.Binary, [], null);

        Assert.IsTrue(double.IsNaN(none.Accuracy));
        Assert.AreEqual(0, none.StandardErrorOfAccuracy);
    }

    private static Measurement Measure(TaskLabels task, float[] labels, float[]? weights, params float[] outputs)
    {
        using var rows = new EncodedRows(new TrainingRows(new float[labels.Length], 1, labels, weights, []) { Task = task }, [], torch.CPU);
        return Measurement.Of(outputs, rows);
    }

    // The logarithm of the probability of a logit among all.
    private static double Softmax(double logit, params double[] all) => logit - Math.Log(all.Sum(Math.Exp));
}
