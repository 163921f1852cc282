using Microsoft.ML;
using Microsoft.ML.Data;

namespace PlatformContract.Tests.ML.Catalogs;

/// <summary>
/// An estimator that changes nothing and remembers the shape it was asked about: at the head of a chain it sees the shape of real data,
/// behind another estimator it sees what that estimator promises.
/// </summary>
internal sealed class SchemaProbe : IEstimator<ITransformer>
{
    public SchemaShape Seen { get; private set; } = null!;

    public ITransformer Fit(IDataView input) => new Unchanged();

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Seen = inputSchema;

    /// <summary>The shape of a data view's schema.</summary>
    public static SchemaShape ShapeOf(IDataView data)
    {
        var probe = new SchemaProbe();
        new EstimatorChain<ITransformer>().Append(probe).Fit(data);
        return probe.Seen;
    }

    /// <summary>Asserts that what the estimator promises is what its transformer delivers, annotations included.</summary>
    public static void AssertPromiseIsKept<T>(IEstimator<T> estimator, IDataView data) where T : class, ITransformer
    {
        var promised = Describe(estimator.GetOutputSchema(ShapeOf(data)));
        var actual = Describe(ShapeOf(estimator.Fit(data).Transform(data)));
        CollectionAssert.AreEquivalent(actual, promised, $"promised:\n{string.Join("\n", promised)}\nactual:\n{string.Join("\n", actual)}");
    }

    private static string[] Describe(SchemaShape shape) => shape.Select(Describe).ToArray();

    private static string Describe(SchemaShape.Column column)
    {
        var annotations = column.Annotations.Select(Describe).Order(StringComparer.Ordinal);
        return $"{column.Name}: {column.Kind} of {column.ItemType}, key {column.IsKey}, [{string.Join("; ", annotations)}]";
    }

    private sealed class Unchanged : ITransformer
    {
        public bool IsRowToRowMapper => false;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        public IDataView Transform(IDataView input) => input;

        public void Save(ModelSaveContext ctx) => throw new NotSupportedException();
    }
}
