using System.Numerics;
using System.Numerics.Tensors;

namespace HumanCompatible.ML.Features;

/// <summary>
/// The features of rows as they were read: of each row all values, or, where more than half of them are 0, the others and their slots.
/// Kept in blocks of rows, so that it grows without being copied and without limit; in memory, or in a file (<see cref="RowMemory"/>).
/// </summary>
internal sealed class FeatureTable
{
    private const int ValuesPerBlock = 1 << 18;
    private const int MostRowsPerBlock = 1 << 12;

    private readonly int _shift;
    private readonly RowMemory? _memory;
    private readonly List<Block> _blocks = [];
    private readonly List<int> _valueStarts = [0];
    private readonly List<int> _indexStarts = [0];
    private float[] _values = [];
    private int[] _indices = [];
    private RowFile? _file;

    /// <param name="featureCount">Slots per row.</param>
    /// <param name="memory">Where it is kept; null for memory. It must live as long as the table.</param>
    /// <param name="bytesBeside">The bytes that a row takes beside its features.</param>
    public FeatureTable(int featureCount, RowMemory? memory = null, int bytesBeside = 0)
    {
        (FeatureCount, _memory, BytesBeside) = (featureCount, memory, bytesBeside);
        _shift = BitOperations.Log2((uint)Math.Clamp(ValuesPerBlock / Math.Max(featureCount, 1), 1, MostRowsPerBlock));
        memory?.Add(this);
    }

    /// <summary>Slots per row.</summary>
    public int FeatureCount { get; }

    /// <summary>The bytes that a row takes beside its features.</summary>
    public int BytesBeside { get; }

    /// <summary>The rows that other members of a collective have read, of which only what is beside the features is here.</summary>
    public int RowsOfOthers { get; private set; }

    /// <summary>The bytes of the features, wherever they are.</summary>
    public long Size { get; private set; }

    /// <summary>The bytes of the features that are in memory.</summary>
    public long FeatureBytes => IsInFile ? 0 : Size;

    /// <summary>Whether the features are in a file.</summary>
    public bool IsInFile => _file is not null;

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
            Close();
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
    /// <exception cref="InvalidOperationException">The rows take more memory than they may, also without their features.</exception>
    /// <exception cref="IOException">The disk is full, or fails.</exception>
    public void Complete()
    {
        Close();
        _file?.Map();
    }

    /// <summary>Moves the features to a file, to which those of further rows are added.</summary>
    /// <exception cref="IOException">The disk is full, or fails.</exception>
    public void MoveTo(RowFile file)
    {
        if (IsInFile)
            return;
        for (var index = 0; index < _blocks.Count; index++)
        {
            var (valueStarts, indexStarts, values, indices) = (MemoryBlock)_blocks[index];
            _blocks[index] = Written(file, valueStarts, indexStarts, values, indices);
        }

        file.Map();
        _file = file;
    }

    /// <summary>Counts the rows of other members among what takes memory.</summary>
    /// <exception cref="InvalidOperationException">The rows take more memory than they may, also without their features.</exception>
    /// <exception cref="IOException">The disk is full, or fails.</exception>
    public void AddRowsOfOthers(int count)
    {
        RowsOfOthers = count;
        _memory?.Check();
    }

    private void Close()
    {
        if (_valueStarts.Count == 1)
            return;
        int[] values = [.. _valueStarts], indices = [.. _indexStarts];
        var ofValues = _values.AsSpan(0, values[^1]);
        var ofIndices = _indices.AsSpan(0, indices[^1]);
        if (values[^1] == (values.Length - 1) * (long)FeatureCount)
            values = indices = [];
        else if (indices[^1] == values[^1])
            indices = values;
        Size += sizeof(float) * ((long)values.Length + (ReferenceEquals(values, indices) ? 0 : indices.Length) + ofValues.Length
            + ofIndices.Length);
        _blocks.Add(_file is null ? new MemoryBlock(values, indices, ofValues.ToArray(), ofIndices.ToArray())
            : Written(_file, values, indices, ofValues, ofIndices));
        _valueStarts.RemoveRange(1, _valueStarts.Count - 1);
        _indexStarts.RemoveRange(1, _indexStarts.Count - 1);
        _memory?.Check();
    }

    private static FileBlock Written(RowFile file, int[] valueStarts, int[] indexStarts, ReadOnlySpan<float> values,
        ReadOnlySpan<int> indices)
    {
        var ofValues = file.Append<int>(valueStarts);
        var ofIndices = ReferenceEquals(valueStarts, indexStarts) ? ofValues : file.Append<int>(indexStarts);
        return new FileBlock(file, valueStarts.Length == 0, ofValues, ofIndices, file.Append(values), file.Append(indices));
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

    private abstract record Block
    {
        public abstract FeatureRow Row(int row, int count);
    }

    // Without starts every row has all its values.
    private sealed record MemoryBlock(int[] ValueStarts, int[] IndexStarts, float[] Values, int[] Indices) : Block
    {
        public override FeatureRow Row(int row, int count) => ValueStarts.Length == 0
            ? FeatureRow.Dense(Values.AsSpan(row * count, count))
            : new FeatureRow(count, Part(Values, ValueStarts, row), Part(Indices, IndexStarts, row));

        private static ReadOnlySpan<T> Part<T>(T[] array, int[] starts, int row)
            => array.AsSpan(starts[row], starts[row + 1] - starts[row]);
    }

    // The same arrays in a file, by where they begin.
    private sealed record FileBlock(RowFile File, bool IsDense, long ValueStarts, long IndexStarts, long Values, long Indices) : Block
    {
        public override FeatureRow Row(int row, int count) => IsDense
            ? FeatureRow.Dense(File.Read<float>(Values + ((long)row * count * sizeof(float)), count))
            : new FeatureRow(count, Part<float>(Values, ValueStarts, row), Part<int>(Indices, IndexStarts, row));

        private ReadOnlySpan<T> Part<T>(long array, long starts, int row)
            where T : unmanaged
        {
            var ends = File.Read<int>(starts + ((long)row * sizeof(int)), 2);
            return File.Read<T>(array + ((long)ends[0] * sizeof(int)), ends[1] - ends[0]);
        }
    }
}
