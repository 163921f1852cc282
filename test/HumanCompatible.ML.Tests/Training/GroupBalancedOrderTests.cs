using FsCheck.Fluent;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Tests.Training;

[TestClass]
public sealed class GroupBalancedOrderTests
{
    [TestMethod]
    public void Epoch_EveryBatch_HasNearlyEquallyManyRowsOfEveryCell()
    {
        var cells = Cells(700, 200, 100);

        var order = new GroupBalancedOrder(cells, 100).Epoch(7);

        Assert.HasCount(1000, order);
        foreach (var batch in order.Chunk(100))
        {
            for (var cell = 0; cell < 3; cell++)
                Assert.IsTrue(batch.Count(row => cells[row] == cell) is 33 or 34);
        }
    }

    [TestMethod]
    public void Shares_OfATinyCell_AreAtMostTenTimesItsNaturalShare()
    {
        var order = new GroupBalancedOrder(Cells(995, 3000, 5), 100);

        Assert.AreEqual(10 * 5 / 4000.0, order.Shares[2], 1e-15);
        Assert.AreEqual((1 - order.Shares[2]) / 2, order.Shares[0], 1e-15);
        Assert.AreEqual(order.Shares[0], order.Shares[1]);
    }

    [TestMethod]
    public void Epoch_ACellThatIsSmallerThanItsDraws_IsGoneThroughWholeBeforeItRepeats()
    {
        var cells = Cells(900, 100);

        var small = new GroupBalancedOrder(cells, 50).Epoch(3).Where(row => cells[row] == 1).ToList();

        Assert.IsGreaterThan(490, small.Count);
        var passes = small.Chunk(100).ToList();
        foreach (var pass in passes)
            Assert.AreEqual(pass.Length, pass.Distinct().Count());
        CollectionAssert.AreNotEqual(passes[0], passes[1], "Each pass has an order of its own.");
    }

    [TestMethod]
    public void Epoch_ALargeCell_RepeatsNoRowAndReachesAllOfThemOverTheEpochs()
    {
        var cells = Cells(900, 100);
        var plan = new GroupBalancedOrder(cells, 50);
        var seen = new HashSet<long>();

        for (var epoch = 1; epoch <= 20; epoch++)
        {
            var large = plan.Epoch(EpochSeed.Order(1, epoch)).Where(row => cells[row] == 0).ToList();
            Assert.AreEqual(large.Count, large.Distinct().Count());
            seen.UnionWith(large);
        }

        Assert.HasCount(900, seen);
    }

    [TestMethod]
    public void Epoch_SameSeed_IsTheSameOrderAndAnotherSeedAnother()
    {
        var cells = Cells(60, 40);
        var plan = new GroupBalancedOrder(cells, 16);

        CollectionAssert.AreEqual(plan.Epoch(5), plan.Epoch(5));
        CollectionAssert.AreEqual(plan.Epoch(5), new GroupBalancedOrder(cells, 16).Epoch(5));
        CollectionAssert.AreNotEqual(plan.Epoch(5), plan.Epoch(6));
        CollectionAssert.AreNotEqual(plan.Epoch(EpochSeed.Order(1, 1)), plan.Epoch(EpochSeed.Order(1, 2)));
    }

    [TestMethod]
    public void Epoch_OneCell_IsAShuffleWithoutWeights()
    {
        var plan = new GroupBalancedOrder(new int[100], 32);

        CollectionAssert.AreEqual(Enumerable.Range(0, 100).Select(row => (long)row).ToArray(), plan.Epoch(1).Order().ToArray());
        Assert.IsTrue(plan.Weights.All(weight => weight == 1));
    }

    [TestMethod]
    public void Epoch_MoreCellsThanRowsInABatch_DrawsEachInSomeBatches()
    {
        var cells = Enumerable.Range(0, 600).Select(row => row % 12).ToArray();

        var order = new GroupBalancedOrder(cells, 5).Epoch(9);

        for (var cell = 0; cell < 12; cell++)
            Assert.AreEqual(50, order.Count(row => cells[row] == cell), 8);
    }

    [TestMethod]
    public void Epoch_OverManySeeds_TheWeightedMeanOfEveryBatchIsTheMeanOfAllRows()
    {
        // Cells of very different values, one so small that it is in some batches only, and a last batch that is not full.
        var cells = Cells(60, 9, 1);
        double[] values = [.. cells.Select((cell, row) => 10.0 * cell + row % 7)];
        var plan = new GroupBalancedOrder(cells, 16);
        const int Draws = 20000;
        var sums = new double[5];
        for (var seed = 0; seed < Draws; seed++)
        {
            foreach (var (index, batch) in plan.Epoch(EpochSeed.Order(seed, 1)).Chunk(16).Index())
                sums[index] += batch.Average(row => plan.Weights[row] * values[row]) / Draws;
        }

        foreach (var mean in sums)
            Assert.AreEqual(values.Average(), mean, 0.06); // four standard errors of the last, smallest batch
    }

    [TestMethod]
    public void Plan_AnyCells_HasWeightsThatUndoTheShares()
    {
        var input = from sizes in Gen.Choose(1, 60)
            .NonEmptyListOf()
                    from batch in Gen.Choose(1, 50)
                    from seed in Gen.Choose(0, 1000)
                    select (sizes.ToArray(), batch, seed);
        Prop.ForAll(input.ToArbitrary(), item =>
        {
            var (sizes, batchSize, seed) = item;
            var cells = Cells(sizes);
            var plan = new GroupBalancedOrder(cells, batchSize);
            var order = plan.Epoch(seed);

            // The expected weight of a drawn row is 1, and by cell the natural share.
            var undone = sizes.Select((size, cell)
                => Math.Abs(plan.Shares[cell] * plan.Weights[Array.IndexOf(cells, cell)] - (double)size / cells.Length)).Max();
            var inRange = sizes.Select((size, cell) => plan.Shares[cell] <= 10.0000001 * size / cells.Length && plan.Shares[cell] > 0)
                .All(holds => holds);
            var inProportion = order.Chunk(batchSize)
                .All(batch => sizes.Select((_, cell) => Math.Abs(batch.Count(row => cells[row] == cell) - plan.Shares[cell] * batch.Length))
                .Max() < 1.0000001);
            return Math.Abs(plan.Shares.Sum() - 1) < 1e-9 && undone < 1e-6 && inRange && inProportion && order.Length == cells.Length
                && order.All(row => row >= 0 && row < cells.Length);
        }).CheckSeeded();
    }

    // Cells of the given sizes, mixed up.
    private static int[] Cells(params int[] sizes)
    {
        int[] cells = [.. sizes.SelectMany((size, cell) => Enumerable.Repeat(cell, size))];
        new Random(1).Shuffle(cells);
        return cells;
    }
}
