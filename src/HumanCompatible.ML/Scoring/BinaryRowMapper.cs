using HumanCompatible.ML.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Scoring;

/// <summary>Adds the output columns to one row: what a PredictionEngine runs.</summary>
internal sealed class BinaryRowMapper : IRowToRowMapper
{
    private readonly IRowScorer _scorer;

    internal BinaryRowMapper(DataViewSchema input, string featureColumnName, IRowScorer scorer)
    {
        _scorer = scorer;
        InputSchema = input;
        FeatureColumn = CheckInput(input, featureColumnName, scorer.FeatureCount);
        OutputSchema = BinaryOutputColumns.AddTo(input);
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    internal DataViewSchema.Column FeatureColumn { get; }

    /// <summary>The feature column of a schema that is to be scored, or the error of ML.NET's kind.</summary>
    internal static DataViewSchema.Column CheckInput(DataViewSchema schema, string featureColumnName, int featureCount)
    {
        var column = SchemaMismatch.Find(schema, "inputSchema", "feature", featureColumnName);
        if (!ML.Data.FeatureColumn.Accepts(column.Type) || ML.Data.FeatureColumn.Size(column) != featureCount)
        {
            throw SchemaMismatch.WrongType("inputSchema", "feature", featureColumnName, $"Vector<Single, {featureCount}>",
                column.Type.ToString()!);
        }

        return column;
    }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var needed = new bool[InputSchema.Count];
        MarkDependencies(dependingColumns, needed);
        return InputSchema.Where(column => needed[column.Index]);
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Schema != InputSchema)
            throw new ArgumentException("The row has another schema than the one the mapper was made for.", nameof(input));
        var active = Active(activeColumns);
        var needsLogit = active.AsSpan(InputSchema.Count).Contains(true);
        return new ScoredRow(input, OutputSchema, active, needsLogit ? new RowLogit(_scorer, input, FeatureColumn) : null);
    }

    /// <summary>Marks the input columns that are needed for output columns.</summary>
    internal void MarkDependencies(IEnumerable<DataViewSchema.Column> outputs, bool[] inputs)
    {
        foreach (var column in outputs)
            inputs[column.Index < inputs.Length ? column.Index : FeatureColumn.Index] = true;
    }

    /// <summary>Which output columns are asked for.</summary>
    internal bool[] Active(IEnumerable<DataViewSchema.Column> columns)
    {
        var active = new bool[OutputSchema.Count];
        foreach (var column in columns)
            active[column.Index] = true;
        return active;
    }
}
