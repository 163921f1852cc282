using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(KeyToVectorMappingTransformer), null, typeof(SignatureLoadModel), "KeyToVectorTransform", KeyToVectorMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

public sealed class KeyToVectorMappingEstimator : TrivialEstimator<KeyToVectorMappingTransformer>
{
    internal KeyToVectorMappingEstimator(IHostEnvironment env, bool outputCountVector, params (string Output, string Input)[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(KeyToVectorMappingEstimator)), new KeyToVectorMappingTransformer(env, outputCountVector, columns))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) => SchemaPromise.Of(Host, inputSchema, Transformer.ColumnPairs, (name, column) =>
    {
        var bag = Transformer.OutputCountVector;
        var variable = column.Kind == SchemaShape.Column.VectorKind.VariableVector;
        var annotations = new List<SchemaShape.Column>();
        if (SchemaPromise.Kept(column, AnnotationUtils.Kinds.KeyValues).Any(values => values.ItemType is TextDataViewType) && ((bag && column.IsKey) || !variable))
            annotations.Add(SchemaPromise.SlotNames);
        if (!bag && !variable)
            annotations.Add(SchemaPromise.CategoricalSlotRanges);
        if (!bag || column.Kind == SchemaShape.Column.VectorKind.Scalar)
            annotations.Add(SchemaPromise.IsNormalized);
        var kind = variable && !bag ? SchemaShape.Column.VectorKind.VariableVector : SchemaShape.Column.VectorKind.Vector;
        return new SchemaShape.Column(name, kind, NumberDataViewType.Single, false, new SchemaShape(annotations));
    });

    internal static class Defaults
    {
        public const bool OutputCountVector = false;
    }
}

