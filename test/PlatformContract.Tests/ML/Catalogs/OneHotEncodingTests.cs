using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace PlatformContract.Tests.ML.Catalogs;

[TestClass]
public sealed class OneHotEncodingTests
{
    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void Indicator_OneSlotPerValueInOrderOfOccurrence()
    {
        var data = Samples.Words(ml, "b", "a", "b", "c");
        var view = ml.Transforms.Categorical.OneHotEncoding("E", "T").Fit(data).Transform(data);

        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 3), view.Schema["E"].Type);
        CollectionAssert.AreEqual(new[] { "b", "a", "c" }, Observed.SlotNames(view, "E"));
        CollectionAssert.AreEqual(new[] { 0f, 1f, 0f }, Observed.FloatVectors(view, "E")[1]);
        CollectionAssert.AreEqual(new[] { 1f, 0f, 0f }, Observed.FloatVectors(view, "E")[2]);
        Assert.IsTrue(view.Schema["E"].IsNormalized());
    }

    [TestMethod]
    public void UnseenAndEmptyValues_AreAllZero()
    {
        var model = ml.Transforms.Categorical.OneHotEncoding("E", "T").Fit(Samples.Words(ml, "a", "b", "", "c"));
        var view = model.Transform(Samples.Words(ml, "d", ""));
        CollectionAssert.AreEqual(new[] { 0f, 0f, 0f }, Observed.FloatVectors(view, "E")[0]);
        CollectionAssert.AreEqual(new[] { 0f, 0f, 0f }, Observed.FloatVectors(view, "E")[1]);
    }

    [TestMethod]
    public void Indicator_IsSparse()
    {
        var data = Samples.Words(ml, "a", "b", "c", "d");
        var vector = ml.Transforms.Categorical.OneHotEncoding("E", "T").Fit(data).Transform(data).GetColumn<VBuffer<float>>("E").Last();
        Assert.IsFalse(vector.IsDense);
        Assert.AreEqual(3, vector.GetIndices()[0]);
    }

    [TestMethod]
    public void ByValue_SortsTheSlots()
    {
        var data = Samples.Words(ml, "b", "c", "B", "a");
        var view = ml.Transforms.Categorical.OneHotEncoding("E", "T", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { "B", "a", "b", "c" }, Observed.SlotNames(view, "E"));
    }

    [TestMethod]
    public void MaximumNumberOfKeys_LaterValuesAreUnseen()
    {
        var data = Samples.Words(ml, "a", "b", "c");
        var view = ml.Transforms.Categorical.OneHotEncoding("E", "T", maximumNumberOfKeys: 2).Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { "a", "b" }, Observed.SlotNames(view, "E"));
        CollectionAssert.AreEqual(new[] { 0f, 0f }, Observed.FloatVectors(view, "E")[2]);
    }

    [TestMethod]
    public void OutputKindKey_StopsAtTheKey()
    {
        var data = Samples.Words(ml, "b", "a");
        var view = ml.Transforms.Categorical.OneHotEncoding("E", "T", OneHotEncodingEstimator.OutputKind.Key).Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { 1u, 2u }, Observed.Keys(view, "E"));
    }

    [TestMethod]
    public void Numbers_AreValuesToo()
    {
        var data = Samples.MixedTable(ml);
        var view = ml.Transforms.Categorical.OneHotEncoding([new("XE", "X"), new("NE", "N"), new("BE", "B")]).Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { "1", "-3", "5" }, Observed.SlotNames(view, "XE"));
        CollectionAssert.AreEqual(new[] { "3", "-1", "0" }, Observed.SlotNames(view, "NE"));
        CollectionAssert.AreEqual(new[] { 0f, 0f, 0f }, Observed.FloatVectors(view, "XE")[2]);
        CollectionAssert.AreEqual(new[] { 0f, 1f }, Observed.FloatVectors(view, "BE")[1]);
    }

    [TestMethod]
    public void TextVector_BagCountsAndIndicatorConcatenates()
    {
        var data = Samples.MixedTable(ml);
        var bag = ml.Transforms.Categorical.OneHotEncoding("E", "W", OneHotEncodingEstimator.OutputKind.Bag).Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { "a", "b", "c" }, Observed.SlotNames(bag, "E"));
        CollectionAssert.AreEqual(new[] { 0f, 2f, 0f }, Observed.FloatVectors(bag, "E")[1]);

        var indicator = ml.Transforms.Categorical.OneHotEncoding("E", "W").Fit(data).Transform(data);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 2, 3), indicator.Schema["E"].Type);
        CollectionAssert.AreEqual(new[] { 1f, 0f, 0f, 0f, 1f, 0f }, Observed.FloatVectors(indicator, "E")[0]);
        CollectionAssert.AreEqual(new[] { "[0].a", "[0].b", "[0].c", "[1].a", "[1].b", "[1].c" }, Observed.SlotNames(indicator, "E"));
    }

    [TestMethod]
    public void AbsentColumn_IsASchemaError() =>
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Transforms.Categorical.OneHotEncoding("Nope").Fit(Samples.MixedTable(ml))).Message,
            "Could not find input column 'Nope'");

    [TestMethod]
    public void Promises_AreKept()
    {
        var data = Samples.MixedTable(ml);
        SchemaProbe.AssertPromiseIsKept(ml.Transforms.Categorical.OneHotEncoding("E", "T"), data);
        SchemaProbe.AssertPromiseIsKept(ml.Transforms.Categorical.OneHotEncoding([new("T"), new("N")]), data);
        SchemaProbe.AssertPromiseIsKept(ml.Transforms.Categorical.OneHotEncoding("E", "T", OneHotEncodingEstimator.OutputKind.Key), data);
    }
}
