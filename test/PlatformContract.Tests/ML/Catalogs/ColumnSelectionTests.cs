using Microsoft.ML;
using Microsoft.ML.Data;

namespace PlatformContract.Tests.ML.Catalogs;

[TestClass]
public sealed class ColumnSelectionTests
{
    private readonly MLContext ml = new(seed: 1);

    private static string[] Names(IDataView view) => view.Schema.Where(column => !column.IsHidden).Select(column => column.Name).ToArray();

    [TestMethod]
    public void CopyColumns_CopiesValuesTypeAndAnnotations()
    {
        var data = ml.Transforms.Conversion.MapValueToKey("K", "T").Fit(Samples.MixedTable(ml)).Transform(Samples.MixedTable(ml));
        var copied = ml.Transforms.CopyColumns("Copy", "K").Fit(data).Transform(data);

        CollectionAssert.AreEqual(new[] { 1u, 2u, 0u, 1u }, Observed.Keys(copied, "Copy"));
        CollectionAssert.AreEqual(new[] { "red", "blue" }, Observed.KeyTexts(copied, "Copy"));
        Assert.AreEqual(data.Schema["K"].Type, copied.Schema["Copy"].Type);
    }

    [TestMethod]
    public void DropColumns_KeepsTheOthersInOrder()
    {
        var data = Samples.MixedTable(ml);
        CollectionAssert.AreEqual(new[] { "X", "N", "T", "V", "W" }, Names(ml.Transforms.DropColumns("D", "B").Fit(data).Transform(data)));
    }

    [TestMethod]
    public void SelectColumns_TakesTheOrderOfTheCall()
    {
        var data = Samples.MixedTable(ml);
        var selected = ml.Transforms.SelectColumns("T", "X").Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { "T", "X" }, Names(selected));
        Assert.AreEqual(5f, Observed.Floats(selected, "X")[3]);
    }

    [TestMethod]
    public void SelectColumns_HiddenColumnsAreDroppedUnlessKept()
    {
        var data = Samples.MixedTable(ml);
        var twice = ml.Transforms.CopyColumns("X", "D").Fit(data).Transform(data);
        Assert.AreEqual(1, ml.Transforms.SelectColumns("X").Fit(twice).Transform(twice).Schema.Count);
        Assert.AreEqual(2, ml.Transforms.SelectColumns(["X"], keepHidden: true).Fit(twice).Transform(twice).Schema.Count);
    }

    [TestMethod]
    public void AbsentColumn_IsASchemaError()
    {
        var data = Samples.MixedTable(ml);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Transforms.DropColumns("Nope").Fit(data).Transform(data)).Message,
            "Could not find input column 'Nope'");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Transforms.CopyColumns("Y", "Nope").Fit(data).Transform(data)).Message,
            "Could not find input column 'Nope'");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Transforms.CopyColumns("Y", "Nope").GetOutputSchema(SchemaProbe.ShapeOf(data))).Message,
            "Could not find input column 'Nope'");
    }

    [TestMethod]
    public void Promises_AreKept()
    {
        var data = Samples.MixedTable(ml);
        SchemaProbe.AssertPromiseIsKept(ml.Transforms.CopyColumns("Copy", "V"), data);
        SchemaProbe.AssertPromiseIsKept(ml.Transforms.DropColumns("V"), data);
        SchemaProbe.AssertPromiseIsKept(ml.Transforms.SelectColumns("V", "T"), data);
    }

    [TestMethod]
    public void Cursor_AsksUpstreamForNeededColumnsOnly()
    {
        var data = Samples.MixedTable(ml);
        var view = ml.Transforms.DropColumns("D").Fit(data).Transform(data);
        using var cursor = view.GetRowCursor([view.Schema["X"]]);
        Assert.IsTrue(cursor.IsColumnActive(view.Schema["X"]));
        Assert.IsFalse(cursor.IsColumnActive(view.Schema["T"]));
    }
}
