using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A transformer that makes each of its output columns of one input column.</summary>
public abstract class OneToOneTransformerBase : RowToRowTransformerBase
{
    private protected OneToOneTransformerBase(IHost host, params (string Output, string Input)[] columns)
        : base(host)
    {
        host.CheckValue(columns, nameof(columns));
        var names = new HashSet<string>();
        foreach (var (output, input) in columns)
        {
            host.CheckNonEmpty(input, nameof(columns));
            host.CheckNonEmpty(output, nameof(columns));
            host.CheckParam(names.Add(output), nameof(columns), $"Name of the result column '{output}' specified multiple times");
        }
        ColumnPairs = columns;
    }

    private protected OneToOneTransformerBase(IHost host, ModelLoadContext ctx)
        : this(host, LoadColumns(ctx))
    {
    }

    internal (string Output, string Input)[] ColumnPairs { get; }

    private protected void SaveColumns(ModelSaveContext ctx)
    {
        ctx.Writer.Write(ColumnPairs.Length);
        foreach (var (output, input) in ColumnPairs)
        {
            ctx.SaveNonEmptyString(output);
            ctx.SaveNonEmptyString(input);
        }
    }

    /// <summary>The version of a transformer's own part of a model file; the layout is the stand-in's.</summary>
    private protected static VersionInfo Version(string modelSignature, string loaderSignature) => new(modelSignature, 0x00010001, 0x00010001, 0x00010001,
        loaderAssemblyName: typeof(OneToOneTransformerBase).Assembly.FullName, loaderSignature: loaderSignature);

    private static (string, string)[] LoadColumns(ModelLoadContext ctx)
    {
        var count = ctx.Reader.ReadInt32();
        Contracts.CheckDecode(count > 0);
        return [.. Enumerable.Range(0, count).Select(_ => (ctx.LoadNonEmptyString(), ctx.LoadNonEmptyString()))];
    }

    private protected abstract class OneToOneMapperBase : MapperBase
    {
        private readonly OneToOneTransformerBase _parent;

        protected OneToOneMapperBase(OneToOneTransformerBase parent, DataViewSchema inputSchema)
            : base(inputSchema)
        {
            _parent = parent;
            Inputs = [.. parent.ColumnPairs.Select(pair => inputSchema.GetColumnOrNull(pair.Input)
                ?? throw parent.Host.ExceptSchemaMismatch(nameof(inputSchema), "input", pair.Input))];
        }

        /// <summary>The input column of each output column.</summary>
        protected DataViewSchema.Column[] Inputs { get; }

        protected sealed override IEnumerable<int> GetInputColumns(int output) => [Inputs[output].Index];

        protected sealed override DataViewSchema.DetachedColumn[] GetOutputColumnsCore() => [.. _parent.ColumnPairs.Select((pair, i) =>
        {
            var annotations = new DataViewSchema.Annotations.Builder();
            return new DataViewSchema.DetachedColumn(pair.Output, GetOutputColumn(i, annotations), annotations.ToAnnotations());
        })];

        /// <summary>The type of an output column; its annotations go to the builder.</summary>
        protected abstract DataViewType GetOutputColumn(int output, DataViewSchema.Annotations.Builder annotations);

        protected static void Keep(DataViewSchema.Annotations.Builder annotations, DataViewSchema.Column input, params string[] kinds)
            => annotations.Add(input.Annotations, kind => Array.IndexOf(kinds, kind) >= 0);

        protected static void AddIsNormalized(DataViewSchema.Annotations.Builder annotations)
            => annotations.AddPrimitiveValue(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, true);
    }
}

/// <summary>What the estimators of one-to-one transformers share in promising a schema.</summary>
internal static class SchemaPromise
{
    public static SchemaShape.Column IsNormalized { get; } =
        new(AnnotationUtils.Kinds.IsNormalized, SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance, false);

    public static SchemaShape.Column SlotNames { get; } =
        new(AnnotationUtils.Kinds.SlotNames, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false);

    public static SchemaShape.Column CategoricalSlotRanges { get; } =
        new(AnnotationUtils.Kinds.CategoricalSlotRanges, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Int32, false);

    /// <summary>The input shape with, for each pair, the column that <paramref name="promise"/> makes of its input column.</summary>
    public static SchemaShape Of(IHost host, SchemaShape inputSchema, (string Output, string Input)[] pairs, Func<string, SchemaShape.Column, SchemaShape.Column> promise)
    {
        host.CheckValue(inputSchema, nameof(inputSchema));
        var result = inputSchema.ToDictionary(column => column.Name);
        foreach (var (output, input) in pairs)
        {
            if (!inputSchema.TryFindColumn(input, out var column))
                throw host.ExceptSchemaMismatch(nameof(inputSchema), "input", input);
            result[output] = promise(output, column);
        }
        return new SchemaShape(result.Values);
    }

    /// <summary>The annotations of a column that are of one of the kinds.</summary>
    public static IEnumerable<SchemaShape.Column> Kept(SchemaShape.Column column, params string[] kinds)
        => column.Annotations.Where(annotation => Array.IndexOf(kinds, annotation.Name) >= 0);
}
