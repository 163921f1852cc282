using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(TypeConvertingTransformer), null, typeof(SignatureLoadModel), "Convert Transform", TypeConvertingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

public sealed class TypeConvertingEstimator : TrivialEstimator<TypeConvertingTransformer>
{
    internal TypeConvertingEstimator(IHostEnvironment env, DataKind outputKind, params (string Output, string Input)[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(TypeConvertingEstimator)), new TypeConvertingTransformer(env, outputKind, columns))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) => SchemaPromise.Of(Host, inputSchema, Transformer.ColumnPairs, (name, column) =>
    {
        var target = ColumnTypeExtensions.PrimitiveTypeFromType(Transformer.OutputKind.ToRawType());
        Host.CheckParam(column.IsKey ? KeyDataViewType.IsValidDataType(target.RawType) : ValueConversion.Exists(column.ItemType, target), nameof(inputSchema),
            $"Don't know how to convert {column.Name} into {target}");
        // As in the original, the promised annotations are those of the input.
        return new SchemaShape.Column(name, column.Kind, target, column.IsKey, column.Annotations);
    });

    internal static class Defaults
    {
        public const DataKind DefaultOutputKind = DataKind.Single;
    }
}

public sealed class TypeConvertingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "ConvertTransform";

    internal TypeConvertingTransformer(IHostEnvironment env, DataKind outputKind, params (string Output, string Input)[] columns)
        : base(env.Register(nameof(TypeConvertingTransformer)), columns)
        => OutputKind = outputKind;

    private TypeConvertingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
        => OutputKind = (DataKind)ctx.Reader.ReadByte();

    internal DataKind OutputKind { get; }

    private static VersionInfo ModelVersion => Version("CONVERTF", LoaderSignature);

    private static TypeConvertingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(ModelVersion);
        return new TypeConvertingTransformer(env.Register(nameof(TypeConvertingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(ModelVersion);
        SaveColumns(ctx);
        ctx.Writer.Write((byte)OutputKind);
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper : OneToOneMapperBase
    {
        private readonly PrimitiveDataViewType[] _itemTypes;

        public Mapper(TypeConvertingTransformer parent, DataViewSchema inputSchema)
            : base(parent, inputSchema)
        {
            _itemTypes = [.. Inputs.Select(input =>
            {
                var plain = ColumnTypeExtensions.PrimitiveTypeFromType(parent.OutputKind.ToRawType());
                var target = input.Type.GetItemType() is KeyDataViewType key && KeyDataViewType.IsValidDataType(plain.RawType) ? new KeyDataViewType(plain.RawType, key.Count) : plain;
                return ValueConversion.Exists(input.Type.GetItemType(), target)
                    ? target
                    : throw parent.Host.ExceptParam(nameof(inputSchema), $"source column '{input.Name}' with item type '{input.Type}' is not compatible with destination type '{target}'");
            })];
        }

        protected override DataViewType GetOutputColumn(int output, DataViewSchema.Annotations.Builder annotations)
        {
            var (input, target) = (Inputs[output], _itemTypes[output]);
            if (input.Type.IsKnownSizeVector())
                Keep(annotations, input, AnnotationUtils.Kinds.SlotNames);
            if (target is KeyDataViewType)
                Keep(annotations, input, AnnotationUtils.Kinds.KeyValues);
            if (input.Type.GetItemType() is NumberDataViewType && target is NumberDataViewType)
                Keep(annotations, input, AnnotationUtils.Kinds.IsNormalized);
            if (input.Type is BooleanDataViewType && target is NumberDataViewType)
                AddIsNormalized(annotations);
            return input.Type is VectorDataViewType vector ? new VectorDataViewType(target, vector.Dimensions) : target;
        }

        protected override Delegate MakeGetter(DataViewRow input, int output)
        {
            var getter = new Func<DataViewRow, DataViewSchema.Column, PrimitiveDataViewType, Delegate>(Getter<int, int>).Method.GetGenericMethodDefinition()
                .MakeGenericMethod(Inputs[output].Type.GetItemType().RawType, _itemTypes[output].RawType);
            return (Delegate)getter.Invoke(null, [input, Inputs[output], _itemTypes[output]]);
        }

        private static Delegate Getter<TSource, TTarget>(DataViewRow input, DataViewSchema.Column column, PrimitiveDataViewType target)
        {
            var convert = ValueConversion.Between<TSource, TTarget>((PrimitiveDataViewType)column.Type.GetItemType(), target);
            if (column.Type is not VectorDataViewType)
            {
                var read = input.GetGetter<TSource>(column);
                TSource source = default;
                return (ValueGetter<TTarget>)((ref TTarget value) =>
                {
                    read(ref source);
                    value = convert(source);
                });
            }
            var readVector = input.GetGetter<VBuffer<TSource>>(column);
            VBuffer<TSource> vector = default;
            // Text of a default value is no empty text, so that text vectors lose their sparsity.
            var keepsSparse = target is not TextDataViewType;
            return (ValueGetter<VBuffer<TTarget>>)((ref VBuffer<TTarget> value) =>
            {
                readVector(ref vector);
                if (vector.IsDense || !keepsSparse)
                {
                    var dense = VBufferEditor.Create(ref value, vector.Length);
                    var slot = 0;
                    foreach (var item in vector.DenseValues())
                        dense.Values[slot++] = convert(item);
                    value = dense.Commit();
                    return;
                }
                var items = vector.GetValues();
                var editor = VBufferEditor.Create(ref value, vector.Length, items.Length);
                for (var i = 0; i < items.Length; i++)
                    editor.Values[i] = convert(items[i]);
                vector.GetIndices().CopyTo(editor.Indices);
                value = editor.Commit();
            });
        }
    }
}
