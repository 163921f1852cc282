using HumanCompatible.ML.Features;

namespace HumanCompatible.ML.Tests.Features;

[TestClass]
public sealed class FeatureTableTests
{
    [TestMethod]
    [DataRow(null)]
    [DataRow(1L)]
    [DataRow(2_000_000L)]
    public void Add_AnyRows_GivesThemBack(long? maximum)
    {
        // Rows of every density, given dense and by their entries, over many blocks; slot 5 is 0 though given. In memory, in a file, and
        // moved there on the way.
        const int Slots = 60_000, Rows = 40;
        var random = new Random(1);
        using var memory = new RowMemory(maximum, null);
        var table = new FeatureTable(Slots, memory);
        var expected = new List<float[]>();
        for (var number = 0; number < Rows; number++)
        {
            var row = new float[Slots];
            for (var slot = 0; slot < Slots; slot++)
                row[slot] = slot != 5 && random.Next(Rows) <= number - 1 ? random.NextSingle() + 1 : 0;
            expected.Add(row);
            int[] given = [.. Enumerable.Range(0, Slots).Where(slot => slot == 5 || row[slot] != 0)];
            table.Add(number % 2 == 0 ? FeatureRow.Dense(row) : new FeatureRow(Slots, [.. given.Select(slot => row[slot])], given));
        }

        table.Complete();
        Assert.AreEqual(maximum is not null, table.IsInFile);
        Assert.AreEqual(Rows, table.RowCount);
        for (var number = 0; number < Rows; number++)
        {
            var row = table[number];
            Assert.AreEqual(2 * expected[number].Count(value => value != 0) >= Slots, row.IsDense, $"row {number}");
            Assert.IsFalse(!row.IsDense && row.Values.Contains(0));
            var back = new float[Slots];
            for (var position = 0; position < row.Values.Length; position++)
                back[row.SlotAt(position)] = row.Values[position];
            CollectionAssert.AreEqual(expected[number], back);
            Assert.AreEqual(expected[number][17], row[17]);
        }
    }

    [TestMethod]
    public void Add_RowsOfZeros_AreEmptyRows()
    {
        var table = FeatureTable.Of(new float[9], 3);
        Assert.AreEqual(3, table.RowCount);
        Assert.IsTrue(table[2].Values.IsEmpty);
        Assert.IsFalse(table[2].IsDense);
        Assert.AreEqual(0, table[2][1]);
    }

    [TestMethod]
    public void HasMissing_SaysWhetherAValueIsNaN()
    {
        Assert.IsFalse(FeatureTable.Of([1, 0, float.PositiveInfinity], 3).HasMissing);
        Assert.IsTrue(FeatureTable.Of([1, 0, 2, 0, 0, float.NaN], 3).HasMissing);
    }

    [TestMethod]
    public void Next_SlotsInRisingOrder_FindsTheirValues()
    {
        var row = new FeatureRow(9, [5, 6, 7], [1, 4, 8]);
        var position = 0;
        float[] found = [row.Next(0, ref position), row.Next(1, ref position), row.Next(5, ref position), row.Next(8, ref position)];
        CollectionAssert.AreEqual(new float[] { 0, 5, 0, 7 }, found);
    }
}
