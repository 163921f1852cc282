using Microsoft.ML;
using Microsoft.ML.Data;

namespace PlatformContract.Tests.ML.Core;

[TestClass]
public sealed class SchemaTests
{
    [TestMethod]
    public void Builder_SameNameTwice_HidesTheOlder()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("A", NumberDataViewType.Single);
        builder.AddColumn("B", TextDataViewType.Instance);
        builder.AddColumn("A", NumberDataViewType.Double);
        var schema = builder.ToSchema();
        Assert.HasCount(3, schema);
        Assert.IsTrue(schema[0].IsHidden);
        Assert.IsFalse(schema[2].IsHidden);
        Assert.AreEqual(2, schema["A"].Index);
        Assert.AreEqual(NumberDataViewType.Double, schema["A"].Type);
        Assert.AreEqual("3 columns", schema.ToString());
    }

    [TestMethod]
    public void Lookup_UnknownNameOrIndex_Throws()
    {
        var schema = new DataViewSchema.Builder().ToSchema();
        Assert.IsNull(schema.GetColumnOrNull("A"));
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => schema["A"]);
        StringAssert.StartsWith(error.Message, "Column 'A' not found");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => schema[0]);
        Assert.ThrowsExactly<ArgumentNullException>(() => schema.GetColumnOrNull(""));
    }

    [TestMethod]
    public void Builder_NullNameOrType_Throws()
    {
        var builder = new DataViewSchema.Builder();
        Assert.ThrowsExactly<ArgumentNullException>(() => builder.AddColumn("", NumberDataViewType.Single));
        Assert.ThrowsExactly<ArgumentNullException>(() => builder.AddColumn("A", null));
        Assert.ThrowsExactly<ArgumentNullException>(() => new DataViewSchema.DetachedColumn("A", null));
    }

    [TestMethod]
    public void Annotations_AreReadByNameAndType()
    {
        var column = Annotated().Single();
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        CollectionAssert.AreEqual(new[] { "a", "b" }, names.DenseValues().Select(Rows.Text).ToArray());
        Assert.IsTrue(column.HasSlotNames());
        Assert.IsTrue(column.IsNormalized());
        Assert.IsFalse(column.HasKeyValues());
        Assert.AreEqual("V: Vector<Single, 2> {SlotNames, IsNormalized}", column.ToString());
        var normalized = false;
        column.Annotations.GetValue("IsNormalized", ref normalized);
        Assert.IsTrue(normalized);
    }

    [TestMethod]
    public void Annotations_UnknownKindOrWrongType_Throws()
    {
        var annotations = Annotated().Single().Annotations;
        var number = 0f;
        Assert.ThrowsExactly<InvalidOperationException>(() => annotations.GetValue("KeyValues", ref number));
        Assert.ThrowsExactly<InvalidOperationException>(() => annotations.GetValue("IsNormalized", ref number));
    }

    [TestMethod]
    public void AnnotationsBuilder_WrongGetterType_Throws()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        Assert.ThrowsExactly<ArgumentException>(() => builder.Add("N", NumberDataViewType.Single, (ref double value) => value = 0));
        Assert.ThrowsExactly<ArgumentException>(() => builder.AddPrimitiveValue("N", NumberDataViewType.Single, 1.0));
    }

    [TestMethod]
    public void AnnotationsBuilder_CopiesSelectedKinds()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(Annotated().Single().Annotations, kind => kind == "IsNormalized");
        builder.Add(null, _ => true);
        Assert.AreEqual("IsNormalized", builder.ToAnnotations().ToString());
        Assert.HasCount(0, DataViewSchema.Annotations.Empty.Schema);
    }

    [TestMethod]
    public void HasKeyValues_NeedsAsManyTextsAsKeys()
    {
        foreach (var (keys, expected) in new[] { (3, true), (4, false) })
        {
            var annotations = new DataViewSchema.Annotations.Builder();
            var texts = new[] { "x", "y", "z" }.Select(text => text.AsMemory()).ToArray();
            annotations.Add("KeyValues", new VectorDataViewType(TextDataViewType.Instance, 3),
                (ref VBuffer<ReadOnlyMemory<char>> value) => value = new VBuffer<ReadOnlyMemory<char>>(3, texts));
            var builder = new DataViewSchema.Builder();
            builder.AddColumn("K", new KeyDataViewType(typeof(uint), keys), annotations.ToAnnotations());
            var column = builder.ToSchema()["K"];
            Assert.AreEqual(expected, column.HasKeyValues());
            VBuffer<ReadOnlyMemory<char>> values = default;
            column.GetKeyValues(ref values);
            Assert.AreEqual(3, values.Length);
        }
    }

    [TestMethod]
    public void Types_AreEqualByWhatTheyDescribe()
    {
        Assert.AreEqual(new KeyDataViewType(typeof(uint), 3), new KeyDataViewType(typeof(uint), 3UL));
        Assert.AreNotEqual<DataViewType>(new KeyDataViewType(typeof(uint), 3), new KeyDataViewType(typeof(byte), 3));
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 2), new VectorDataViewType(NumberDataViewType.Single, 2));
        Assert.AreNotEqual(new VectorDataViewType(NumberDataViewType.Single, 2), new VectorDataViewType(NumberDataViewType.Single, 3));
        Assert.AreNotEqual(new VectorDataViewType(NumberDataViewType.Single, 6), new VectorDataViewType(NumberDataViewType.Single, 2, 3));
    }

    [TestMethod]
    public void Types_HaveReadableNames()
    {
        Assert.AreEqual("Single", NumberDataViewType.Single.ToString());
        Assert.AreEqual("String", TextDataViewType.Instance.ToString());
        Assert.AreEqual("Boolean", BooleanDataViewType.Instance.ToString());
        Assert.AreEqual("Key<UInt32, 0-2>", new KeyDataViewType(typeof(uint), 3).ToString());
        Assert.AreEqual("Vector<Single, 4>", new VectorDataViewType(NumberDataViewType.Single, 4).ToString());
        Assert.AreEqual("Vector<Single>", new VectorDataViewType(NumberDataViewType.Single).ToString());
        Assert.AreEqual("Vector<Single, 2, *>", new VectorDataViewType(NumberDataViewType.Single, 2, 0).ToString());
    }

    [TestMethod]
    public void Types_RawTypesAndSizes()
    {
        var vector = new VectorDataViewType(NumberDataViewType.Single, 2, 3);
        Assert.AreEqual(6, vector.Size);
        Assert.IsTrue(vector.IsKnownSize);
        Assert.AreEqual(typeof(VBuffer<float>), vector.RawType);
        Assert.IsFalse(new VectorDataViewType(NumberDataViewType.Single).IsKnownSize);
        Assert.AreEqual(typeof(ReadOnlyMemory<char>), TextDataViewType.Instance.RawType);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(int), 3));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(byte), 300));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new VectorDataViewType(NumberDataViewType.Single, -1));
    }

    private static DataViewSchema Annotated()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        var texts = new[] { "a".AsMemory(), "b".AsMemory() };
        annotations.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, 2),
            (ref VBuffer<ReadOnlyMemory<char>> value) => value = new VBuffer<ReadOnlyMemory<char>>(2, texts));
        annotations.AddPrimitiveValue("IsNormalized", BooleanDataViewType.Instance, true);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("V", new VectorDataViewType(NumberDataViewType.Single, 2), annotations.ToAnnotations());
        return builder.ToSchema();
    }
}
