using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class OneHotEncodingEstimator : IEstimator<OneHotEncodingTransformer>
{
    private readonly IHost _host;
    private readonly IEstimator<ITransformer> _toKey;
    private readonly IEstimator<ITransformer> _toVector;

    internal OneHotEncodingEstimator(IHostEnvironment env, (string Output, string Input)[] columns, OutputKind kind, int maximumNumberOfKeys,
        ValueToKeyMappingEstimator.KeyOrdinality ordinality, IDataView keyData)
    {
        _host = Contracts.CheckRef(env, nameof(env)).Register(nameof(OneHotEncodingEstimator));
        _toKey = new ValueToKeyMappingEstimator(_host, columns, maximumNumberOfKeys, ordinality, asText: true, keyData);
        (string, string)[] outputs = [.. columns.Select(pair => (pair.Output, pair.Output))];
        _toVector = kind switch
        {
            OutputKind.Key => null,
            OutputKind.Indicator => new KeyToVectorMappingEstimator(_host, outputCountVector: false, outputs),
            OutputKind.Bag => new KeyToVectorMappingEstimator(_host, outputCountVector: true, outputs),
            OutputKind.Binary => throw Contracts.ExceptNotSupp($"{nameof(OutputKind)}.{nameof(OutputKind.Binary)} of OneHotEncoding is not in this stand-in for Microsoft.ML"),
            _ => throw _host.ExceptUserArg(nameof(OutputKind)),
        };
    }

    public enum OutputKind : byte
    {
        Bag = 1,
        Indicator = 2,
        Key = 3,
        Binary = 4,
    }

    public OneHotEncodingTransformer Fit(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        var toKey = _toKey.Fit(input);
        return new OneHotEncodingTransformer(_toVector == null ? new(toKey) : new(toKey, _toVector.Fit(toKey.Transform(input))));
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        var keys = _toKey.GetOutputSchema(inputSchema);
        return _toVector == null ? keys : _toVector.GetOutputSchema(keys);
    }

    internal static class Defaults
    {
        public const OutputKind OutKind = OutputKind.Indicator;
    }
}

/// <summary>Maps values to keys and keys to vectors. A model file holds it as the chain of the two.</summary>
public sealed class OneHotEncodingTransformer : ITransformer
{
    private readonly TransformerChain<ITransformer> _chain;

    internal OneHotEncodingTransformer(TransformerChain<ITransformer> chain) => _chain = chain;

    bool ITransformer.IsRowToRowMapper => ((ITransformer)_chain).IsRowToRowMapper;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _chain.GetOutputSchema(inputSchema);

    public IDataView Transform(IDataView input) => _chain.Transform(input);

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => ((ITransformer)_chain).GetRowToRowMapper(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)_chain).Save(ctx);
}
