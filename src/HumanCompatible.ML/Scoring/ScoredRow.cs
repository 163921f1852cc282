using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Scoring;

/// <summary>An input row with the output columns after its own.</summary>
internal sealed class ScoredRow(DataViewRow input, DataViewSchema schema, bool[] active, RowLogit? logit) : DataViewRow
{
    public override DataViewSchema Schema => schema;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => ScoredColumns.IsActive(schema, active, column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        ScoredColumns.CheckActive(schema, active, column);
        return column.Index < input.Schema.Count
            ? input.GetGetter<TValue>(input.Schema[column.Index])
            : BinaryOutputGetters.Create<TValue>(column.Index - input.Schema.Count, () => logit!.Value, column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            input.Dispose();
        base.Dispose(disposing);
    }
}
