using Microsoft.ML;
using Microsoft.ML.Data;
using Kind = Microsoft.ML.SchemaShape.Column.VectorKind;

namespace PlatformContract.Tests.ML.Core;

[TestClass]
public sealed class SchemaShapeTests
{
    [TestMethod]
    public void Fit_HandsEveryEstimatorTheShapeOfTheSchema()
    {
        var probe = new ProbeEstimator();
        new EstimatorChain<ITransformer>().Append(probe).Fit(new EmptyView(Schema()));
        var shape = probe.Shape!;
        CollectionAssert.AreEqual(new[] { "Text", "Key", "Fixed", "Variable", "Keys", "Number" }, shape.Select(column => column.Name).ToArray());
        AssertColumn(shape[0], Kind.Scalar, TextDataViewType.Instance, isKey: false);
        AssertColumn(shape[1], Kind.Scalar, NumberDataViewType.UInt32, isKey: true);
        AssertColumn(shape[2], Kind.Vector, NumberDataViewType.Single, isKey: false);
        AssertColumn(shape[3], Kind.VariableVector, NumberDataViewType.Double, isKey: false);
        AssertColumn(shape[4], Kind.Vector, NumberDataViewType.Byte, isKey: true);
        // The hidden Boolean column of the same name is left out.
        AssertColumn(shape[5], Kind.Scalar, NumberDataViewType.Single, isKey: false);
    }

    [TestMethod]
    public void Create_KeepsAnnotationsWithTheirShapes()
    {
        var column = SchemaShape.Create(Schema())[5];
        Assert.HasCount(2, column.Annotations);
        Assert.IsTrue(column.Annotations.TryFindColumn("ScoreColumnSetId", out var setId));
        AssertColumn(setId, Kind.Scalar, NumberDataViewType.UInt32, isKey: true);
        Assert.IsTrue(column.Annotations.TryFindColumn("ScoreColumnKind", out var kind));
        AssertColumn(kind, Kind.Scalar, TextDataViewType.Instance, isKey: false);
        Assert.HasCount(0, kind.Annotations);
    }

    [TestMethod]
    public void TryFindColumn_UnknownName_IsFalseAndGivesAnInvalidColumn()
    {
        var shape = SchemaShape.Create(Schema());
        Assert.IsFalse(shape.TryFindColumn("None", out var column));
        Assert.IsFalse(column.IsValid);
        Assert.ThrowsExactly<ArgumentNullException>(() => shape.TryFindColumn(null, out _));
    }

    [TestMethod]
    public void GetTypeString_NamesVectorsAndKeys()
    {
        CollectionAssert.AreEqual(
            new[] { "String", "Key<UInt32>", "Vector<Single>", "VarVector<Double>", "Vector<Key<Byte>>", "Single" },
            SchemaShape.Create(Schema()).Select(column => column.GetTypeString()).ToArray());
    }

    [TestMethod]
    public void IsCompatibleWith_NeedsNameTypeAndTheNeededAnnotations()
    {
        var bare = new SchemaShape.Column("C", Kind.Scalar, NumberDataViewType.Single, false);
        var annotated = new SchemaShape.Column("C", Kind.Scalar, NumberDataViewType.Single, false,
            new SchemaShape([new SchemaShape.Column("IsNormalized", Kind.Scalar, BooleanDataViewType.Instance, false)]));
        Assert.IsTrue(bare.IsCompatibleWith(annotated));
        Assert.IsFalse(annotated.IsCompatibleWith(bare));
        Assert.IsFalse(bare.IsCompatibleWith(new SchemaShape.Column("D", Kind.Scalar, NumberDataViewType.Single, false)));
        Assert.IsFalse(bare.IsCompatibleWith(new SchemaShape.Column("C", Kind.Vector, NumberDataViewType.Single, false)));
        Assert.IsFalse(bare.IsCompatibleWith(new SchemaShape.Column("C", Kind.Scalar, NumberDataViewType.Double, false)));
        Assert.ThrowsExactly<InvalidOperationException>(() => bare.IsCompatibleWith(default));
    }

    [TestMethod]
    public void Constructor_RejectsUninitialisedColumns()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SchemaShape([default]));
        StringAssert.StartsWith(error.Message, "Some items are not initialized properly.");
        Assert.ThrowsExactly<ArgumentNullException>(() => new SchemaShape(null));
    }

    [TestMethod]
    public void Column_RejectsKeysAndVectorsAsItemTypes()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SchemaShape.Column("C", Kind.Scalar, new KeyDataViewType(typeof(uint), 2), true));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SchemaShape.Column("C", Kind.Vector, new VectorDataViewType(NumberDataViewType.Single, 2), false));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SchemaShape.Column("C", Kind.Scalar, NumberDataViewType.Single, true));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SchemaShape.Column("", Kind.Scalar, NumberDataViewType.Single, false));
    }

    private static void AssertColumn(SchemaShape.Column column, Kind kind, DataViewType itemType, bool isKey)
    {
        Assert.AreEqual(kind, column.Kind, column.Name);
        Assert.AreEqual(itemType, column.ItemType, column.Name);
        Assert.AreEqual(isKey, column.IsKey, column.Name);
    }

    private static DataViewSchema Schema()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("ScoreColumnSetId", new KeyDataViewType(typeof(uint), int.MaxValue), 3u);
        annotations.AddPrimitiveValue("ScoreColumnKind", TextDataViewType.Instance, "BinaryClassification".AsMemory());
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Text", TextDataViewType.Instance);
        builder.AddColumn("Number", BooleanDataViewType.Instance);
        builder.AddColumn("Key", new KeyDataViewType(typeof(uint), 3));
        builder.AddColumn("Fixed", new VectorDataViewType(NumberDataViewType.Single, 4));
        builder.AddColumn("Variable", new VectorDataViewType(NumberDataViewType.Double));
        builder.AddColumn("Keys", new VectorDataViewType(new KeyDataViewType(typeof(byte), 3), 2));
        builder.AddColumn("Number", NumberDataViewType.Single, annotations.ToAnnotations());
        return builder.ToSchema();
    }
}

/// <summary>Records the shape that it is asked about and leaves the data as it is.</summary>
internal sealed class ProbeEstimator : IEstimator<ITransformer>
{
    public SchemaShape? Shape { get; private set; }

    public ITransformer Fit(IDataView input) => new IdentityTransformer();

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Shape = inputSchema;
}

/// <summary>A transformer that is no row-to-row mapper and cannot be saved: its Save writes nothing.</summary>
internal sealed class IdentityTransformer : ITransformer
{
    public bool IsRowToRowMapper => false;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

    public IDataView Transform(IDataView input) => input;

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new InvalidOperationException("not a mapper");

    public void Save(ModelSaveContext ctx)
    {
    }
}

/// <summary>A schema without a row, as a third party writes it.</summary>
internal sealed class EmptyView(DataViewSchema schema) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => schema;

    public long? GetRowCount() => 0;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(schema);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [new Cursor(schema)];

    private sealed class Cursor(DataViewSchema schema) : DataViewRowCursor
    {
        public override long Position => -1;

        public override long Batch => 0;

        public override DataViewSchema Schema => schema;

        public override bool MoveNext() => false;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId _) => { };

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => (ref TValue _) => { };
    }
}
