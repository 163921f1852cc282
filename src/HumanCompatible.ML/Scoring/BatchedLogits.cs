using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Scoring;

/// <summary>The logits of the rows of a cursor in their order, scored a batch at a time.</summary>
internal sealed class BatchedLogits : IDisposable
{
    private readonly DataViewRowCursor _cursor;
    private readonly ValueGetter<VBuffer<float>> _features;
    private readonly IRowScorer _scorer;
    private readonly float[] _rows;
    private readonly float[] _logits;
    private VBuffer<float> _buffer;
    private long _first;
    private int _count;

    internal BatchedLogits(DataViewRowCursor cursor, DataViewSchema.Column featureColumn, IRowScorer scorer)
    {
        _cursor = cursor;
        _scorer = scorer;
        _features = cursor.GetGetter<VBuffer<float>>(featureColumn);
        _rows = new float[scorer.BatchSize * scorer.FeatureCount];
        _logits = new float[scorer.BatchSize];
    }

    /// <summary>The logit of the row at a position; positions are asked for in rising order.</summary>
    internal float At(long position)
    {
        while (position >= _first + _count)
            ReadBatch(position);
        return _logits[position - _first];
    }

    public void Dispose() => _cursor.Dispose();

    private void ReadBatch(long position)
    {
        _first += _count;
        _count = 0;
        while (_count < _scorer.BatchSize && _cursor.MoveNext())
        {
            _features(ref _buffer);
            _buffer.CopyTo(_rows.AsSpan(_count * _scorer.FeatureCount, _scorer.FeatureCount));
            _count++;
        }

        if (_count == 0)
            throw new InvalidOperationException($"The view gave fewer rows on a second reading: row {position} is missing.");
        _scorer.Score(_rows.AsSpan(0, _count * _scorer.FeatureCount), _logits.AsSpan(0, _count));
    }
}
