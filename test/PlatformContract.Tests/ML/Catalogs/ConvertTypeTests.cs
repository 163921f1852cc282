using Microsoft.ML;
using Microsoft.ML.Data;

namespace PlatformContract.Tests.ML.Catalogs;

[TestClass]
public sealed class ConvertTypeTests
{
    private readonly MLContext ml = new(seed: 1);

    private IDataView Convert(string column, DataKind kind)
    {
        var data = Samples.MixedTable(ml);
        return ml.Transforms.Conversion.ConvertType("Out", column, kind).Fit(data).Transform(data);
    }

    [TestMethod]
    public void ToSingle_IsTheDefault()
    {
        var data = Samples.MixedTable(ml);
        var view = ml.Transforms.Conversion.ConvertType([new("N"), new("B"), new("D")]).Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { 3f, -1f, 0f, 3f }, Observed.Floats(view, "N"));
        CollectionAssert.AreEqual(new[] { 1f, 0f, 1f, 0f }, Observed.Floats(view, "B"));
        CollectionAssert.AreEqual(new[] { 2f, 4f, float.NaN, 0f }, Observed.Floats(view, "D"));
        Assert.IsTrue(view.Schema["B"].IsNormalized());
        Assert.IsFalse(view.Schema["N"].IsNormalized());
    }

    [TestMethod]
    public void ToBoolean_FromNumbers_IsNotZero()
    {
        CollectionAssert.AreEqual(new[] { true, true, false, true }, Convert("N", DataKind.Boolean).GetColumn<bool>("Out").ToArray());
    }

    [TestMethod]
    public void ToText_AndBack()
    {
        CollectionAssert.AreEqual(new[] { "3", "-1", "0", "3" }, Observed.Texts(Convert("N", DataKind.String), "Out"));
        CollectionAssert.AreEqual(new[] { "1", "-3", "NaN", "5" }, Observed.Texts(Convert("X", DataKind.String), "Out"));
        CollectionAssert.AreEqual(new[] { "True", "False", "True", "False" }, Observed.Texts(Convert("B", DataKind.String), "Out"));
        var words = Samples.Words(ml, "2.5", "", "x");
        var back = ml.Transforms.Conversion.ConvertType("Out", "T").Fit(words).Transform(words);
        CollectionAssert.AreEqual(new[] { 2.5f, 0f, float.NaN }, Observed.Floats(back, "Out"));
    }

    [TestMethod]
    public void Vector_ConvertsItsItems()
    {
        var view = Convert("V", DataKind.Double);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Double, 3), view.Schema["Out"].Type);
        CollectionAssert.AreEqual(new[] { 1d, 0d, -4d }, view.GetColumn<double[]>("Out").First());
    }

    [TestMethod]
    public void Key_KeepsItsCountAndValues()
    {
        var data = Samples.MixedTable(ml);
        var pipeline = ml.Transforms.Conversion.MapValueToKey("K", "T").Append(ml.Transforms.Conversion.ConvertType("Out", "K", DataKind.Byte));
        var view = pipeline.Fit(data).Transform(data);
        Assert.AreEqual(new KeyDataViewType(typeof(byte), 2), view.Schema["Out"].Type);
        CollectionAssert.AreEqual(new[] { "red", "blue" }, Observed.KeyTexts(view, "Out"));
    }

    [TestMethod]
    public void ImpossibleConversion_IsRefused()
    {
        var data = Samples.MixedTable(ml);
        var keyed = ml.Transforms.Conversion.MapValueToKey("K", "T").Fit(data).Transform(data);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Transforms.Conversion.ConvertType("Out", "K").Fit(keyed).Transform(keyed)).Message,
            "is not compatible with destination type 'Single'");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Transforms.Conversion.ConvertType("Out", "Nope").GetOutputSchema(SchemaProbe.ShapeOf(data))).Message,
            "Could not find input column 'Nope'");
    }
}
