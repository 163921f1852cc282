using Microsoft.ML;
using Microsoft.ML.Data;

namespace PlatformContract.Tests.ML.Core;

[TestClass]
public sealed class EnumerableTests
{
    private readonly MLContext _context = new(1);

    [TestMethod]
    public void LoadFromEnumerable_MapsMembersToColumnTypes()
    {
        var schema = _context.Data.LoadFromEnumerable(Array.Empty<Everything>()).Schema;
        var types = schema.ToDictionary(column => column.Name, column => column.Type.ToString());
        CollectionAssert.AreEqual(
            new[]
            {
                "Field: Int32", "Flag: Boolean", "Small: Byte", "Single: Single", "Double: Double", "Long: Int64", "Text: String", "Memory: String",
                "Fixed: Vector<Single, 3>", "Variable: Vector<Double>", "Texts: Vector<String, 2>", "Buffer: Vector<Single>", "Key: Key<UInt32, 0-4>",
                "Date: DateTime", "Span: TimeSpan", "renamed: Single",
            },
            schema.Select(column => $"{column.Name}: {types[column.Name]}").ToArray());
    }

    [TestMethod]
    public void RoundTrip_KeepsEveryValue()
    {
        var row = new Everything
        {
            Field = -3, Flag = true, Small = 200, Single = 1.5f, Double = Math.PI, Long = long.MinValue, Text = "a b", Memory = "xyz".AsMemory(1),
            Fixed = [1, 2, 3], Variable = [4, 5], Texts = ["p", "q"], Buffer = new VBuffer<float>(4, 1, [9], [2]), Key = 2,
            Date = new DateTime(2024, 2, 3), Span = TimeSpan.FromHours(3), Original = 8, Ignored = 5,
        };
        var back = _context.Data.CreateEnumerable<Everything>(_context.Data.LoadFromEnumerable([row]), reuseRowObject: false).Single();
        Assert.AreEqual((-3, true, (byte)200, 1.5f, Math.PI, long.MinValue), (back.Field, back.Flag, back.Small, back.Single, back.Double, back.Long));
        Assert.AreEqual(("a b", "yz"), (back.Text, back.Memory.ToString()));
        CollectionAssert.AreEqual(row.Fixed, back.Fixed);
        CollectionAssert.AreEqual(row.Variable, back.Variable);
        CollectionAssert.AreEqual(row.Texts, back.Texts);
        CollectionAssert.AreEqual(new[] { 0f, 0f, 9f, 0f }, back.Buffer.DenseValues().ToArray());
        Assert.AreEqual((new DateTime(2024, 2, 3), TimeSpan.FromHours(3), 8f, 0), (back.Date, back.Span, back.Original, back.Ignored));
    }

    [TestMethod]
    public void Keys_CountFromZeroInObjectsAndFromOneInViews()
    {
        var data = _context.Data.LoadFromEnumerable(new[] { 0u, 4u, 5u }.Select(key => new Keyed { Key = key }));
        CollectionAssert.AreEqual(new[] { 1u, 5u, 0u }, data.GetColumn<uint>("Key").ToArray());
        CollectionAssert.AreEqual(new[] { 1u, 5u, 0u }, _context.Data.CreateEnumerable<Keyed>(data, false).Select(row => row.Key).ToArray());
    }

    [TestMethod]
    public void NullTextsAndArrays_AreEmpty()
    {
        var data = _context.Data.LoadFromEnumerable([new Nulls()]);
        Assert.AreEqual("", data.GetColumn<string>("Text").Single());
        Assert.HasCount(0, data.GetColumn<double[]>("Items").Single());
        Assert.HasCount(0, data.GetColumn<string[]>("Texts").Single());
    }

    [TestMethod]
    public void RowCount_IsKnownForCollectionsOnly()
    {
        Assert.AreEqual(3L, _context.Data.LoadFromEnumerable(Rows.Points(3)).GetRowCount());
        Assert.IsNull(_context.Data.LoadFromEnumerable(Rows.Points(3).Where(_ => true)).GetRowCount());
    }

