using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(MissingValueReplacingTransformer), null, typeof(SignatureLoadModel), "NA Replace Transform", MissingValueReplacingTransformer.LoadName)]

namespace Microsoft.ML.Transforms;

public sealed class MissingValueReplacingEstimator : IEstimator<MissingValueReplacingTransformer>
{
    private readonly IHost _host;
    private readonly (string Output, string Input)[] _columns;
    private readonly ReplacementMode _mode;
    private readonly bool _bySlot;

    internal MissingValueReplacingEstimator(IHostEnvironment env, (string Output, string Input)[] columns, ReplacementMode mode, bool bySlot)
    {
        _host = Contracts.CheckRef(env, nameof(env)).Register(nameof(MissingValueReplacingEstimator));
        foreach (var (output, _) in columns)
            Contracts.CheckNonWhiteSpace(output, nameof(columns));
        (_columns, _mode, _bySlot) = (columns, mode, bySlot);
    }

    public enum ReplacementMode : byte
    {
        DefaultValue = 0,
        Mean = 1,
        Minimum = 2,
        Maximum = 3,
        Mode = 5,
    }

    public MissingValueReplacingTransformer Fit(IDataView input) => MissingValueReplacingTransformer.Train(_host, input, _columns, _mode, _bySlot);

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => SchemaPromise.Of(_host, inputSchema, _columns, (name, column) =>
    {
        MissingValueReplacingTransformer.CheckType(_host, column.IsKey ? null : column.ItemType, column.ItemType, nameof(inputSchema));
        var annotations = SchemaPromise.Kept(column, AnnotationUtils.Kinds.SlotNames, AnnotationUtils.Kinds.IsNormalized);
        return new SchemaShape.Column(name, column.Kind, column.ItemType, false, new SchemaShape(annotations));
    });

    internal static class Defaults
    {
        public const ReplacementMode Mode = ReplacementMode.DefaultValue;
        public const bool ImputeBySlot = true;
    }
}

public sealed class MissingValueReplacingTransformer : OneToOneTransformerBase
{
    internal const string LoadName = "NAReplaceTransform";

    /// <summary>For each column its replacement values, all as double: one for every slot, or one alone for all.</summary>
    private readonly double[][] _replacements;

    private MissingValueReplacingTransformer(IHost host, (string Output, string Input)[] columns, double[][] replacements)
        : base(host, columns)
        => _replacements = replacements;

    private MissingValueReplacingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
        => _replacements = [.. ColumnPairs.Select(_ => Enumerable.Range(0, ctx.Reader.ReadInt32()).Select(_ => ctx.Reader.ReadDouble()).ToArray())];

    private static VersionInfo ModelVersion => Version("NAREP TF", LoadName);

    internal static MissingValueReplacingTransformer Train(IHost host, IDataView input, (string Output, string Input)[] columns,
        MissingValueReplacingEstimator.ReplacementMode mode, bool bySlot)
    {
        host.CheckValue(input, nameof(input));
        var sources = columns.Select(pair => input.Schema.GetColumnOrNull(pair.Input) ?? throw host.ExceptSchemaMismatch(nameof(input), "input", pair.Input)).ToArray();
        foreach (var source in sources)
            CheckType(host, source.Type.GetItemType(), source.Type.GetItemType(), nameof(input));
        if (mode == MissingValueReplacingEstimator.ReplacementMode.DefaultValue)
            return new MissingValueReplacingTransformer(host, columns, [.. columns.Select(_ => new double[1])]);
        using var cursor = input.GetRowCursor(sources);
        var statistics = sources.Select(source => ImputationStatistic.Create(cursor, source, mode, bySlot && source.Type.IsKnownSizeVector())).ToArray();
        while (cursor.MoveNext())
        {
            foreach (var statistic in statistics)
                statistic.ProcessRow();
        }
        return new MissingValueReplacingTransformer(host, columns, [.. statistics.Select(statistic => statistic.Finish())]);
    }

    internal static void CheckType(IHost host, DataViewType itemType, DataViewType shown, string parameter)
    {
        if (itemType is null or KeyDataViewType)
            throw host.ExceptParam(parameter, $"Type '{itemType ?? shown}' is not supported by {LoadName} since its NA value is equivalent to its default value");
        if (!MissingValues.Exist(itemType))
            throw host.ExceptParam(parameter, $"Type '{itemType}' is not supported by {LoadName} since it doesn't have an NA value");
    }

    private static MissingValueReplacingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(ModelVersion);
        return new MissingValueReplacingTransformer(env.Register(nameof(MissingValueReplacingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(ModelVersion);
        SaveColumns(ctx);
        foreach (var values in _replacements)
        {
            ctx.Writer.Write(values.Length);
            foreach (var value in values)
                ctx.Writer.Write(value);
        }
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper : OneToOneMapperBase
    {
        private readonly double[][] _replacements;

        public Mapper(MissingValueReplacingTransformer parent, DataViewSchema inputSchema)
            : base(parent, inputSchema)
        {
            _replacements = parent._replacements;
            for (var i = 0; i < Inputs.Length; i++)
            {
                var type = Inputs[i].Type;
                CheckType(parent.Host, type.GetItemType(), type, nameof(inputSchema));
                parent.Host.CheckParam(_replacements[i].Length == 1 || _replacements[i].Length == type.GetVectorSize(), nameof(inputSchema),
                    $"Column '{Inputs[i].Name}' must be a vector of size {_replacements[i].Length}, but is of type '{type}'");
            }
        }

        protected override DataViewType GetOutputColumn(int output, DataViewSchema.Annotations.Builder annotations)
        {
            Keep(annotations, Inputs[output], AnnotationUtils.Kinds.SlotNames, AnnotationUtils.Kinds.IsNormalized);
            return Inputs[output].Type;
        }

        protected override Delegate MakeGetter(DataViewRow input, int output)
        {
            var replacements = _replacements[output];
            var isVector = Inputs[output].Type is VectorDataViewType;
            if (Inputs[output].Type.GetItemType().RawType == typeof(double))
                return isVector ? Vector(input, Inputs[output], replacements) : Scalar(input, Inputs[output], replacements[0]);
            var singles = Array.ConvertAll(replacements, value => (float)value);
            return isVector ? Vector(input, Inputs[output], singles) : Scalar(input, Inputs[output], singles[0]);
        }

        private static ValueGetter<T> Scalar<T>(DataViewRow input, DataViewSchema.Column column, T replacement)
            where T : System.Numerics.IFloatingPointIeee754<T>
        {
            var read = input.GetGetter<T>(column);
            return (ref T value) =>
            {
                read(ref value);
                if (T.IsNaN(value))
                    value = replacement;
            };
        }

        private static ValueGetter<VBuffer<T>> Vector<T>(DataViewRow input, DataViewSchema.Column column, T[] replacements)
            where T : System.Numerics.IFloatingPointIeee754<T>
        {
            var read = input.GetGetter<VBuffer<T>>(column);
            VBuffer<T> source = default;
            return (ref VBuffer<T> target) =>
            {
                read(ref source);
                source.CopyTo(ref target);
                var editor = VBufferEditor.CreateFromBuffer(ref target);
                var indices = source.GetIndices();
                for (var i = 0; i < editor.Values.Length; i++)
                {
                    if (T.IsNaN(editor.Values[i]))
                        editor.Values[i] = replacements[replacements.Length == 1 ? 0 : source.IsDense ? i : indices[i]];
                }
                target = editor.Commit();
            };
        }
    }
}
