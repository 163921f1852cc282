using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(MissingValueIndicatorTransformer), null, typeof(SignatureLoadModel), "NA Indicator Transform", MissingValueIndicatorTransformer.LoadName)]

namespace Microsoft.ML.Transforms;

public sealed class MissingValueIndicatorEstimator : TrivialEstimator<MissingValueIndicatorTransformer>
{
    internal MissingValueIndicatorEstimator(IHostEnvironment env, params (string Output, string Input)[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(MissingValueIndicatorTransformer)), new MissingValueIndicatorTransformer(env, columns))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) => SchemaPromise.Of(Host, inputSchema, Transformer.ColumnPairs, (name, column) =>
    {
        if (!column.IsKey && !MissingValues.Exist(column.ItemType))
            throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", column.Name);
        var annotations = SchemaPromise.Kept(column, AnnotationUtils.Kinds.SlotNames).Append(SchemaPromise.IsNormalized);
        return new SchemaShape.Column(name, column.Kind, BooleanDataViewType.Instance, false, new SchemaShape(annotations));
    });
}

public sealed class MissingValueIndicatorTransformer : OneToOneTransformerBase
{
    internal const string LoadName = "NaIndicatorTransform";

    internal MissingValueIndicatorTransformer(IHostEnvironment env, params (string Output, string Input)[] columns)
        : base(env.Register(nameof(MissingValueIndicatorTransformer)), columns)
    {
    }

    private MissingValueIndicatorTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
    }

    private static VersionInfo ModelVersion => Version("NAIND TF", LoadName);

    private static MissingValueIndicatorTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(ModelVersion);
        return new MissingValueIndicatorTransformer(env.Register(nameof(MissingValueIndicatorTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(ModelVersion);
        SaveColumns(ctx);
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper : OneToOneMapperBase
    {
        public Mapper(MissingValueIndicatorTransformer parent, DataViewSchema inputSchema)
            : base(parent, inputSchema)
        {
            foreach (var input in Inputs)
                parent.Host.Check(MissingValues.Exist(input.Type.GetItemType()), $"No NA predicate for '{input.Type.GetItemType()}'");
        }

        protected override DataViewType GetOutputColumn(int output, DataViewSchema.Annotations.Builder annotations)
        {
            Keep(annotations, Inputs[output], AnnotationUtils.Kinds.SlotNames);
            AddIsNormalized(annotations);
            return Inputs[output].Type is VectorDataViewType vector ? new VectorDataViewType(BooleanDataViewType.Instance, vector.Dimensions) : BooleanDataViewType.Instance;
        }

        protected override Delegate MakeGetter(DataViewRow input, int output)
            => Generic.Invoke<Delegate>(Getter<int>, Inputs[output].Type.GetItemType().RawType, input, Inputs[output]);

        private static Delegate Getter<T>(DataViewRow input, DataViewSchema.Column column)
        {
            var isMissing = MissingValues.TestOrNull<T>(column.Type.GetItemType());
            if (column.Type is not VectorDataViewType)
            {
                var read = input.GetGetter<T>(column);
                T source = default;
                return (ValueGetter<bool>)((ref bool value) =>
                {
                    read(ref source);
                    value = isMissing(source);
                });
            }
            var readVector = input.GetGetter<VBuffer<T>>(column);
            VBuffer<T> vector = default;
            var builder = new VectorBuilder<bool>();
            return (ValueGetter<VBuffer<bool>>)((ref VBuffer<bool> target) =>
            {
                readVector(ref vector);
                builder.Reset(vector.Length);
                var slot = 0;
                foreach (var value in vector.DenseValues())
                {
                    if (isMissing(value))
                        builder.Add(slot, true);
                    slot++;
                }
                builder.CopyTo(ref target);
            });
        }
    }
}
