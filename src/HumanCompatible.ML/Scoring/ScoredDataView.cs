using Microsoft.ML;

namespace HumanCompatible.ML.Scoring;

/// <summary>A view with the output columns after its own. Lazy: rows are scored as they are read.</summary>
internal sealed class ScoredDataView(IDataView source, BinaryRowMapper mapper, IRowScorer scorer) : IDataView
{
    public DataViewSchema Schema => mapper.OutputSchema;

    public bool CanShuffle => source.CanShuffle;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        ArgumentNullException.ThrowIfNull(columnsNeeded);
        var (active, inputs, needsLogit) = Plan(columnsNeeded);
        if (!needsLogit || scorer.BatchSize == 1)
            return new ScoredCursor(source.GetRowCursor(inputs, rand), mapper, scorer, active);

        // A second cursor over the features alone runs ahead, a batch at a time; both must shuffle alike.
        var seed = rand?.Next();
        var main = source.GetRowCursor(inputs.Where(column => active[column.Index]), Shuffle(seed));
        var ahead = source.GetRowCursor([mapper.FeatureColumn], Shuffle(seed));
        return new ScoredCursor(main, mapper, new BatchedLogits(main, ahead, mapper.FeatureColumn, scorer), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        ArgumentNullException.ThrowIfNull(columnsNeeded);
        var (active, inputs, needsLogit) = Plan(columnsNeeded);
        if (needsLogit && scorer.BatchSize > 1)
            return [GetRowCursor(columnsNeeded, rand)];
        return Array.ConvertAll(source.GetRowCursorSet(inputs, n, rand), cursor
            => (DataViewRowCursor)new ScoredCursor(cursor, mapper, scorer, active));
    }

    private static Random? Shuffle(int? seed) => seed is { } value ? new Random(value) : null;

    private (bool[] Active, List<DataViewSchema.Column> Inputs, bool NeedsLogit) Plan(IEnumerable<DataViewSchema.Column> columnsNeeded)
    {
        var active = mapper.Active(columnsNeeded);
        var inputs = mapper.GetDependencies(Schema.Where(column => active[column.Index])).ToList();
        return (active, inputs, active.AsSpan(mapper.InputSchema.Count).Contains(true));
    }
}