    [TestMethod]
    public void NullRow_Throws()
    {
        var data = _context.Data.LoadFromEnumerable(new Point[] { new(), null! });
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Rows.X(data));
        Assert.AreEqual("Encountered null when iterating over data, this is not supported.", error.Message);
        Assert.ThrowsExactly<ArgumentNullException>(() => _context.Data.LoadFromEnumerable((IEnumerable<Point>)null!));
    }

    [TestMethod]
    public void EveryPass_EnumeratesAnew()
    {
        var passes = 0;
        IEnumerable<Point> Source()
        {
            passes++;
            yield return new Point { X = passes };
        }
        var data = _context.Data.LoadFromEnumerable(Source());
        Assert.AreEqual(1f, Rows.X(data).Single());
        Assert.AreEqual(2f, Rows.X(data).Single());
    }

    [TestMethod]
    public void SchemaDefinition_RenamesRetypesAndAnnotates()
    {
        var definition = SchemaDefinition.Create(typeof(Nulls));
        definition["Items"].ColumnName = "Features";
        definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Double, 2);
        definition["Features"].AddAnnotation("SlotNames", new[] { "a", "b" }, new VectorDataViewType(TextDataViewType.Instance, 2));
        var data = _context.Data.LoadFromEnumerable([new Nulls { Items = [1, 2] }], definition);
        Assert.AreEqual("Vector<Double, 2>", data.Schema["Features"].Type.ToString());
        VBuffer<ReadOnlyMemory<char>> names = default;
        data.Schema["Features"].GetSlotNames(ref names);
        CollectionAssert.AreEqual(new[] { "a", "b" }, names.DenseValues().Select(Rows.Text).ToArray());
        Assert.IsNull(definition["Items"]);
    }

    [TestMethod]
    public void SchemaDefinition_TypeThatDoesNotFit_Throws()
    {
        var definition = SchemaDefinition.Create(typeof(Point));
        definition["X"].ColumnType = NumberDataViewType.Double;
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.LoadFromEnumerable(Rows.Points(1), definition));
        StringAssert.StartsWith(error.Message, "Column 'X' is supposed to have item type System.Double, but associated field has type System.Single");
        definition["X"].ColumnType = new VectorDataViewType(NumberDataViewType.Single);
        error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.LoadFromEnumerable(Rows.Points(1), definition));
        StringAssert.StartsWith(error.Message, "Column 'X' is supposed to be vector, but type of associated field 'X' is scalar");
    }

    [TestMethod]
    public void MemberOfNoColumnType_Throws()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.LoadFromEnumerable(Array.Empty<Unsupported>()));
        StringAssert.StartsWith(error.Message, "Could not determine an IDataView type and registered custom types for member Money");
    }

    [TestMethod]
    public void DuplicateColumnName_Throws()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.LoadFromEnumerable(Array.Empty<Duplicate>()));
        StringAssert.StartsWith(error.Message, "Duplicate column name 'A' detected, this is disallowed");
    }

    [TestMethod]
    public void CreateEnumerable_ReusesOneObjectWhenAsked()
    {
        var data = Rows.View(_context, 3);
        Assert.HasCount(1, _context.Data.CreateEnumerable<Point>(data, reuseRowObject: true).Distinct());
        Assert.HasCount(3, _context.Data.CreateEnumerable<Point>(data, reuseRowObject: false).Distinct());
    }

    [TestMethod]
    public void CreateEnumerable_MissingColumn_ThrowsUnlessIgnored()
    {
        var data = Rows.View(_context, 1);
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.CreateEnumerable<ScaledPoint>(data, false));
        StringAssert.StartsWith(error.Message, "Could not find  column 'Scaled'");
        Assert.AreEqual("Schema", error.ParamName);
        Assert.AreEqual(0f, _context.Data.CreateEnumerable<ScaledPoint>(data, false, ignoreMissingColumns: true).Single().Scaled);
    }

    [TestMethod]
    public void LoadFromEnumerable_WithSchema_TakesItsTypesAndAnnotations()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("IsNormalized", BooleanDataViewType.Instance, true);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Items", new VectorDataViewType(NumberDataViewType.Double, 2), annotations.ToAnnotations());
        var data = _context.Data.LoadFromEnumerable([new Nulls { Items = [1, 2] }], builder.ToSchema());
        Assert.AreEqual("Vector<Double, 2>", data.Schema["Items"].Type.ToString());
        Assert.IsTrue(data.Schema["Items"].IsNormalized());
    }

    [TestMethod]
    public void GetColumn_ConvertsTextsAndVectors()
    {
        var data = _context.Data.LoadFromEnumerable([new Nulls { Text = "t", Items = [1, 2], Texts = ["u", "v"] }]);
        Assert.AreEqual("t", data.GetColumn<string>("Text").Single());
        Assert.AreEqual("t", data.GetColumn<ReadOnlyMemory<char>>("Text").Single().ToString());
        CollectionAssert.AreEqual(new[] { 1d, 2d }, data.GetColumn<double[]>("Items").Single());
        CollectionAssert.AreEqual(new[] { 1d, 2d }, data.GetColumn<VBuffer<double>>("Items").Single().DenseValues().ToArray());
        CollectionAssert.AreEqual(new[] { "u", "v" }, data.GetColumn<string[]>("Texts").Single());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => data.GetColumn<float>("Items"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => data.GetColumn<float[]>("Text"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => data.GetColumn<float>("None"));
    }

    private sealed class Everything
    {
        public int Field;

        public bool Flag { get; set; }

        public byte Small { get; set; }

        public float Single { get; set; }

        public double Double { get; set; }

        public long Long { get; set; }

        public string? Text { get; set; }

        public ReadOnlyMemory<char> Memory { get; set; }

        [VectorType(3)]
        public float[]? Fixed { get; set; }

        public double[]? Variable { get; set; }

        [VectorType(2)]
        public string[]? Texts { get; set; }

        public VBuffer<float> Buffer { get; set; }

        [KeyType(5)]
        public uint Key { get; set; }

        public DateTime Date { get; set; }

        public TimeSpan Span { get; set; }

        [ColumnName("renamed")]
        public float Original { get; set; }

        [NoColumn]
        public int Ignored { get; set; }
    }

    private sealed class Keyed
    {
        [KeyType(5)]
        public uint Key { get; set; }
    }

    private sealed class Nulls
    {
        public string? Text { get; set; }

        public double[]? Items { get; set; }

        public string[]? Texts { get; set; }
    }

    private sealed class Unsupported
    {
        public decimal Money { get; set; }
    }

    private sealed class Duplicate
    {
        public float A { get; set; }

        [ColumnName("A")]
        public float B { get; set; }
    }
}
