using System.Collections.Immutable;
using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(NormalizingTransformer), null, typeof(SignatureLoadModel), "Normalizer", NormalizingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Scales columns of real numbers: y = (x - offset) * scale, each slot by itself.</summary>
public sealed class NormalizingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "Normalizer";

    private readonly Column[] _columns;

    private NormalizingTransformer(IHost host, (string Output, string Input)[] pairs, Column[] columns)
        : base(host, pairs)
        => _columns = columns;

    private NormalizingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
        => _columns = [.. ColumnPairs.Select(_ => Column.Load(ctx.Reader))];

    private static VersionInfo ModelVersion => Version("NORMALZR", LoaderSignature);

    public NormalizerModelParametersBase GetNormalizerModelParameters(int index)
    {
        Contracts.CheckUserArg(index >= 0 && index < _columns.Length, nameof(index), $"Not valid. Valid range is from 0 (inclusive) to {_columns.Length} (exclusive) but got {index}.");
        return _columns[index].Parameters;
    }

    internal static NormalizingTransformer Train(IHost host, IDataView data, (string Output, string Input)[] pairs,
        NormalizingEstimator.Scaling scaling, long maximumExampleCount, bool fixZero)
    {
        var sources = pairs.Select(pair => data.Schema.GetColumnOrNull(pair.Input) ?? throw host.ExceptSchemaMismatch(nameof(data), "input", pair.Input)).ToArray();
        foreach (var source in sources)
            CheckType(host, source, nameof(data));
        using var cursor = data.GetRowCursor(sources);
        var learners = sources.Select(source => source.Type.GetItemType().RawType == typeof(double)
            ? Learner<double>(cursor, source, scaling, maximumExampleCount, fixZero)
            : Learner<float>(cursor, source, scaling, maximumExampleCount, fixZero)).ToArray();
        var wanted = true;
        while (wanted && cursor.MoveNext())
        {
            host.CheckAlive();
            wanted = false;
            foreach (var (processRow, _) in learners)
                wanted |= processRow();
        }
        return new NormalizingTransformer(host, pairs, [.. learners.Select(learner => learner.Finish())]);
    }

    private static (Func<bool> ProcessRow, Func<Column> Finish) Learner<T>(DataViewRowCursor cursor, DataViewSchema.Column source,
        NormalizingEstimator.Scaling scaling, long limit, bool fixZero)
        where T : struct, IFloatingPointIeee754<T>
    {
        var statistics = new ScalingStatistics<T>(cursor, source, limit);
        return (statistics.ProcessRow, () => new Column<T>(source.Type is VectorDataViewType, statistics.Finish(scaling, fixZero)));
    }

    private static void CheckType(IHost host, DataViewSchema.Column column, string parameter)
    {
        const string Expected = "scalar or known-size vector of Single";
        if (column.Type is VectorDataViewType { IsKnownSize: false })
            throw host.ExceptSchemaMismatch(parameter, "input", column.Name, Expected, "variable-size vector");
        if (column.Type.GetItemType() != NumberDataViewType.Single && column.Type.GetItemType() != NumberDataViewType.Double)
            throw host.ExceptSchemaMismatch(parameter, "input", column.Name, Expected, column.Type.ToString());
    }

    private static NormalizingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(ModelVersion);
        return new NormalizingTransformer(env.Register(nameof(NormalizingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(ModelVersion);
        SaveColumns(ctx);
        foreach (var column in _columns)
            column.Save(ctx.Writer);
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    public abstract class NormalizerModelParametersBase
    {
        private protected NormalizerModelParametersBase()
        {
        }
    }

    public sealed class AffineNormalizerModelParameters<TData> : NormalizerModelParametersBase
    {
        internal AffineNormalizerModelParameters(TData scale, TData offset) => (Scale, Offset) = (scale, offset);

        public TData Scale { get; }

        public TData Offset { get; }
    }

    private sealed class Mapper : OneToOneMapperBase
    {
        private readonly Column[] _columns;

        public Mapper(NormalizingTransformer parent, DataViewSchema inputSchema)
            : base(parent, inputSchema)
        {
            _columns = parent._columns;
            for (var i = 0; i < Inputs.Length; i++)
            {
                CheckType(parent.Host, Inputs[i], nameof(inputSchema));
                _columns[i].Check(parent.Host, Inputs[i], nameof(inputSchema));
            }
        }

        protected override DataViewType GetOutputColumn(int output, DataViewSchema.Annotations.Builder annotations)
        {
            AddIsNormalized(annotations);
            Keep(annotations, Inputs[output], AnnotationUtils.Kinds.SlotNames);
            return Inputs[output].Type;
        }

        protected override Delegate MakeGetter(DataViewRow input, int output) => _columns[output].MakeGetter(input, Inputs[output]);
    }

    private abstract class Column
    {
        public abstract NormalizerModelParametersBase Parameters { get; }

        public static Column Load(BinaryReader reader) => reader.ReadBoolean() ? Column<double>.LoadCore(reader) : Column<float>.LoadCore(reader);

        public abstract void Save(BinaryWriter writer);

        public abstract void Check(IHost host, DataViewSchema.Column input, string parameter);

        public abstract Delegate MakeGetter(DataViewRow input, DataViewSchema.Column column);
    }

    private sealed class Column<T>(bool isVector, AffineScaling<T> affine) : Column
        where T : struct, IFloatingPointIeee754<T>
    {
        private readonly bool _shifts = Array.Exists(affine.Offset, offset => offset != T.Zero);

        public override NormalizerModelParametersBase Parameters => isVector
            ? new AffineNormalizerModelParameters<ImmutableArray<T>>([.. affine.Scale], [.. affine.Offset])
            : new AffineNormalizerModelParameters<T>(affine.Scale[0], affine.Offset[0]);

        public static Column<T> LoadCore(BinaryReader reader)
        {
            var (isVector, size) = (reader.ReadBoolean(), reader.ReadInt32());
            T[] Values() => [.. Enumerable.Range(0, size).Select(_ => T.CreateTruncating(reader.ReadDouble()))];
            return new Column<T>(isVector, new AffineScaling<T>(Values(), Values()));
        }

        public override void Save(BinaryWriter writer)
        {
            writer.Write(typeof(T) == typeof(double));
            writer.Write(isVector);
            writer.Write(affine.Scale.Length);
            foreach (var value in affine.Scale.Concat(affine.Offset))
                writer.Write(double.CreateTruncating(value));
        }

        public override void Check(IHost host, DataViewSchema.Column input, string parameter)
        {
            host.CheckParam(input.Type.GetItemType().RawType == typeof(T), parameter, $"Column '{input.Name}' has type '{input.Type}', the normalizer was trained on {typeof(T).Name}");
            host.Check(input.Type.GetValueCount() == affine.Scale.Length, $"Normalizer expected {affine.Scale.Length} slots, but the input data column has {input.Type.GetValueCount()} slots.");
        }

        public override Delegate MakeGetter(DataViewRow input, DataViewSchema.Column column)
        {
            var (scale, offset) = (affine.Scale, affine.Offset);
            if (!isVector)
            {
                var read = input.GetGetter<T>(column);
                return (ValueGetter<T>)((ref T value) =>
                {
                    read(ref value);
                    value = (value - offset[0]) * scale[0];
                });
            }
            var readVector = input.GetGetter<VBuffer<T>>(column);
            VBuffer<T> source = default;
            var builder = new VectorBuilder<T>();
            return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> target) =>
            {
                readVector(ref source);
                Contracts.Check(source.Length == scale.Length);
                if (source.IsDense || _shifts)
                {
                    var editor = VBufferEditor.Create(ref target, source.Length);
                    source.CopyTo(editor.Values);
                    for (var i = 0; i < editor.Values.Length; i++)
                        editor.Values[i] = (editor.Values[i] - offset[i]) * scale[i];
                    target = editor.Commit();
                    return;
                }
                var values = source.GetValues();
                var slots = source.GetIndices();
                builder.Reset(source.Length);
                for (var i = 0; i < values.Length; i++)
                {
                    var value = values[i] * scale[slots[i]];
                    if (value != T.Zero)
                        builder.Add(slots[i], value);
                }
                builder.CopyTo(ref target);
            });
        }
    }
}
