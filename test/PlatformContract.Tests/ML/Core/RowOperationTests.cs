using Microsoft.ML;
using Microsoft.ML.Data;

namespace PlatformContract.Tests.ML.Core;

[TestClass]
public sealed class RowOperationTests
{
    private readonly MLContext _context = new(1);

    [TestMethod]
    public void Cache_ReadsItsSourceOnce()
    {
        var reads = 0;
        var source = Enumerable.Range(0, 5).Select(i =>
        {
            reads++;
            return new Point { X = i, Name = "n" + i };
        });
        var cache = _context.Data.Cache(_context.Data.LoadFromEnumerable(source));
        CollectionAssert.AreEqual(Rows.X(cache), Rows.X(cache));
        Assert.AreEqual(5, reads);
        Assert.AreEqual(5L, cache.GetRowCount());
        Assert.AreEqual("n4", cache.GetColumn<string>("Name").Last());
    }

    [TestMethod]
    public void Cache_Prefetch_ReadsNamedColumnsTogether()
    {
        var cache = _context.Data.Cache(Rows.View(_context, 4), "X", "Name");
        CollectionAssert.AreEqual(new[] { 0f, 1f, 2f, 3f }, Rows.X(cache));
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.Cache(Rows.View(_context, 4), "None"));
        StringAssert.StartsWith(error.Message, "Could not find prefetch column 'None'");
    }

    [TestMethod]
    public void Cache_KeepsVectorsApart()
    {
        var data = _context.Data.LoadFromEnumerable(Enumerable.Range(0, 3).Select(i => new Vector { Items = [i, i + 1] }));
        var cache = _context.Data.Cache(data);
        for (var pass = 0; pass < 2; pass++)
            CollectionAssert.AreEqual(new[] { 0f, 1f, 1f, 2f, 2f, 3f }, cache.GetColumn<float[]>("Items").SelectMany(items => items).ToArray());
    }

    [TestMethod]
    public void TakeRowsAndSkipRows_CutTheSequence()
    {
        var data = Rows.View(_context, 6);
        CollectionAssert.AreEqual(new[] { 0f, 1f }, Rows.X(_context.Data.TakeRows(data, 2)));
        CollectionAssert.AreEqual(new[] { 4f, 5f }, Rows.X(_context.Data.SkipRows(data, 4)));
        CollectionAssert.AreEqual(new[] { 2f, 3f }, Rows.X(_context.Data.TakeRows(_context.Data.SkipRows(data, 2), 2)));
        Assert.AreEqual(2L, _context.Data.TakeRows(data, 2).GetRowCount());
        Assert.AreEqual(6L, _context.Data.TakeRows(data, 9).GetRowCount());
        Assert.AreEqual(0L, _context.Data.SkipRows(data, 9).GetRowCount());
        Assert.IsFalse(_context.Data.TakeRows(_context.Data.Cache(data), 2).CanShuffle);
    }

    [TestMethod]
    public void TakeRowsAndSkipRows_NotPositive_Throw()
    {
        var data = Rows.View(_context, 1);
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.TakeRows(data, 0)).Message, "Must be greater than zero.");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.SkipRows(data, -1));
    }

    [TestMethod]
    public void ShuffleRows_SameSeed_SameOrderOnEveryPass()
    {
        var data = Rows.View(_context, 100);
        var first = _context.Data.ShuffleRows(data, seed: 5);
        CollectionAssert.AreEqual(Rows.X(first), Rows.X(first));
        CollectionAssert.AreEqual(Rows.X(first), Rows.X(_context.Data.ShuffleRows(data, seed: 5)));
        CollectionAssert.AreNotEqual(Rows.X(first), Rows.X(_context.Data.ShuffleRows(data, seed: 6)));
        CollectionAssert.AreNotEqual(Rows.X(first), Rows.X(data));
        CollectionAssert.AreEquivalent(Rows.X(data), Rows.X(first));
        Assert.AreEqual(100L, first.GetRowCount());
    }

    [TestMethod]
    public void ShuffleRows_SmallPool_StillGivesEveryRowOnceAndRowsStayWhole()
    {
        var data = _context.Data.LoadFromEnumerable(Enumerable.Range(0, 50).Select(i => new Vector { X = i, Items = [i, -i] }));
        var shuffled = _context.Data.ShuffleRows(data, seed: 2, shufflePoolSize: 4);
        var rows = _context.Data.CreateEnumerable<Vector>(shuffled, false).ToList();
        CollectionAssert.AreEquivalent(Rows.X(data), rows.Select(row => row.X).ToList());
        Assert.IsTrue(rows.TrueForAll(row => row.Items![0] == row.X && row.Items[1] == -row.X));
    }

    [TestMethod]
    public void ShuffleRows_KeepsRowIds()
    {
        var data = Rows.View(_context, 20);
        var shuffled = _context.Data.ShuffleRows(data, seed: 3);
        CollectionAssert.AreEquivalent(IdByX(data).ToArray(), IdByX(shuffled).ToArray());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.ShuffleRows(data, shufflePoolSize: 0));
    }

    [TestMethod]
    public void FilterRowsByColumn_KeepsTheHalfOpenRangeAndDropsNaN()
    {
        var values = new[] { 1f, 2f, 3f, float.NaN, float.NegativeInfinity, float.PositiveInfinity };
        var data = _context.Data.LoadFromEnumerable(values.Select(x => new Point { X = x }));
        CollectionAssert.AreEqual(new[] { 2f }, Rows.X(_context.Data.FilterRowsByColumn(data, "X", 2, 3)));
        CollectionAssert.AreEqual(new[] { 1f, 2f, 3f, float.NegativeInfinity }, Rows.X(_context.Data.FilterRowsByColumn(data, "X")));
        CollectionAssert.AreEqual(new[] { 1f, float.NegativeInfinity }, Rows.X(_context.Data.FilterRowsByColumn(data, "X", upperBound: 2)));
        Assert.IsNull(_context.Data.FilterRowsByColumn(data, "X").GetRowCount());
    }

    [TestMethod]
    public void FilterRowsByColumn_CountsPositionsAnewAndKeepsIds()
    {
        var data = Rows.View(_context, 6);
        var filtered = _context.Data.FilterRowsByColumn(data, "X", 4);
        using var cursor = filtered.GetRowCursor([]);
        Assert.IsTrue(cursor.MoveNext());
        Assert.AreEqual(0, cursor.Position);
        CollectionAssert.AreEqual(IdByX(data).Where(pair => pair.X >= 4).ToArray(), IdByX(filtered).ToArray());
    }

    [TestMethod]
    public void FilterRowsByColumn_BadColumnOrBounds_Throw()
    {
        var data = _context.Data.LoadFromEnumerable([new Vector()]);
        StringAssert.StartsWith(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.FilterRowsByColumn(data, "Items", 0, 1)).Message,
            "Schema mismatch for filter column 'Items': expected number, got Vector<Single, 2>");
        StringAssert.StartsWith(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.FilterRowsByColumn(data, "Count", 0, 1)).Message,
            "Column 'Count' does not have compatible type");
        StringAssert.StartsWith(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.FilterRowsByColumn(data, "None", 0, 1)).Message, "Column 'None' not found");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.FilterRowsByColumn(data, "X", 1, 1));
    }

    [TestMethod]
    public void FilterRowsByMissingValues_DropsNaNInScalarsAndVectors()
    {
        var data = _context.Data.LoadFromEnumerable(new Vector[]
        {
            new() { X = 1, Items = [1, 2] }, new() { X = float.NaN, Items = [1, 2] }, new() { X = 3, Items = [1, float.NaN] },
        });
        CollectionAssert.AreEqual(new[] { 1f, 3f }, Rows.X(_context.Data.FilterRowsByMissingValues(data, "X")));
        CollectionAssert.AreEqual(new[] { 1f }, Rows.X(_context.Data.FilterRowsByMissingValues(data, "X", "Items")));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.FilterRowsByMissingValues(data));
    }

    private static List<(float X, DataViewRowId Id)> IdByX(IDataView data)
    {
        using var cursor = data.GetRowCursor([data.Schema["X"]]);
        var (getX, getId) = (cursor.GetGetter<float>(data.Schema["X"]), cursor.GetIdGetter());
        var (pairs, x, id) = (new List<(float, DataViewRowId)>(), 0f, default(DataViewRowId));
        while (cursor.MoveNext())
        {
            getX(ref x);
            getId(ref id);
            pairs.Add((x, id));
        }
        return pairs;
    }

    private sealed class Vector
    {
        public float X { get; set; }

        public int Count { get; set; }

        [VectorType(2)]
        public float[]? Items { get; set; }
    }
}