/// <summary>Makes indicator vectors of keys: a one at the key's slot, nothing for a missing key. Vectors of keys become counts, or one indicator after the other.</summary>
public sealed class KeyToVectorMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "KeyToVectorTransform";

    internal KeyToVectorMappingTransformer(IHostEnvironment env, bool outputCountVector, params (string Output, string Input)[] columns)
        : base(env.Register(nameof(KeyToVectorMappingTransformer)), columns)
        => OutputCountVector = outputCountVector;

    private KeyToVectorMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
        => OutputCountVector = ctx.Reader.ReadBoolean();

    internal bool OutputCountVector { get; }

    private static VersionInfo ModelVersion => Version("KEY2VECT", LoaderSignature);

    private static KeyToVectorMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(ModelVersion);
        return new KeyToVectorMappingTransformer(env.Register(nameof(KeyToVectorMappingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(ModelVersion);
        SaveColumns(ctx);
        ctx.Writer.Write(OutputCountVector);
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper : OneToOneMapperBase
    {
        private readonly bool _bag;
        private readonly int[] _keyCounts;

        public Mapper(KeyToVectorMappingTransformer parent, DataViewSchema inputSchema)
            : base(parent, inputSchema)
        {
            _bag = parent.OutputCountVector;
            _keyCounts = [.. Inputs.Select(input => input.Type.GetItemType() is KeyDataViewType key
                ? checked((int)key.Count)
                : throw parent.Host.ExceptSchemaMismatch(nameof(inputSchema), "input", input.Name, "key type of known cardinality", input.Type.ToString()))];
        }

        protected override DataViewType GetOutputColumn(int output, DataViewSchema.Annotations.Builder annotations)
        {
            var (input, keyCount) = (Inputs[output], _keyCounts[output]);
            var valueCount = input.Type.GetValueCount();
            var scalar = input.Type is not VectorDataViewType;
            if (input.HasKeyValues() && (scalar || _bag || valueCount > 0))
            {
                var size = _bag || scalar ? keyCount : valueCount * keyCount;
                annotations.Add(AnnotationUtils.Kinds.SlotNames, _bag || valueCount == 1 ? AnnotationUtils.GetNamesType(size) : new VectorDataViewType(TextDataViewType.Instance, valueCount, keyCount),
                    (ref VBuffer<ReadOnlyMemory<char>> names) => names = new(size, [.. SlotNames(input, _bag || scalar)]));
            }
            if (!_bag && valueCount > 0)
            {
                annotations.Add(AnnotationUtils.Kinds.CategoricalSlotRanges, new VectorDataViewType(NumberDataViewType.Int32, valueCount, 2), (ref VBuffer<int> ranges)
                    => ranges = new(2 * valueCount, [.. Enumerable.Range(0, valueCount).SelectMany(i => new[] { i * keyCount, ((i + 1) * keyCount) - 1 })]));
            }
            if (!_bag || scalar)
                AddIsNormalized(annotations);
            return _bag || valueCount == 1 ? new VectorDataViewType(NumberDataViewType.Single, keyCount) : new VectorDataViewType(NumberDataViewType.Single, valueCount, keyCount);
        }

        protected override Delegate MakeGetter(DataViewRow input, int output)
            => Inputs[output].Type is not VectorDataViewType ? One(input, Inputs[output], _keyCounts[output])
                : _bag ? Bag(input, Inputs[output], _keyCounts[output])
                : Concatenated(input, Inputs[output], _keyCounts[output]);

        private static IEnumerable<ReadOnlyMemory<char>> SlotNames(DataViewSchema.Column input, bool onlyKeys)
        {
            VBuffer<ReadOnlyMemory<char>> keys = default;
            input.GetKeyValues(ref keys);
            if (onlyKeys)
                return keys.DenseValues();
            VBuffer<ReadOnlyMemory<char>> slots = new(input.Type.GetValueCount(), 0, [], []);
            if (input.HasSlotNames())
                input.GetSlotNames(ref slots);
            return slots.DenseValues().SelectMany((slot, i) => keys.DenseValues().Select(key => (slot.IsEmpty ? $"[{i}].{key}" : $"{slot}.{key}").AsMemory()));
        }

        private static ValueGetter<VBuffer<float>> One(DataViewRow input, DataViewSchema.Column column, int keyCount)
        {
            var read = KeyGetter.Scalar(input, column);
            uint key = 0;
            return (ref VBuffer<float> target) =>
            {
                read(ref key);
                var known = key > 0 && key <= keyCount;
                var editor = VBufferEditor.Create(ref target, keyCount, known ? 1 : 0);
                if (known)
                {
                    editor.Values[0] = 1;
                    if (keyCount > 1)
                        editor.Indices[0] = (int)key - 1;
                }
                target = editor.Commit();
            };
        }

        private static ValueGetter<VBuffer<float>> Bag(DataViewRow input, DataViewSchema.Column column, int keyCount)
        {
            var read = KeyGetter.Vector(input, column);
            VBuffer<uint> keys = default;
            var builder = new VectorBuilder<float>();
            var counts = new SortedDictionary<int, float>();
            return (ref VBuffer<float> target) =>
            {
                read(ref keys);
                counts.Clear();
                foreach (var key in keys.GetValues())
                {
                    if (key > 0 && key <= keyCount)
                        counts[(int)key - 1] = counts.GetValueOrDefault((int)key - 1) + 1;
                }
                builder.Reset(keyCount);
                foreach (var (slot, count) in counts)
                    builder.Add(slot, count);
                builder.CopyTo(ref target);
            };
        }

        private static ValueGetter<VBuffer<float>> Concatenated(DataViewRow input, DataViewSchema.Column column, int keyCount)
        {
            var read = KeyGetter.Vector(input, column);
            VBuffer<uint> keys = default;
            var builder = new VectorBuilder<float>();
            return (ref VBuffer<float> target) =>
            {
                read(ref keys);
                builder.Reset(checked(keys.Length * keyCount));
                var start = 0;
                foreach (var key in keys.DenseValues())
                {
                    if (key > 0 && key <= keyCount)
                        builder.Add(start + (int)key - 1, 1);
                    start += keyCount;
                }
                builder.CopyTo(ref target);
            };
        }
    }
}
