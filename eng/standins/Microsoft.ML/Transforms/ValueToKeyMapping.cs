using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ValueToKeyMappingTransformer), null, typeof(SignatureLoadModel), "Term Transform", ValueToKeyMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

public sealed class ValueToKeyMappingEstimator : IEstimator<ValueToKeyMappingTransformer>
{
    private readonly IHost _host;
    private readonly (string Output, string Input)[] _columns;
    private readonly int _maximumNumberOfKeys;
    private readonly KeyOrdinality _ordinality;
    private readonly bool _asText;
    private readonly IDataView _keyData;

    internal ValueToKeyMappingEstimator(IHostEnvironment env, (string Output, string Input)[] columns, int maximumNumberOfKeys, KeyOrdinality ordinality, bool asText, IDataView keyData)
    {
        _host = Contracts.CheckRef(env, nameof(env)).Register(nameof(ValueToKeyMappingEstimator));
        _host.CheckNonEmpty(columns, nameof(columns));
        foreach (var (output, _) in columns)
            Contracts.CheckNonWhiteSpace(output, nameof(columns));
        _host.CheckParam(keyData == null || keyData.Schema.Count == 1, nameof(keyData),
            $"If specified, this data view should contain only a single column containing the terms to map, but this had {keyData?.Schema.Count} columns.");
        _host.CheckUserArg(maximumNumberOfKeys > 0, nameof(maximumNumberOfKeys), "Must be positive");
        (_columns, _maximumNumberOfKeys, _ordinality, _asText, _keyData) = (columns, maximumNumberOfKeys, ordinality, asText, keyData);
    }

    public enum KeyOrdinality : byte
    {
        ByOccurrence = 0,
        ByValue = 1,
    }

    public ValueToKeyMappingTransformer Fit(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        var sources = _columns.Select(pair => input.Schema.GetColumnOrNull(pair.Input) ?? throw _host.ExceptSchemaMismatch(nameof(input), "input", pair.Input)).ToArray();
        return new ValueToKeyMappingTransformer(_host, _columns, _keyData == null ? Learn(input, sources, _maximumNumberOfKeys) : LearnFromKeyData(sources), _asText);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => SchemaPromise.Of(_host, inputSchema, _columns, (name, column) =>
    {
        var keyValues = SchemaPromise.Kept(column, AnnotationUtils.Kinds.KeyValues).FirstOrDefault();
        if (!column.IsKey || !keyValues.IsValid || keyValues.Kind != SchemaShape.Column.VectorKind.Vector)
            keyValues = new SchemaShape.Column(AnnotationUtils.Kinds.KeyValues, SchemaShape.Column.VectorKind.Vector, _asText ? TextDataViewType.Instance : column.ItemType, !_asText && column.IsKey);
        var annotations = SchemaPromise.Kept(column, AnnotationUtils.Kinds.SlotNames).Append(keyValues);
        return new SchemaShape.Column(name, column.Kind, NumberDataViewType.UInt32, true, new SchemaShape(annotations));
    });

    private KeyMap[] Learn(IDataView data, DataViewSchema.Column[] sources, int maximumNumberOfKeys)
    {
        using var cursor = data.GetRowCursor(sources);
        var learners = sources.Select(source => KeyMap.Learn(cursor, source, maximumNumberOfKeys, _ordinality == KeyOrdinality.ByValue)).ToArray();
        var wanted = true;
        while (wanted && cursor.MoveNext())
        {
            _host.CheckAlive();
            wanted = false;
            foreach (var (processRow, _) in learners)
                wanted |= processRow();
        }
        return [.. learners.Select(learner => learner.Finish())];
    }

    private KeyMap[] LearnFromKeyData(DataViewSchema.Column[] sources)
    {
        var keys = _keyData.Schema[0];
        foreach (var source in sources)
        {
            if (!keys.Type.Equals(source.Type.GetItemType()))
                throw _host.ExceptUserArg("keyData", $"Input data's column must be of type '{source.Type.GetItemType()}' but was '{keys.Type}'");
        }
        var map = Learn(_keyData, [keys], int.MaxValue)[0];
        return [.. sources.Select(_ => map)];
    }

    internal static class Defaults
    {
        public const int MaximumNumberOfKeys = 1000000;
        public const KeyOrdinality Ordinality = KeyOrdinality.ByOccurrence;
        public const bool AddKeyValueAnnotationsAsText = false;
    }
}

public sealed class ValueToKeyMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "TermTransform";

    private readonly KeyMap[] _maps;
    private readonly bool _asText;

    internal ValueToKeyMappingTransformer(IHostEnvironment env, (string Output, string Input)[] columns, KeyMap[] maps, bool asText)
        : base(env.Register(nameof(ValueToKeyMappingTransformer)), columns)
        => (_maps, _asText) = (maps, asText);

    private ValueToKeyMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        _asText = ctx.Reader.ReadBoolean();
        _maps = [.. ColumnPairs.Select(_ => KeyMap.Load(ctx))];
    }

    private static VersionInfo ModelVersion => Version("TERMTRAN", LoaderSignature);

    private static ValueToKeyMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(ModelVersion);
        return new ValueToKeyMappingTransformer(env.Register(nameof(ValueToKeyMappingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(ModelVersion);
        SaveColumns(ctx);
        ctx.Writer.Write(_asText);
        foreach (var map in _maps)
            map.Save(ctx);
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper : OneToOneMapperBase
    {
        private readonly ValueToKeyMappingTransformer _parent;

        public Mapper(ValueToKeyMappingTransformer parent, DataViewSchema inputSchema)
            : base(parent, inputSchema)
        {
            _parent = parent;
            for (var i = 0; i < Inputs.Length; i++)
            {
                var (type, expected) = (Inputs[i].Type.GetItemType(), parent._maps[i].ItemType);
                parent.Host.Check(type.Equals(expected), $"Could not apply a map over type '{expected}' to column '{Inputs[i].Name}' since it has type '{type}'");
            }
        }

        protected override DataViewType GetOutputColumn(int output, DataViewSchema.Annotations.Builder annotations)
        {
            var (map, input) = (_parent._maps[output], Inputs[output]);
            map.AddKeyValues(annotations, input, _parent._asText);
            Keep(annotations, input, AnnotationUtils.Kinds.SlotNames);
            return input.Type is VectorDataViewType vector ? new VectorDataViewType(map.KeyType, vector.Dimensions) : map.KeyType;
        }

        protected override Delegate MakeGetter(DataViewRow input, int output) => _parent._maps[output].MakeGetter(input, Inputs[output]);
    }
}
