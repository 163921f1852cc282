using HumanCompatible.ML.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Reporting;

/// <summary>The mean size of what each column contributed to the score: mean over rows of |sum over its slots|.</summary>
internal sealed class ScoreDrivers
{
    private const int MostRows = 5000;

    private readonly ContributionGroups _groups;
    private readonly IReadOnlyDictionary<string, string> _names;
    private readonly Dictionary<string, (double Size, double Sum)> _totals = [];
    private ValueGetter<VBuffer<float>>? _getter;
    private VBuffer<float> _buffer;
    private readonly int _step;
    private int _rows, _read;

    private ScoreDrivers(DataViewSchema.Column column, ContributionGroups groups, IReadOnlyDictionary<string, string> names, int rowCount)
        => (Column, _groups, _names, _step) = (column, groups, names, (rowCount + MostRows - 1) / MostRows);

    /// <summary>The rows that were looked at.</summary>
    internal int RowCount => _read;

    internal DataViewSchema.Column Column { get; }

    /// <summary>Each column with the mean size of its contributions, and their mean; the largest first.</summary>
    internal IEnumerable<(string Name, double Size, double Mean)> Largest => _totals.Select(total => (
        _names.GetValueOrDefault(total.Key, total.Key), total.Value.Size / _read, total.Value.Sum / _read))
        .OrderByDescending(driver => driver.Item2);

    /// <summary>Those of a column of contributions; null where there is none, or its slots have no names.</summary>
    /// <param name="column">The column.</param>
    /// <param name="names">What the concatenated columns are called, by their names; empty to go by the first full stop.</param>
    /// <param name="rowCount">How many rows there are; of many only some are looked at: a contribution takes longer than a score.</param>
    /// <exception cref="ArgumentException">A slot belongs to none of these columns.</exception>
    internal static ScoreDrivers? Of(DataViewSchema.Column? column, IReadOnlyDictionary<string, string> names,
        int rowCount)
        => column is not { Type: VectorDataViewType { Size: > 0 } vector } contributions || vector.ItemType != NumberDataViewType.Single
            || !contributions.HasSlotNames() ? null
            : new ScoreDrivers(contributions, ContributionGroups.Of(contributions, [.. names.Keys]), names, rowCount);

    internal void Bind(DataViewRow row) => _getter = row.GetGetter<VBuffer<float>>(Column);

    internal void Read()
    {
        if (_rows++ % _step != 0)
            return;
        _getter!(ref _buffer);
        foreach (var (column, value) in _groups.Sum(_buffer))
        {
            var (size, sum) = _totals.GetValueOrDefault(column);
            _totals[column] = (size + Math.Abs(value), sum + value);
        }

        _read++;
    }
}
