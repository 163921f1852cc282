using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class NormalizingEstimator : IEstimator<NormalizingTransformer>
{
    private readonly IHost _host;
    private readonly (string Output, string Input)[] _columns;
    private readonly Scaling _scaling;
    private readonly long _maximumExampleCount;
    private readonly bool _fixZero;

    internal NormalizingEstimator(IHostEnvironment env, (string Output, string Input)[] columns, Scaling scaling, long maximumExampleCount, bool fixZero)
    {
        _host = Contracts.CheckRef(env, nameof(env)).Register(nameof(NormalizingEstimator));
        foreach (var (output, _) in columns)
            Contracts.CheckNonEmpty(output, nameof(columns));
        Contracts.CheckParam(maximumExampleCount > 1, nameof(maximumExampleCount), "Must be greater than 1");
        (_columns, _scaling, _maximumExampleCount, _fixZero) = (columns, scaling, maximumExampleCount, fixZero);
    }

    internal enum Scaling
    {
        MinMax,
        MeanVariance,
    }

    public NormalizingTransformer Fit(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        return NormalizingTransformer.Train(_host, input, _columns, _scaling, _maximumExampleCount, _fixZero);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => SchemaPromise.Of(_host, inputSchema, _columns, (name, column) =>
    {
        if (column.Kind == SchemaShape.Column.VectorKind.VariableVector)
            throw _host.ExceptSchemaMismatch(nameof(inputSchema), "input", column.Name, "known-size vector or scalar", column.GetTypeString());
        if (column.ItemType != NumberDataViewType.Single && column.ItemType != NumberDataViewType.Double)
            throw _host.ExceptSchemaMismatch(nameof(inputSchema), "input", column.Name, "vector or scalar of Single or Double", column.GetTypeString());
        var annotations = SchemaPromise.Kept(column, AnnotationUtils.Kinds.SlotNames).Append(SchemaPromise.IsNormalized);
        return new SchemaShape.Column(name, column.Kind, column.ItemType, column.IsKey, new SchemaShape(annotations));
    });

    internal static class Defaults
    {
        public const bool EnsureZeroUntouched = true;
        public const bool MeanVarCdf = false;
        public const long MaximumExampleCount = 1000000000;
    }
}
