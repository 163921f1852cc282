using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Scoring;

/// <summary>The logit of the current row: computed when first asked for, once however many output columns are read.</summary>
internal sealed class RowLogit
{
    private readonly IRowScorer _scorer;
    private readonly DataViewRow _row;
    private readonly ValueGetter<VBuffer<float>> _features;
    private readonly float[] _dense;
    private VBuffer<float> _buffer;
    private long _position = -1;
    private float _logit;

    internal RowLogit(IRowScorer scorer, DataViewRow row, DataViewSchema.Column featureColumn)
    {
        _scorer = scorer;
        _row = row;
        _features = row.GetGetter<VBuffer<float>>(featureColumn);
        _dense = new float[scorer.FeatureCount];
    }

    internal float Value
    {
        get
        {
            ScoredColumns.CheckPosition(_row);
            if (_position != _row.Position)
            {
                _features(ref _buffer);
                _buffer.CopyTo(_dense);
                _scorer.Score(_dense, new Span<float>(ref _logit));
                _position = _row.Position;
            }

            return _logit;
        }
    }
}
