using Microsoft.ML;
using Microsoft.ML.Data;

namespace PlatformContract.Tests.ML.Core;

[TestClass]
public sealed class CursorTests
{
    private readonly MLContext _context = new(1);

    [TestMethod]
    public void Position_BeforeFirstRow_IsMinusOne()
    {
        using var cursor = Rows.View(_context, 3).GetRowCursor([]);
        Assert.AreEqual(-1, cursor.Position);
        Assert.IsTrue(cursor.MoveNext());
        Assert.AreEqual(0, cursor.Position);
    }

    [TestMethod]
    public void MoveNext_AfterTheEnd_StaysFalseAndPositionReturnsToMinusOne()
    {
        using var cursor = Rows.View(_context, 2).GetRowCursor([]);
        while (cursor.MoveNext())
        {
        }
        Assert.IsFalse(cursor.MoveNext());
        Assert.AreEqual(-1, cursor.Position);
    }

    [TestMethod]
    public void MoveNext_AfterDispose_IsFalse()
    {
        var cursor = Rows.View(_context, 2).GetRowCursor([]);
        Assert.IsTrue(cursor.MoveNext());
        cursor.Dispose();
        cursor.Dispose();
        Assert.IsFalse(cursor.MoveNext());
        Assert.AreEqual(-1, cursor.Position);
    }

    [TestMethod]
    public void IsColumnActive_IsTrueForNeededColumnsOnly()
    {
        var data = Rows.View(_context, 1);
        using var cursor = data.GetRowCursor([data.Schema["X"]]);
        Assert.IsTrue(cursor.IsColumnActive(data.Schema["X"]));
        Assert.IsFalse(cursor.IsColumnActive(data.Schema["Name"]));
        Assert.AreSame(data.Schema, cursor.Schema);
    }

    [TestMethod]
    public void GetGetter_InactiveColumn_Throws()
    {
        var data = Rows.View(_context, 1);
        using var cursor = data.GetRowCursor([data.Schema["X"]]);
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => cursor.GetGetter<ReadOnlyMemory<char>>(data.Schema["Name"]));
        StringAssert.Contains(error.Message, "requested column not active");
        Assert.AreEqual("column", error.ParamName);
    }

    [TestMethod]
    public void GetGetter_InactiveColumnOfCache_Throws()
    {
        var data = _context.Data.Cache(Rows.View(_context, 1));
        using var cursor = data.GetRowCursor([data.Schema["X"]]);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => cursor.GetGetter<ReadOnlyMemory<char>>(data.Schema["Name"]));
    }

    [TestMethod]
    public void GetGetter_WrongType_ThrowsAndNamesBothTypes()
    {
        var data = Rows.View(_context, 1);
        using var cursor = data.GetRowCursor(data.Schema);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<double>(data.Schema["X"]));
        StringAssert.Contains(error.Message, "Invalid TValue in GetGetter");
        StringAssert.Contains(error.Message, "System.Double");
        StringAssert.Contains(error.Message, "System.Single");
    }

    [TestMethod]
    public void Getter_BeforeFirstMoveNext_Throws()
    {
        var data = _context.Data.Cache(Rows.View(_context, 1));
        using var cursor = data.GetRowCursor(data.Schema);
        var getter = cursor.GetGetter<float>(data.Schema["X"]);
        var value = 0f;
        Assert.ThrowsExactly<InvalidOperationException>(() => getter(ref value));
    }

    [TestMethod]
    public void GetIdGetter_NumbersRowsAndIsStableBetweenPasses()
    {
        var data = Rows.View(_context, 4);
        CollectionAssert.AreEqual(Ids(data), Ids(data));
        Assert.HasCount(4, Ids(data).Distinct());
    }

    [TestMethod]
    public void GetRowCursor_ColumnBeyondTheSchema_Throws()
    {
        var data = Rows.View(_context, 1);
        var builder = new DataViewSchema.Builder();
        for (var i = 0; i < 5; i++)
            builder.AddColumn("C" + i, NumberDataViewType.Single);
        var foreign = builder.ToSchema()[4];
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => data.GetRowCursor([foreign]));
        StringAssert.Contains(error.Message, "is not part of the sourceSchema");
    }

    [TestMethod]
    public void SeveralCursors_AreIndependent()
    {
        var data = Rows.View(_context, 3);
        using var first = data.GetRowCursor(data.Schema);
        using var second = data.GetRowCursor(data.Schema);
        var (getFirst, getSecond) = (first.GetGetter<float>(data.Schema["X"]), second.GetGetter<float>(data.Schema["X"]));
        var (x, y) = (-1f, -1f);
        Assert.IsTrue(first.MoveNext());
        Assert.IsTrue(first.MoveNext());
        Assert.IsTrue(second.MoveNext());
        getFirst(ref x);
        getSecond(ref y);
        Assert.AreEqual(1f, x);
        Assert.AreEqual(0f, y);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void GetRowCursorSet_TogetherGivesEveryRowOnce(int cursors)
    {
        foreach (var data in new[] { Rows.View(_context, 300), _context.Data.Cache(Rows.View(_context, 300)) })
        {
            var set = data.GetRowCursorSet([data.Schema["X"]], cursors);
            Assert.IsLessThanOrEqualTo(cursors, set.Length);
            var seen = new List<(long Batch, float X)>();
            foreach (var cursor in set)
            {
                using (cursor)
                {
                    var getX = cursor.GetGetter<float>(data.Schema["X"]);
                    var x = 0f;
                    while (cursor.MoveNext())
                    {
                        getX(ref x);
                        seen.Add((cursor.Batch, x));
                    }
                }
            }
            // Rows in the order of their batches are in the order of the source.
            CollectionAssert.AreEqual(Enumerable.Range(0, 300).Select(i => (float)i).ToList(), seen.OrderBy(row => row.Batch).Select(row => row.X).ToList());
        }
    }

    [TestMethod]
    public void GetRowCursor_WithRandom_ShufflesWhatCanShuffle()
    {
        var streaming = Rows.View(_context, 50);
        var cached = _context.Data.Cache(streaming);
        Assert.IsFalse(streaming.CanShuffle);
        Assert.IsTrue(cached.CanShuffle);
        CollectionAssert.AreEqual(Rows.X(streaming), Read(streaming, new Random(1)));
        CollectionAssert.AreNotEqual(Rows.X(streaming), Read(cached, new Random(1)));
        CollectionAssert.AreEquivalent(Rows.X(streaming), Read(cached, new Random(1)));
        CollectionAssert.AreEqual(Read(cached, new Random(1)), Read(cached, new Random(1)));
    }

    private static List<float> Read(IDataView data, Random random)
    {
        using var cursor = data.GetRowCursor([data.Schema["X"]], random);
        var getX = cursor.GetGetter<float>(data.Schema["X"]);
        var (values, x) = (new List<float>(), 0f);
        while (cursor.MoveNext())
        {
            getX(ref x);
            values.Add(x);
        }
        return values;
    }

    private static List<DataViewRowId> Ids(IDataView data)
    {
        using var cursor = data.GetRowCursor([]);
        var getId = cursor.GetIdGetter();
        var (ids, id) = (new List<DataViewRowId>(), default(DataViewRowId));
        while (cursor.MoveNext())
        {
            getId(ref id);
            ids.Add(id);
        }
        return ids;
    }
}
