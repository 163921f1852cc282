using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Scoring;

/// <summary>The logit of the row a cursor is at, taken from batches that a second cursor over the same rows reads ahead.</summary>
internal sealed class BatchedLogits : IDisposable
{
    private readonly DataViewRowCursor _cursor;
    private readonly DataViewRowCursor _ahead;
    private readonly ValueGetter<DataViewRowId> _id;
    private readonly ValueGetter<DataViewRowId> _aheadId;
    private readonly ValueGetter<VBuffer<float>> _features;
    private readonly IRowScorer _scorer;
    private readonly float[] _rows;
    private readonly float[] _logits;
    private readonly DataViewRowId[] _ids;
    private VBuffer<float> _buffer;
    private long _first;
    private int _count;

    /// <param name="cursor">The rows, as they are given out. Not disposed here.</param>
    /// <param name="ahead">The same rows in the same order, with the feature column.</param>
    /// <param name="featureColumn">The feature column.</param>
    /// <param name="scorer">Scores a batch.</param>
    internal BatchedLogits(DataViewRowCursor cursor, DataViewRowCursor ahead, DataViewSchema.Column featureColumn, IRowScorer scorer)
    {
        _cursor = cursor;
        _ahead = ahead;
        _scorer = scorer;
        _id = cursor.GetIdGetter();
        _aheadId = ahead.GetIdGetter();
        _features = ahead.GetGetter<VBuffer<float>>(featureColumn);
        _rows = new float[scorer.BatchSize * scorer.FeatureCount];
        _logits = new float[scorer.BatchSize];
        _ids = new DataViewRowId[scorer.BatchSize];
    }

    /// <summary>The logit of the current row. A cursor only moves on, so the rows before are not kept.</summary>
    /// <exception cref="InvalidOperationException">The cursor is at no row, or the view gives its rows differently the second
    /// time.</exception>
    internal float Current
    {
        get
        {
            ScoredColumns.CheckPosition(_cursor);
            var position = _cursor.Position;
            while (position >= _first + _count)
                ReadBatch(position);
            DataViewRowId id = default;
            _id(ref id);
            var index = position - _first;
            if (!id.Equals(_ids[index]))
            {
                throw new InvalidOperationException(
                    $"The view gave its rows in another order on a second reading: row {position} differs. Cache the view before scoring "
                    + "it.");
            }

            return _logits[index];
        }
    }

    public void Dispose() => _ahead.Dispose();

    private void ReadBatch(long position)
    {
        _first += _count;
        _count = 0;
        while (_count < _scorer.BatchSize && _ahead.MoveNext())
        {
            _features(ref _buffer);
            _buffer.CopyTo(_rows.AsSpan(_count * _scorer.FeatureCount, _scorer.FeatureCount));
            _aheadId(ref _ids[_count]);
            _count++;
        }

        if (_count == 0)
        {
            throw new InvalidOperationException(
                $"The view gave fewer rows on a second reading: row {position} is missing. Cache the view before scoring it.");
        }

        _scorer.Score(_rows.AsSpan(0, _count * _scorer.FeatureCount), _logits.AsSpan(0, _count));
    }
}
