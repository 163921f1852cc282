using Microsoft.ML;
using Microsoft.ML.Data;

namespace PlatformContract.Tests.ML.Core;

[TestClass]
public sealed class ThirdPartyTransformerTests
{
    private readonly MLContext _context = new(1);

    [TestMethod]
    public void Cache_OfItsOutput_ComputesEachRowOnce()
    {
        var model = new ScalingTransformer(_context, 3);
        var cached = _context.Data.Cache(model.Transform(Rows.View(_context, 10)));
        CollectionAssert.AreEqual(cached.GetColumn<float>("Scaled").ToArray(), cached.GetColumn<float>("Scaled").ToArray());
        Assert.AreEqual(10, model.Computed);
        Assert.AreEqual(27f, cached.GetColumn<float>("Scaled").Last());
    }

    [TestMethod]
    public void CreateEnumerable_ReadsItsOutput()
    {
        var scored = new ScalingTransformer(_context, 3).Transform(Rows.View(_context, 3));
        var rows = _context.Data.CreateEnumerable<ScaledPoint>(scored, reuseRowObject: false).ToList();
        CollectionAssert.AreEqual(new[] { 0f, 3f, 6f }, rows.Select(row => row.Scaled).ToArray());
    }

    [TestMethod]
    public void PredictionEngine_UsesItsRowMapper()
    {
        var model = new ScalingTransformer(_context, 3);
        using var engine = _context.Model.CreatePredictionEngine<Point, ScaledPoint>(model);
        Assert.AreEqual(12f, engine.Predict(new Point { X = 4 }).Scaled);
        Assert.AreEqual(15f, engine.Predict(new Point { X = 5 }).Scaled);
        Assert.AreEqual(2, model.Computed);
    }

    [TestMethod]
    public void PredictionEngine_OfAChainOfThem()
    {
        var model = new TransformerChain<ITransformer>(new ScalingTransformer(_context, 3), new ScalingTransformer(_context, 5));
        using var engine = _context.Model.CreatePredictionEngine<Point, ScaledPoint>(model);
        Assert.AreEqual(10f, engine.Predict(new Point { X = 2 }).Scaled);
    }

    [TestMethod]
    public void RowOperations_WorkOnItsOutput()
    {
        var scored = new ScalingTransformer(_context, 3).Transform(Rows.View(_context, 20));
        CollectionAssert.AreEqual(new[] { 0f, 3f }, _context.Data.TakeRows(scored, 2).GetColumn<float>("Scaled").ToArray());
        CollectionAssert.AreEqual(new[] { 3f, 6f }, _context.Data.FilterRowsByColumn(scored, "Scaled", 1, 7).GetColumn<float>("Scaled").ToArray());
        CollectionAssert.AreEquivalent(
            scored.GetColumn<float>("Scaled").ToArray(), _context.Data.ShuffleRows(scored, seed: 3).GetColumn<float>("Scaled").ToArray());
    }

    [TestMethod]
    public void OnlyTheNeededColumnsAreAskedOfItsInput()
    {
        var data = Rows.View(_context, 2);
        var scored = new ScalingTransformer(_context, 3).Transform(data);
        using var cursor = scored.GetRowCursor([scored.Schema["Scaled"]]);
        Assert.IsTrue(cursor.MoveNext());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => cursor.GetGetter<ReadOnlyMemory<char>>(scored.Schema["Name"]));
    }

    [TestMethod]
    public void Disposing_ACursorOverIt_StopsTheSource()
    {
        var scored = new ScalingTransformer(_context, 3).Transform(_context.Data.Cache(Rows.View(_context, 5)));
        var cursor = scored.GetRowCursor(scored.Schema);
        Assert.IsTrue(cursor.MoveNext());
        cursor.Dispose();
        Assert.IsFalse(cursor.MoveNext());
    }
}
