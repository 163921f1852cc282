using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Scoring;

/// <summary>A cursor over an input with the output columns after its own.</summary>
internal sealed class ScoredCursor : DataViewRowCursor
{
    private readonly DataViewRowCursor _input;
    private readonly bool[] _active;
    private readonly BatchedLogits? _batched;
    private readonly Func<float>? _logit;

    internal ScoredCursor(DataViewRowCursor input, BinaryRowMapper mapper, IRowScorer scorer, bool[] active)
    {
        _input = input;
        _active = active;
        Schema = mapper.OutputSchema;
        if (active.AsSpan(mapper.InputSchema.Count).Contains(true))
        {
            var logit = new RowLogit(scorer, input, mapper.FeatureColumn);
            _logit = () => logit.Value;
        }
    }

    internal ScoredCursor(DataViewRowCursor input, BinaryRowMapper mapper, BatchedLogits batched, bool[] active)
    {
        _input = input;
        _active = active;
        _batched = batched;
        Schema = mapper.OutputSchema;
        _logit = () => batched.Current;
    }

    public override DataViewSchema Schema { get; }

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override bool MoveNext() => _input.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => ScoredColumns.IsActive(Schema, _active, column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        ScoredColumns.CheckActive(Schema, _active, column);
        return column.Index < _input.Schema.Count
            ? _input.GetGetter<TValue>(_input.Schema[column.Index])
            : BinaryOutputGetters.Create<TValue>(column.Index - _input.Schema.Count, _logit!, column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _batched?.Dispose();
            _input.Dispose();
        }

        base.Dispose(disposing);
    }
}
