using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(KeyToValueMappingTransformer), null, typeof(SignatureLoadModel), "Key To Value Transform", KeyToValueMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

public sealed class KeyToValueMappingEstimator : TrivialEstimator<KeyToValueMappingTransformer>
{
    internal KeyToValueMappingEstimator(IHostEnvironment env, params (string Output, string Input)[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(KeyToValueMappingEstimator)), new KeyToValueMappingTransformer(env, columns))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) => SchemaPromise.Of(Host, inputSchema, Transformer.ColumnPairs, (name, column) =>
    {
        if (!column.IsKey)
            throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", column.Name, "KeyType", column.GetTypeString());
        var values = SchemaPromise.Kept(column, AnnotationUtils.Kinds.KeyValues).FirstOrDefault();
        Host.CheckParam(values.IsValid, nameof(inputSchema), $"Input column '{column.Name}' doesn't contain key values metadata");
        return new SchemaShape.Column(name, column.Kind, values.ItemType, values.IsKey, new SchemaShape(SchemaPromise.Kept(column, AnnotationUtils.Kinds.SlotNames)));
    });
}

public sealed class KeyToValueMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "KeyToValueTransform";

    internal KeyToValueMappingTransformer(IHostEnvironment env, params (string Output, string Input)[] columns)
        : base(env.Register(nameof(KeyToValueMappingTransformer)), columns)
    {
    }

    private KeyToValueMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
    }

    private static VersionInfo ModelVersion => Version("KEY2VALT", LoaderSignature);

    private static KeyToValueMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(ModelVersion);
        return new KeyToValueMappingTransformer(env.Register(nameof(KeyToValueMappingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(ModelVersion);
        SaveColumns(ctx);
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper : OneToOneMapperBase
    {
        private readonly PrimitiveDataViewType[] _valueTypes;

        public Mapper(KeyToValueMappingTransformer parent, DataViewSchema inputSchema)
            : base(parent, inputSchema)
        {
            _valueTypes = [.. Inputs.Select(input =>
            {
                var values = input.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues)?.Type as VectorDataViewType;
                parent.Host.Check(values != null, "Metadata KeyValues does not exist");
                parent.Host.Check((ulong)values.Size == input.Type.GetItemType().GetKeyCount(), "KeyValues metadata size does not match column type key count");
                return values.ItemType;
            })];
        }

        protected override DataViewType GetOutputColumn(int output, DataViewSchema.Annotations.Builder annotations)
        {
            Keep(annotations, Inputs[output], AnnotationUtils.Kinds.SlotNames);
            return Inputs[output].Type is VectorDataViewType vector ? new VectorDataViewType(_valueTypes[output], vector.Dimensions) : _valueTypes[output];
        }

        protected override Delegate MakeGetter(DataViewRow input, int output) => Generic.Invoke<Delegate>(Getter<int>, _valueTypes[output].RawType, input, Inputs[output]);

        private static Delegate Getter<T>(DataViewRow input, DataViewSchema.Column column)
        {
            VBuffer<T> annotation = default;
            column.GetKeyValues(ref annotation);
            T[] values = [.. annotation.DenseValues()];
            T Value(uint key) => key > 0 && key <= values.Length ? values[key - 1] : MissingValues.ValueOrDefault<T>();
            if (column.Type is not VectorDataViewType)
            {
                var read = KeyGetter.Scalar(input, column);
                uint key = 0;
                return (ValueGetter<T>)((ref T value) =>
                {
                    read(ref key);
                    value = Value(key);
                });
            }
            var readVector = KeyGetter.Vector(input, column);
            VBuffer<uint> keys = default;
            return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> target) =>
            {
                readVector(ref keys);
                var editor = VBufferEditor.Create(ref target, keys.Length);
                var slot = 0;
                foreach (var key in keys.DenseValues())
                    editor.Values[slot++] = Value(key);
                target = editor.Commit();
            });
        }
    }
}

/// <summary>Reads keys of any raw type as unsigned integers.</summary>
internal static class KeyGetter
{
    public static ValueGetter<uint> Scalar(DataViewRow row, DataViewSchema.Column column)
        => column.Type.RawType == typeof(uint) ? row.GetGetter<uint>(column) : (ValueGetter<uint>)Generic.Invoke<Delegate>(ScalarOf<byte>, column.Type.RawType, row, column);

    public static ValueGetter<VBuffer<uint>> Vector(DataViewRow row, DataViewSchema.Column column)
        => column.Type.GetItemType().RawType == typeof(uint)
            ? row.GetGetter<VBuffer<uint>>(column)
            : throw Contracts.ExceptNotSupp($"Vectors of keys of type {column.Type.GetItemType().RawType.Name} are not in this stand-in for Microsoft.ML");

    private static ValueGetter<uint> ScalarOf<T>(DataViewRow row, DataViewSchema.Column column)
        where T : System.Numerics.INumberBase<T>
    {
        var read = row.GetGetter<T>(column);
        T source = default;
        return (ref uint key) =>
        {
            read(ref source);
            key = uint.CreateSaturating(source);
        };
    }
}
