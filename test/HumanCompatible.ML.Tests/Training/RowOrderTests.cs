using HumanCompatible.ML.Features;
using HumanCompatible.ML.Training;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Training;

[TestClass]
public sealed class RowOrderTests
{
    private static readonly RowWindow Sizes = new(Rows: 1000, Run: 10);

    [TestMethod]
    [DataRow(1)]
    [DataRow(999)]
    [DataRow(1000)]
    [DataRow(1001)]
    [DataRow(7777)]
    public void Next_AnyBatches_GiveEveryRowOnceByTheSeed(int count)
    {
        foreach (var batch in new[] { 64, 1000, 7777 })
        {
            var rows = Rows(count, Sizes, batch, seed: 3);
            CollectionAssert.AreEqual(Enumerable.Range(0, count).Select(row => (long)row).ToArray(), rows.Order().ToArray());
            CollectionAssert.AreEqual(Rows(count, Sizes, 17, seed: 3), rows, "The batches do not change the order.");
            if (count > 1)
                CollectionAssert.AreNotEqual(Rows(count, Sizes, batch, seed: 4), rows);
        }
    }

    [TestMethod]
    public void Next_UpToAWindow_IsTorchsPermutation()
    {
        using var generator = new torch.Generator(5);
        using var expected = torch.randperm(1000, generator: generator);
        CollectionAssert.AreEqual(expected.data<long>().ToArray(), Rows(1000, Sizes, 32, seed: 5));
    }

    [TestMethod]
    public void Next_MoreThanAWindow_DrawsWholeRunsFromTheWholeTable()
    {
        var rows = Rows(10_010, Sizes, 100, seed: 1);
        long[] first = [.. rows.Take(910)]; // 1001 runs in 11 windows of 91
        Assert.HasCount(91, first.Select(row => row / 10).Distinct().ToList());
        Assert.IsLessThan(1000, first.Min());
        Assert.IsGreaterThan(9000, first.Max());
        Assert.IsFalse(first.Zip(first.Skip(1)).Count(pair => pair.Second == pair.First + 1) > 30, "rows of a run are not neighbors");
    }

    [TestMethod]
    public void Next_SortedRows_HaveNearlyTheAverageInEveryWindow()
    {
        // Half of the rows, one after the other, are of one kind.
        const int Count = 400_000;
        var sizes = RowWindow.Of(Table(features: 800, rows: 8));
        Assert.AreEqual(new RowWindow(83_886, 40), sizes);
        var rows = Rows(Count, sizes, 1000, seed: 2);
        foreach (var window in rows.Chunk(Count / 5))
            Assert.AreEqual(0.5, window.Count(row => row < Count / 2) / (double)window.Length, 4 * 0.5 / Math.Sqrt(2000));
    }

    [TestMethod]
    public void Of_TablesOfAnyWidth_KeepsItsLimits()
    {
        Assert.AreEqual(new RowWindow(1 << 20, 1024), RowWindow.Of(Table(features: 20, rows: 8)));
        Assert.AreEqual(new RowWindow(1 << 16, 1), RowWindow.Of(Table(features: 100_000, rows: 2)));
    }

    [TestMethod]
    public void Next_Disposed_LeavesNoTensor()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Rows(7777, Sizes, 640, seed: 1);
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static long[] Rows(int count, RowWindow sizes, int batch, long seed)
    {
        using var order = new RowOrder(count, sizes, seed, torch.CPU);
        var rows = new List<long>();
        for (var left = count; left > 0; left -= batch)
        {
            using var scope = torch.NewDisposeScope();
            rows.AddRange(order.Next(Math.Min(batch, left)).data<long>());
        }

        return [.. rows];
    }

    private static TrainingRows Table(int features, int rows) => new(
        [.. Enumerable.Repeat(1f, features * rows)], features, new float[rows], null, []);
}
