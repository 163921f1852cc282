using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ColumnSelectingTransformer), null, typeof(SignatureLoadModel), "Select Columns Transform", ColumnSelectingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

public sealed class ColumnSelectingEstimator : TrivialEstimator<ColumnSelectingTransformer>
{
    internal ColumnSelectingEstimator(IHostEnvironment env, string[] names, bool keep, bool keepHidden = false)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(ColumnSelectingEstimator)), new ColumnSelectingTransformer(env, names, keep, keepHidden))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        Transformer.CheckNames(inputSchema.Select(column => column.Name), nameof(inputSchema));
        return new SchemaShape(inputSchema.Where(column => Transformer.Names.Contains(column.Name) == Transformer.Keeps));
    }
}

/// <summary>Keeps, or drops, the columns of given names. Kept ones come in the order of the names, where dropping leaves the input's order.</summary>
public sealed class ColumnSelectingTransformer : ITransformer
{
    internal const string LoaderSignature = "SelectColumnsTransform";

    private static readonly VersionInfo _version = new("SELCOLST", 0x00010001, 0x00010001, 0x00010001,
        loaderAssemblyName: typeof(ColumnSelectingTransformer).Assembly.FullName, loaderSignature: LoaderSignature);

    private readonly IHost _host;
    private readonly bool _keepHidden;

    internal ColumnSelectingTransformer(IHostEnvironment env, string[] names, bool keep, bool keepHidden)
    {
        _host = Contracts.CheckRef(env, nameof(env)).Register(nameof(ColumnSelectingTransformer));
        _host.Check(names is { Length: > 0 }, "Neither keepColumns and dropColumns is set. Exactly one must be specified.");
        (Names, Keeps, _keepHidden) = (names, keep, keepHidden);
    }

    internal string[] Names { get; }

    internal bool Keeps { get; }

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => MakeView(new EmptyDataView(_host, Contracts.CheckRef(inputSchema, nameof(inputSchema))), nameof(inputSchema)).Schema;

    public IDataView Transform(IDataView input) => MakeView(Contracts.CheckRef(input, nameof(input)), nameof(input));

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
        => MakeView(new EmptyDataView(_host, Contracts.CheckRef(inputSchema, nameof(inputSchema))), nameof(inputSchema));

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(_version);
        ctx.Writer.Write(Keeps);
        ctx.Writer.Write(_keepHidden);
        ctx.Writer.Write(Names.Length);
        foreach (var name in Names)
            ctx.SaveNonEmptyString(name);
    }

    internal void CheckNames(IEnumerable<string> available, string parameter)
    {
        var absent = Names.Except(available).ToArray();
        if (absent.Length > 0)
            throw _host.ExceptSchemaMismatch(parameter, "input", string.Join(",", absent));
    }

    private static ColumnSelectingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(_version);
        var (keep, keepHidden) = (ctx.Reader.ReadBoolean(), ctx.Reader.ReadBoolean());
        string[] names = [.. Enumerable.Range(0, ctx.Reader.ReadInt32()).Select(_ => ctx.LoadNonEmptyString())];
        return new ColumnSelectingTransformer(env, names, keep, keepHidden);
    }

    private View MakeView(IDataView input, string parameter)
    {
        CheckNames(input.Schema.Select(column => column.Name), parameter);
        var sources = Keeps
            ? Names.SelectMany(name => input.Schema.Where(column => column.Name == name && (_keepHidden || !column.IsHidden)))
            : input.Schema.Where(column => !Names.Contains(column.Name));
        return new View(_host, input, [.. sources]);
    }

    /// <summary>Some columns of a source, in an order of its own.</summary>
    private sealed class View(IHost host, IDataView source, DataViewSchema.Column[] sources) : DataViewBase(host, SchemaOf(sources)), IRowToRowMapper
    {
        private readonly DataViewSchema.Column[] _sources = sources;

        public override bool CanShuffle => source.CanShuffle;

        public DataViewSchema InputSchema => source.Schema;

        public DataViewSchema OutputSchema => Schema;

        public override long? GetRowCount() => source.GetRowCount();

        public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
            => Sources(ActiveColumns(Schema, dependingColumns));

        public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) => new Row(this, input);

        public override DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        {
            var active = ActiveColumns(Schema, columnsNeeded);
            return [.. source.GetRowCursorSet(Sources(active), n, rand).Select(cursor => new Cursor(Host, this, cursor, active))];
        }

        protected override DataViewRowCursor GetRowCursorCore(bool[] active, Random rand) => new Cursor(Host, this, source.GetRowCursor(Sources(active), rand), active);

        private static DataViewSchema SchemaOf(DataViewSchema.Column[] sources)
        {
            var builder = new DataViewSchema.Builder();
            builder.AddColumns(sources);
            return builder.ToSchema();
        }

        private DataViewSchema.Column[] Sources(bool[] active) => [.. _sources.Where((_, i) => active[i]).DistinctBy(column => column.Index)];

        private sealed class Row(View view, DataViewRow input) : WrappingRow(input)
        {
            public override DataViewSchema Schema => view.Schema;

            public override bool IsColumnActive(DataViewSchema.Column column) => Input.IsColumnActive(view._sources[column.Index]);

            public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Input.GetGetter<TValue>(view._sources[column.Index]);
        }

        private sealed class Cursor(IHost host, View view, DataViewRowCursor input, bool[] active) : SynchronizedCursorBase(host, input)
        {
            public override DataViewSchema Schema => view.Schema;

            public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

            public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
            {
                Ch.Check(IsColumnActive(column));
                return Input.GetGetter<TValue>(view._sources[column.Index]);
            }
        }
    }
}
