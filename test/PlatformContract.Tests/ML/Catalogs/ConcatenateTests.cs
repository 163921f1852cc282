using Microsoft.ML;
using Microsoft.ML.Data;

namespace PlatformContract.Tests.ML.Catalogs;

[TestClass]
public sealed class ConcatenateTests
{
    private readonly MLContext ml = new(seed: 1);

    private IDataView Encoded(IDataView data)
    {
        var pipeline = ml.Transforms.Categorical.OneHotEncoding("Color", "T").Append(ml.Transforms.NormalizeMinMax("Z", "X"));
        return pipeline.Fit(data).Transform(data);
    }

    [TestMethod]
    public void Concatenate_ScalarsAndVectors_InOrderWithSlotNames()
    {
        var data = Encoded(Samples.MixedTable(ml));
        var view = ml.Transforms.Concatenate("Features", "X", "V", "Color").Fit(data).Transform(data);

        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 6), view.Schema["Features"].Type);
        CollectionAssert.AreEqual(new[] { -3f, 2f, 0f, 2f, 0f, 1f }, Observed.FloatVectors(view, "Features")[1]);
        CollectionAssert.AreEqual(new[] { "X", "", "", "", "Color.red", "Color.blue" }, Observed.SlotNames(view, "Features"));
    }

    [TestMethod]
    public void Concatenate_IsNormalizedOnlyIfAllSourcesAre()
    {
        var data = Encoded(Samples.MixedTable(ml));
        Assert.IsTrue(ml.Transforms.Concatenate("F", "Z", "Color").Fit(data).Transform(data).Schema["F"].IsNormalized());
        Assert.IsFalse(ml.Transforms.Concatenate("F", "X", "Color").Fit(data).Transform(data).Schema["F"].IsNormalized());
    }

    [TestMethod]
    public void Concatenate_OneVector_KeepsItsAnnotations()
    {
        var data = Encoded(Samples.MixedTable(ml));
        var view = ml.Transforms.Concatenate("F", "Color").Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { "red", "blue" }, Observed.SlotNames(view, "F"));
    }

    [TestMethod]
    public void Concatenate_CategoricalRangesMoveWithTheirSlots()
    {
        var data = Encoded(Samples.MixedTable(ml));
        var view = ml.Transforms.Concatenate("F", "X", "Color").Fit(data).Transform(data);
        VBuffer<int> ranges = default;
        view.Schema["F"].Annotations.GetValue("CategoricalSlotRanges", ref ranges);
        CollectionAssert.AreEqual(new[] { 1, 2 }, ranges.DenseValues().ToArray());
    }

    [TestMethod]
    public void Concatenate_MostlySparse_IsSparse()
    {
        var data = Encoded(Samples.Words(ml, "a", "b", "c", "d", "e", "f").With(ml));
        var view = ml.Transforms.Concatenate("F", "Color", "X").Fit(data).Transform(data);
        Assert.IsFalse(view.GetColumn<VBuffer<float>>("F").First().IsDense);
        CollectionAssert.AreEqual(new[] { 0f, 0f, 1f, 0f, 0f, 0f, 0f }, Observed.FloatVectors(view, "F")[2]);
    }

    [TestMethod]
    public void Concatenate_MixedTypes_IsRefused()
    {
        var data = Samples.MixedTable(ml);
        var estimator = ml.Transforms.Concatenate("F", "X", "D");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(data).Transform(data)).Message,
            "Schema mismatch for input column 'D': expected Single, got Double");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => estimator.GetOutputSchema(SchemaProbe.ShapeOf(data))).Message,
            "Column 'D' has type of Double, but expected column type is Single.");
    }

    [TestMethod]
    public void Concatenate_AbsentColumnOrNone_IsRefused()
    {
        var data = Samples.MixedTable(ml);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Transforms.Concatenate("F", "X", "Nope").Fit(data).Transform(data)).Message,
            "Could not find input column 'Nope'");
        Assert.AreEqual("inputColumnNames", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Transforms.Concatenate("F")).ParamName);
    }

    [TestMethod]
    public void Promises_AreKept()
    {
        var data = Encoded(Samples.MixedTable(ml));
        SchemaProbe.AssertPromiseIsKept(ml.Transforms.Concatenate("F", "X", "V", "Color"), data);
        SchemaProbe.AssertPromiseIsKept(ml.Transforms.Concatenate("F", "Z", "Color"), data);
        SchemaProbe.AssertPromiseIsKept(ml.Transforms.Concatenate("F", "V"), data);
        SchemaProbe.AssertPromiseIsKept(ml.Transforms.Concatenate("F", "T", "W"), data);
    }
}

internal static class WordsWithNumber
{
    private sealed class Row
    {
        public string T { get; set; } = "";

        public float X { get; set; }
    }

    /// <summary>The words, each with the number zero in column X.</summary>
    public static IDataView With(this IDataView words, MLContext ml) =>
        ml.Data.LoadFromEnumerable(Observed.Texts(words, "T").Select(word => new Row { T = word }));
}
