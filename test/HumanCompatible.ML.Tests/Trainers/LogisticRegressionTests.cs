using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Trainers;

namespace HumanCompatible.ML.Tests.Trainers;

[TestClass]
public sealed class LogisticRegressionTests
{
    private const int Count = 400;
    private const int Slots = 3;

    private static readonly float[] Features = [.. Draws(5)];
    private static readonly FeatureEncoder Encoder = FeatureEncoder.Fit(new PiecewiseLinearEncoding { MaximumBins = 8 }, Features, Slots);

    // A row is positive where its first slot is above its second by more than a draw, one in eight whatever its slots are.
    private static readonly float[] Labels = [.. Enumerable.Range(0, Count).Select(row
        => row % 8 == 0 || Features[Slots * row] - Features[(Slots * row) + 1] > 1 ? 1 : 0)];

    [TestMethod]
    public void Fit_RowsWithBins_WeighsTheNumbersOnly()
    {
        var function = Fit(Enumerable.Range(0, Count));

        var bins = Encoder.Bins.SelectMany(run => Enumerable.Range(run.Start, run.Width)).ToHashSet();
        int[] numbers = [.. Enumerable.Range(0, Encoder.OutputCount).Except(bins)];
        Assert.IsNotEmpty(bins);
        Assert.HasCount(Encoder.OutputCount + 1, function);
        foreach (var bin in bins)
            Assert.AreEqual(0, function[bin]);
        Assert.IsGreaterThan(0.5f, function[numbers[0]]);
        Assert.IsLessThan(-0.5f, function[numbers[1]]);
        Assert.AreEqual(0, function[numbers[2]], 0.3f);
    }

    [TestMethod]
    public void Fit_WeightsOfHalfOfTheRows_IsThoseTwice()
    {
        var weighted = Fit(Enumerable.Range(0, Count), row => row % 2 == 0 ? 1 : 1e-9f);

        var repeated = Fit(Enumerable.Range(0, Count).Select(row => row / 2 * 2));

        foreach (var (one, other) in weighted.Zip(repeated))
            Assert.AreEqual(other, one, 0.03f);
        Assert.AreNotEqual(Fit(Enumerable.Range(0, Count))[^1], weighted[^1], 0.1f);
    }

    [TestMethod]
    [DataRow(1e-30f)]
    [DataRow(1e30f)]
    public void Fit_WeightsOfAnotherUnit_IsTheSame(float unit)
    {
        var function = Fit(Enumerable.Range(0, Count), _ => unit);

        foreach (var (one, other) in function.Zip(Fit(Enumerable.Range(0, Count))))
            Assert.AreEqual(other, one, 1e-3f);
    }

    [TestMethod]
    public void Fit_Canceled_Ends()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();

        Assert.ThrowsExactly<OperationCanceledException>(() => Fit(Enumerable.Range(0, Count), cancellation: cancellation.Token));
    }

    private static float[] Fit(IEnumerable<int> numbers, Func<int, float>? weight = null, CancellationToken cancellation = default)
    {
        int[] rows = [.. numbers];
        float[] labels = [.. rows.Select(row => Labels[row])];
        float[]? weights = weight is null ? null : [.. rows.Select(weight)];
        return LogisticRegression.Fit(new TrainingRows(Encoder, FeatureTable.Of(Features, Slots), rows, labels, weights,
            new GroupPartitions([], [])), cancellation)!;
    }

    private static IEnumerable<float> Draws(int seed)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, Slots * Count).Select(_ => (float)((4 * random.NextDouble()) - 1));
    }
}
