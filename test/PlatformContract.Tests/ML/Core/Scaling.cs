using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using PlatformContract.Tests.ML.Core;

[assembly: LoadableClass(typeof(ScalingTransformer), null, typeof(SignatureLoadModel), "Scaling (test)", ScalingTransformer.LoaderSignature)]

namespace PlatformContract.Tests.ML.Core;

/// <summary>An estimator of a third party, written against the public contracts: the scale is the number of rows.</summary>
internal sealed class ScalingEstimator(IHostEnvironment env) : IEstimator<ScalingTransformer>
{
    public int Fits { get; private set; }

    public ScalingTransformer Fit(IDataView input)
    {
        Fits++;
        using var cursor = input.GetRowCursor([]);
        var rows = 0;
        while (cursor.MoveNext())
            rows++;
        return new ScalingTransformer(env, rows);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        if (!inputSchema.TryFindColumn("X", out var column))
            throw new ArgumentOutOfRangeException(nameof(inputSchema), "Could not find input column 'X'");
        return new SchemaShape(inputSchema.Where(other => other.Name != "Scaled")
            .Append(new SchemaShape.Column("Scaled", column.Kind, column.ItemType, false)));
    }
}

/// <summary>Adds Scaled = X times the scale, as a view and row by row; counts what it computes and knows whether it is disposed.</summary>
internal sealed class ScalingTransformer : ITransformer, IDisposable
{
    public const string LoaderSignature = "ScalingTransformerTest";

    private readonly IHost _host;

    public ScalingTransformer(IHostEnvironment env, float scale)
    {
        _host = env.Register(nameof(ScalingTransformer));
        Scale = scale;
    }

    private ScalingTransformer(IHost host, ModelLoadContext ctx)
    {
        _host = host;
        ctx.CheckAtModel(Version());
        Scale = ctx.Reader.ReadSingle();
        Unit = ctx.LoadString();
        HasNotes = ctx.TryLoadBinaryStream("Notes.bin", reader => Note = reader.ReadInt64());
    }

    public float Scale { get; }

    public string Unit { get; } = "m/s";

    public long Note { get; private set; } = 1L << 40;

    public bool HasNotes { get; }

    public int Computed { get; set; }

    public int Disposals { get; private set; }

    public bool IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => new ScalingMapper(this, inputSchema).OutputSchema;

    public IDataView Transform(IDataView input) => new ScalingView(this, input);

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new ScalingMapper(this, inputSchema);

    public void Dispose() => Disposals++;

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version());
        ctx.Writer.Write(Scale);
        ctx.SaveString(Unit);
        ctx.SaveBinaryStream("Notes.bin", writer => writer.Write(Note));
        ctx.SaveTextStream("Notes.txt", writer => writer.Write("scaled"));
    }

    internal static VersionInfo Version() => new("SCALETST", 0x00010002, 0x00010001, 0x00010001, typeof(ScalingTransformer).Assembly.FullName!, LoaderSignature);

    private static ScalingTransformer Create(IHostEnvironment env, ModelLoadContext ctx) => new(env.Register(nameof(ScalingTransformer)), ctx);
}

internal sealed class ScalingMapper : IRowToRowMapper
{
    private readonly ScalingTransformer _parent;

    public ScalingMapper(ScalingTransformer parent, DataViewSchema inputSchema)
    {
        _parent = parent;
        InputSchema = inputSchema;
        var column = inputSchema.GetColumnOrNull("X") ?? throw new ArgumentOutOfRangeException(nameof(inputSchema), "Could not find input column 'X'");
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        builder.AddColumn("Scaled", column.Type);
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var indices = dependingColumns.Select(column => column.Index).ToHashSet();
        return InputSchema.Where(column => indices.Contains(column.Index) || (column.Name == "X" && indices.Contains(InputSchema.Count)));
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
        => new Row(this, input, activeColumns.Any(column => column.Index == InputSchema.Count));

    public ValueGetter<float> Getter(DataViewRow input)
    {
        var getX = input.GetGetter<float>(InputSchema["X"]);
        return (ref float value) =>
        {
            getX(ref value);
            value *= _parent.Scale;
            _parent.Computed++;
        };
    }

    private sealed class Row(ScalingMapper mapper, DataViewRow input, bool active) : DataViewRow
    {
        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => mapper.OutputSchema;

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column)
            => column.Index == mapper.InputSchema.Count ? active : input.IsColumnActive(mapper.InputSchema[column.Index]);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => column.Index == mapper.InputSchema.Count
            ? (ValueGetter<TValue>)(Delegate)mapper.Getter(input)
            : input.GetGetter<TValue>(mapper.InputSchema[column.Index]);
    }
}

internal sealed class ScalingView : IDataView
{
    private readonly IDataView _source;
    private readonly ScalingMapper _mapper;

    public ScalingView(ScalingTransformer parent, IDataView source)
    {
        _source = source;
        _mapper = new ScalingMapper(parent, source.Schema);
    }

    public bool CanShuffle => _source.CanShuffle;

    public DataViewSchema Schema => _mapper.OutputSchema;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var needed = columnsNeeded.ToArray();
        return new Cursor(_mapper, _source.GetRowCursor(_mapper.GetDependencies(needed), rand), [.. needed.Select(column => column.Index)]);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(ScalingMapper mapper, DataViewRowCursor input, int[] active) : DataViewRowCursor
    {
        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => mapper.OutputSchema;

        public override bool MoveNext() => input.MoveNext();

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => column.Index == mapper.InputSchema.Count
            ? (ValueGetter<TValue>)(Delegate)mapper.Getter(input)
            : input.GetGetter<TValue>(mapper.InputSchema[column.Index]);

        protected override void Dispose(bool disposing) => input.Dispose();
    }
}
