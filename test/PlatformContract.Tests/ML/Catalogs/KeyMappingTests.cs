using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace PlatformContract.Tests.ML.Catalogs;

[TestClass]
public sealed class KeyMappingTests
{
    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void MapValueToKey_Text_CountsFromOneInOrderOfOccurrence()
    {
        var data = Samples.Words(ml, "b", "", "a", "b");
        var view = ml.Transforms.Conversion.MapValueToKey("K", "T").Fit(data).Transform(data);

        Assert.AreEqual(new KeyDataViewType(typeof(uint), 2), view.Schema["K"].Type);
        CollectionAssert.AreEqual(new[] { 1u, 0u, 2u, 1u }, Observed.Keys(view, "K"));
        CollectionAssert.AreEqual(new[] { "b", "a" }, Observed.KeyTexts(view, "K"));
        Assert.IsTrue(view.Schema["K"].HasKeyValues());
    }

    [TestMethod]
    public void MapValueToKey_ByValue_Sorts()
    {
        var data = Samples.MixedTable(ml);
        var view = ml.Transforms.Conversion.MapValueToKey([new("XK", "X"), new("NK", "N"), new("BK", "B")],
            keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(data).Transform(data);

        CollectionAssert.AreEqual(new[] { -3f, 1f, 5f }, Observed.KeyValues<float>(view, "XK"));
        CollectionAssert.AreEqual(new[] { 2u, 1u, 0u, 3u }, Observed.Keys(view, "XK"));
        CollectionAssert.AreEqual(new[] { -1, 0, 3 }, Observed.KeyValues<int>(view, "NK"));
        CollectionAssert.AreEqual(new[] { 2u, 1u, 2u, 1u }, Observed.Keys(view, "BK"));
    }

    [TestMethod]
    public void MapValueToKey_UnseenValue_IsMissing()
    {
        var model = ml.Transforms.Conversion.MapValueToKey("K", "T").Fit(Samples.Words(ml, "a", "b"));
        CollectionAssert.AreEqual(new[] { 2u, 0u }, Observed.Keys(model.Transform(Samples.Words(ml, "b", "c")), "K"));
    }

    [TestMethod]
    public void MapValueToKey_KeyData_GivesTheKeys()
    {
        var data = Samples.Words(ml, "a", "b", "d");
        var view = ml.Transforms.Conversion.MapValueToKey("K", "T", keyData: Samples.Words(ml, "c", "b", "a")).Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { 3u, 2u, 0u }, Observed.Keys(view, "K"));
    }

    [TestMethod]
    public void MapValueToKey_AnnotationsAsText()
    {
        var data = Samples.MixedTable(ml);
        var view = ml.Transforms.Conversion.MapValueToKey("K", "N", addKeyValueAnnotationsAsText: true).Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { "3", "-1", "0" }, Observed.KeyTexts(view, "K"));
    }

    [TestMethod]
    public void MapValueToKey_Vector_SharesOneDictionary()
    {
        var data = Samples.MixedTable(ml);
        var view = ml.Transforms.Conversion.MapValueToKey("K", "W").Fit(data).Transform(data);
        var rows = view.GetColumn<uint[]>("K").ToArray();
        CollectionAssert.AreEqual(new[] { 1u, 2u }, rows[0]);
        CollectionAssert.AreEqual(new[] { 3u, 0u }, rows[2]);
        CollectionAssert.AreEqual(new[] { 1u, 3u }, rows[3]);
    }

    [TestMethod]
    public void MapKeyToValue_GivesTheValuesBack()
    {
        var data = Samples.Words(ml, "b", "", "a");
        var pipeline = ml.Transforms.Conversion.MapValueToKey("K", "T").Append(ml.Transforms.Conversion.MapKeyToValue("Back", "K"));
        CollectionAssert.AreEqual(new[] { "b", "", "a" }, Observed.Texts(pipeline.Fit(data).Transform(data), "Back"));
    }

    [TestMethod]
    public void MapKeyToValue_MissingKeyOfNumbers_IsNaN()
    {
        var data = Samples.MixedTable(ml);
        var pipeline = ml.Transforms.Conversion.MapValueToKey("K", "X").Append(ml.Transforms.Conversion.MapKeyToValue([new("Back", "K")]));
        CollectionAssert.AreEqual(new[] { 1f, -3f, float.NaN, 5f }, Observed.Floats(pipeline.Fit(data).Transform(data), "Back"));
    }

    [TestMethod]
    public void MapKeyToValue_NoKey_IsASchemaError()
    {
        var data = Samples.MixedTable(ml);
        var estimator = ml.Transforms.Conversion.MapKeyToValue("Back", "X");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(SchemaProbe.ShapeOf(data))).Message,
            "Schema mismatch for input column 'X': expected KeyType, got Single");
        Assert.ThrowsExactly<InvalidOperationException>(() => estimator.Fit(data).Transform(data));
    }

    [TestMethod]
    public void MapKeyToVector_IsTheSecondHalfOfOneHotEncoding()
    {
        var data = Samples.Words(ml, "b", "a", "");
        var pipeline = ml.Transforms.Conversion.MapValueToKey("K", "T").Append(ml.Transforms.Conversion.MapKeyToVector("E", "K"));
        var rows = Observed.FloatVectors(pipeline.Fit(data).Transform(data), "E");
        CollectionAssert.AreEqual(new[] { 0f, 1f }, rows[1]);
        CollectionAssert.AreEqual(new[] { 0f, 0f }, rows[2]);
    }

    [TestMethod]
    public void Promises_AreKept()
    {
        var data = Samples.MixedTable(ml);
        SchemaProbe.AssertPromiseIsKept(ml.Transforms.Conversion.MapValueToKey("K", "T"), data);
        SchemaProbe.AssertPromiseIsKept(ml.Transforms.Conversion.MapValueToKey([new("K", "W"), new("N")]), data);
        var keyed = ml.Transforms.Conversion.MapValueToKey("K", "T").Fit(data).Transform(data);
        SchemaProbe.AssertPromiseIsKept(ml.Transforms.Conversion.MapKeyToValue("Back", "K"), keyed);
        SchemaProbe.AssertPromiseIsKept(ml.Transforms.Conversion.MapKeyToVector("E", "K"), keyed);
    }
}
