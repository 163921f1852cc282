using System.Numerics;
using System.Numerics.Tensors;

namespace HumanCompatible.ML.Features;

/// <summary>
/// The features of rows as they were read: of each row all values, or, where more than half of them are 0, the others and their slots.
/// Kept in blocks of rows, so that it grows without being copied and without limit.
/// </summary>
/// <param name="featureCount">Slots per row.</param>
internal sealed class FeatureTable(int featureCount)
{
    private const int ValuesPerBlock = 1 << 18;
    private const int MostRowsPerBlock = 1 << 12;

    private readonly int _shift = BitOperations.Log2((uint)Math.Clamp(ValuesPerBlock / Math.Max(featureCount, 1), 1, MostRowsPerBlock));
    private readonly List<Block> _blocks = [];
    private readonly List<int> _valueStarts = [0];
    private readonly List<int> _indexStarts = [0];
    private float[] _values = [];
    private int[] _indices = [];

    /// <summary>Slots per row.</summary>
    public int FeatureCount { get; } = featureCount;

    /// <summary>The rows added so far.</summary>
    public int RowCount { get; private set; }

    /// <summary>Whether a value is missing (NaN).</summary>
    public bool HasMissing { get; private set; }

    /// <summary>A row. Not before <see cref="Complete"/>.</summary>
    public FeatureRow this[int row] => _blocks[row >> _shift].Row(row & ((1 << _shift) - 1), FeatureCount);

    /// <summary>A table of values that are there already.</summary>
    /// <param name="values">[rows, features], row after row.</param>
    /// <param name="featureCount">Slots per row.</param>
    public static FeatureTable Of(ReadOnlySpan<float> values, int featureCount)
    {
        var table = new FeatureTable(featureCount);
        for (; !values.IsEmpty; values = values[featureCount..])
            table.Add(FeatureRow.Dense(values[..featureCount]));
        table.Complete();
        return table;
    }

    /// <summary>Appends a row.</summary>
    public void Add(FeatureRow row)
    {
        if (_valueStarts.Count > 1 << _shift)
            Complete();
        var nonzero = 0;
        foreach (var value in row.Values)
            nonzero += value != 0 ? 1 : 0;
        if (2L * nonzero >= FeatureCount)
            AddValues(row);
        else
            AddEntries(row, nonzero);
        _valueStarts.Add(_valueStarts[^1] + (2L * nonzero >= FeatureCount ? FeatureCount : nonzero));
        _indexStarts.Add(_indexStarts[^1] + (2L * nonzero >= FeatureCount ? 0 : nonzero));
        RowCount++;
        HasMissing = HasMissing || TensorPrimitives.IsNaNAny(row.Values);
    }

    /// <summary>Closes what was added; call it after the last row.</summary>
    public void Complete()
    {
        if (_valueStarts.Count == 1)
            return;
        int[] values = [.. _valueStarts], indices = [.. _indexStarts];
        var isDense = values[^1] == (values.Length - 1) * (long)FeatureCount;
        _blocks.Add(new Block(
            isDense ? null : values,
            isDense ? null : indices[^1] == values[^1] ? values : indices,
            _values[..values[^1]],
            _indices[..indices[^1]]));
        _valueStarts.RemoveRange(1, _valueStarts.Count - 1);
        _indexStarts.RemoveRange(1, _indexStarts.Count - 1);
    }

    private void AddValues(FeatureRow row)
    {
        var start = _valueStarts[^1];
        Reserve(ref _values, start + FeatureCount);
        var target = _values.AsSpan(start, FeatureCount);
        if (row.IsDense)
        {
            row.Values.CopyTo(target);
            return;
        }

        target.Clear();
        for (var position = 0; position < row.Indices.Length; position++)
            target[row.Indices[position]] = row.Values[position];
    }

    private void AddEntries(FeatureRow row, int nonzero)
    {
        var (value, index) = (_valueStarts[^1], _indexStarts[^1]);
        Reserve(ref _values, value + nonzero);
        Reserve(ref _indices, index + nonzero);
        for (var position = 0; position < row.Values.Length; position++)
        {
            if (row.Values[position] == 0)
                continue;
            _values[value++] = row.Values[position];
            _indices[index++] = row.SlotAt(position);
        }
    }

    private static void Reserve<T>(ref T[] array, int length)
    {
        if (length > array.Length)
            Array.Resize(ref array, Math.Max(length, (int)Math.Min(2L * array.Length, Array.MaxLength)));
    }

    // Without starts every row has all its values.
    private sealed record Block(int[]? ValueStarts, int[]? IndexStarts, float[] Values, int[] Indices)
    {
        public FeatureRow Row(int row, int count) => ValueStarts is null
            ? FeatureRow.Dense(Values.AsSpan(row * count, count))
            : new FeatureRow(count, Part(Values, ValueStarts, row), Part(Indices, IndexStarts!, row));

        private static ReadOnlySpan<T> Part<T>(T[] array, int[] starts, int row)
            => array.AsSpan(starts[row], starts[row + 1] - starts[row]);
    }
}
