using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Reporting;

/// <summary>The mean size of what each column contributed to the score: mean over rows of |sum over its slots|.</summary>
internal sealed class ScoreDrivers
{
    private readonly string[] _names;
    private readonly int[] _columnOfSlot;
    private readonly double[] _sizes, _sums, _row;
    private ValueGetter<VBuffer<float>>? _getter;
    private VBuffer<float> _buffer;
    private int _rows;

    private ScoreDrivers(DataViewSchema.Column column, string[] names, int[] columnOfSlot)
    {
        (Column, _names, _columnOfSlot) = (column, names, columnOfSlot);
        (_sizes, _sums, _row) = (new double[names.Length], new double[names.Length], new double[names.Length]);
    }

    internal DataViewSchema.Column Column { get; }

    /// <summary>Each column with the mean size of its contributions, and their mean; the largest first.</summary>
    internal IEnumerable<(string Name, double Size, double Mean)> Largest
        => _names.Select((name, index) => (name, _sizes[index] / _rows, _sums[index] / _rows)).OrderByDescending(driver => driver.Item2);

    /// <summary>Those of a column of contributions; null where there is none, or its slots have no names.</summary>
    internal static ScoreDrivers? Of(DataViewSchema.Column? column)
    {
        if (column is not { Type: VectorDataViewType { Size: > 0 } vector } contributions || vector.ItemType != NumberDataViewType.Single
            || !contributions.HasSlotNames())
        {
            return null;
        }

        VBuffer<ReadOnlyMemory<char>> slots = default;
        contributions.GetSlotNames(ref slots);

        // Concatenate names the slots of a vector after it: Occupation.Sales.
        string[] sources = [.. slots.DenseValues().Select((slot, index) => slot.IsEmpty ? $"Slot {index}" : slot.ToString().Split('.')[0])];
        string[] names = [.. sources.Distinct()];
        return new ScoreDrivers(contributions, names, Array.ConvertAll(sources, source => Array.IndexOf(names, source)));
    }

    internal void Bind(DataViewRow row) => _getter = row.GetGetter<VBuffer<float>>(Column);

    internal void Read()
    {
        _getter!(ref _buffer);
        Array.Clear(_row);
        foreach (var (slot, value) in _buffer.Items())
            _row[_columnOfSlot[slot]] += value;
        for (var column = 0; column < _row.Length; column++)
        {
            _sizes[column] += Math.Abs(_row[column]);
            _sums[column] += _row[column];
        }

        _rows++;
    }
}
