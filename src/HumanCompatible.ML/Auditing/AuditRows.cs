namespace HumanCompatible.ML.Auditing;

/// <summary>The rows of an audit, each with its combination of values.</summary>
internal sealed class AuditRows
{
    private readonly List<AuditRow> _rows = [];
    private readonly List<int> _cells = [];

    internal int Count => _rows.Count;

    /// <summary>The number of combinations of values that occur.</summary>
    internal int CellCount { get; private set; }

    internal AuditRow this[int row] => _rows[row];

    internal int CellOf(int row) => _cells[row];

    internal void Add(int cell, in AuditRow row)
    {
        _rows.Add(row.ClassScores is { } scores ? row with { ClassScores = [.. scores] } : row);
        _cells.Add(cell);
        CellCount = Math.Max(CellCount, cell + 1);
    }

    /// <summary>The same rows, predicted positive where the score is above a threshold.</summary>
    internal AuditRows At(double threshold)
    {
        var rows = new AuditRows();
        for (var row = 0; row < Count; row++)
            rows.Add(_cells[row], _rows[row] with { Prediction = _rows[row].Score > threshold ? 1 : 0 });
        return rows;
    }

    /// <summary>Whether other rows have the same combinations of values, labels and weights, one after the other.</summary>
    internal bool IsSameAs(AuditRows other) => _cells.SequenceEqual(other._cells)
        && _rows.Zip(other._rows).All(two => two.First.Label == two.Second.Label && two.First.Weight == two.Second.Weight);
}
