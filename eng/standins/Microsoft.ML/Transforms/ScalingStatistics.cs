using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Scale and offset of each slot: y = (x - offset) * scale. A slot without any spread has scale zero.</summary>
internal sealed record AffineScaling<T>(T[] Scale, T[] Offset);

/// <summary>Learns the scaling of one column in one pass.</summary>
internal sealed class ScalingStatistics<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly ValueGetter<VBuffer<T>> _read;
    private readonly long _limit;
    private readonly T[] _minimum;
    private readonly T[] _maximum;
    private readonly double[] _mean;
    private readonly double[] _squares;
    private readonly long[] _nonZero;
    private readonly long[] _explicit;
    private readonly long[] _missing;
    private VBuffer<T> _row;
    private long _rows;

    public ScalingStatistics(DataViewRowCursor cursor, DataViewSchema.Column column, long limit)
    {
        _limit = limit;
        var size = column.Type.GetValueCount();
        (_minimum, _maximum) = (new T[size], new T[size]);
        Array.Fill(_minimum, T.PositiveInfinity);
        Array.Fill(_maximum, T.NegativeInfinity);
        (_mean, _squares, _nonZero, _explicit, _missing) = (new double[size], new double[size], new long[size], new long[size], new long[size]);
        if (column.Type is VectorDataViewType)
        {
            _read = cursor.GetGetter<VBuffer<T>>(column);
            return;
        }
        var scalar = cursor.GetGetter<T>(column);
        _read = (ref VBuffer<T> row) =>
        {
            var editor = VBufferEditor.Create(ref row, 1);
            scalar(ref editor.Values[0]);
            row = editor.Commit();
        };
    }

    /// <summary>Takes the cursor's row; false when no more rows are wanted.</summary>
    public bool ProcessRow()
    {
        if (_rows >= _limit)
            return false;
        _rows++;
        _read(ref _row);
        var values = _row.GetValues();
        var slots = _row.GetIndices();
        for (var i = 0; i < values.Length; i++)
            Update(_row.IsDense ? i : slots[i], values[i]);
        return true;
    }

    public AffineScaling<T> Finish(NormalizingEstimator.Scaling scaling, bool fixZero)
    {
        var result = new AffineScaling<T>(new T[_mean.Length], new T[_mean.Length]);
        for (var slot = 0; slot < _mean.Length; slot++)
        {
            (result.Scale[slot], result.Offset[slot]) = scaling == NormalizingEstimator.Scaling.MinMax ? MinMax(slot, fixZero) : MeanVariance(slot, fixZero);
        }
        return result;
    }

    private void Update(int slot, T value)
    {
        _explicit[slot]++;
        if (_maximum[slot] < value)
            _maximum[slot] = value;
        if (_minimum[slot] > value)
            _minimum[slot] = value;
        if (value == T.Zero)
            return;
        if (!T.IsFinite(value))
        {
            _missing[slot]++;
            return;
        }
        // B. P. Welford's recurrence over the values that are not zero; the zeros are added in Finish.
        _nonZero[slot]++;
        var real = double.CreateTruncating(value);
        var delta = real - _mean[slot];
        _mean[slot] += delta / _nonZero[slot];
        _squares[slot] += delta * (real - _mean[slot]);
    }

    private (T Scale, T Offset) MinMax(int slot, bool fixZero)
    {
        var (minimum, maximum) = (_minimum[slot], _maximum[slot]);
        if (_explicit[slot] < _rows)
            (minimum, maximum) = (T.Min(minimum, T.Zero), T.Max(maximum, T.Zero));
        if (!(maximum > minimum))
            return default;
        if (fixZero)
            return (T.One / T.Max(T.Abs(maximum), T.Abs(minimum)), T.Zero);
        var scale = T.One / (maximum - minimum);
        return (scale, scale == T.Zero ? T.Zero : minimum);
    }

    private (T Scale, T Offset) MeanVariance(int slot, bool fixZero)
    {
        var (mean, squares, count) = (_mean[slot], _squares[slot], _rows - _missing[slot]);
        var zeros = count - _nonZero[slot];
        if (zeros > 0)
        {
            var shifted = mean - (mean * zeros / count);
            squares += mean * shifted * zeros;
            mean = shifted;
        }
        if (squares == 0)
            return default;
        var variance = squares / count;
        if (fixZero)
            return (T.One / T.CreateTruncating(Math.Sqrt(variance + (mean * mean))), T.Zero);
        var scale = T.One / T.CreateTruncating(Math.Sqrt(variance));
        return (scale, scale == T.Zero ? T.Zero : T.CreateTruncating(mean));
    }
}
