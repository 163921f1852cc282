using HumanCompatible.ML.Groups;

namespace HumanCompatible.ML.Auditing;

/// <summary>Counts rows into a cell for each combination of values that occurs; memory does not grow with the rows.</summary>
/// <param name="task">What is audited.</param>
/// <param name="columnCount">The number of columns that divide the rows, control columns last.</param>
internal sealed class FairnessAuditor(AuditTask task, int columnCount)
{
    internal const double DefaultConfidence = 0.95;

    // The most different scores of all tables together, of 24 to 56 bytes each in a table that is at least a quarter full.
    private const int ScoreBudget = 1 << 21;
    private const int SmallestLimit = 1 << 8;

    // The smallest probability whose logarithm enters the log loss: a wrong answer given with certainty costs 34.5 nats instead of
    // infinitely many.
    private const double SmallestProbability = 1e-15;

    private readonly CellIndex _index = new(columnCount);
    private readonly List<AuditCell> _cells = [];
    private int _tables;
    private int _limit = ScoreTable.LargestLimit;

    internal IReadOnlyList<AuditCell> Cells => _cells;

    internal static double LogLoss(double probability) => -Math.Log(Math.Max(probability, SmallestProbability));

    internal static void CheckConfidence(double confidence)
    {
        if (!(confidence > 0 && confidence < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence,
            "The confidence must lie between 0 and 1.");
        }
    }

    /// <summary>Counts a row.</summary>
    /// <param name="codes">Its code in each column.</param>
    /// <param name="row">The row.</param>
    internal void Add(ReadOnlySpan<int> codes, in AuditRow row) => _cells[CellOf(codes)].Add(row);

    /// <summary>The codes of each cell in a column.</summary>
    internal int[] CodesOf(int column) => [.. Enumerable.Range(0, _cells.Count).Select(cell => _index.CodesOf(cell)[column])];

    /// <summary>The cell of a row with some codes.</summary>
    internal int CellOf(ReadOnlySpan<int> codes)
    {
        var cell = _index.CellOf(codes);
        if (cell < _cells.Count)
            return cell;
        var added = task.NewCell();
        _cells.Add(added);
        _tables += added.Tables.Count();
        var limit = _limit;
        while (limit > SmallestLimit && (long)limit * _tables > ScoreBudget)
            limit /= 2;
        foreach (var table in (limit == _limit ? [added] : _cells).SelectMany(one => one.Tables))
            table.Limit = limit;
        _limit = limit;
        return cell;
    }

    /// <summary>The audit of what was counted.</summary>
    /// <param name="columns">The columns with the code of each cell, control columns last.</param>
    /// <param name="settings">How it is read.</param>
    /// <exception cref="InvalidOperationException">There is no row, or values are missing and must not be.</exception>
    internal FairnessAudit Finish(IReadOnlyList<GroupColumn> columns, AuditSettings settings)
    {
        if (_cells.Count == 0)
            throw new InvalidOperationException("There is no row to audit.");
        GroupColumn[] groups = [.. columns.SkipLast(settings.ControlCount)];
        if (settings.MissingValues == GroupPolicy.Error)
            CheckNothingMissing(groups);
        return new FairnessAudit(groups, [.. columns.TakeLast(settings.ControlCount)], [.. _cells], settings);
    }

    private void CheckNothingMissing(GroupColumn[] groups)
    {
        var missing = Enumerable.Range(0, _cells.Count)
            .Where(cell => groups.Any(column => column.CodeOfRow[cell] == column.MissingCode)).Sum(cell => _cells[cell].Counts.RowCount);
        if (missing > 0)
        {
            throw new InvalidOperationException($"{ExcludedGroup.Rows(missing)} of the data without a value in "
                + $"{string.Join(" or ", groups.Select(column => $"'{column.Name}'"))}: fill it in, or set missingValues to "
                + $"{nameof(GroupPolicy.Include)} or {nameof(GroupPolicy.Exclude)}.");
        }
    }
}

/// <summary>How an audit is read.</summary>
/// <param name="Confidence">The confidence of the intervals, between 0 and 1.</param>
/// <param name="MissingValues">What is done with groups of missing values.</param>
/// <param name="ControlCount">How many of the columns are control columns.</param>
internal sealed record AuditSettings(double Confidence = FairnessAuditor.DefaultConfidence,
    GroupPolicy MissingValues = GroupPolicy.Exclude, int ControlCount = 0)
{
    /// <summary>Reads the rows once more, for the bootstrap; null where they cannot be had.</summary>
    internal Func<AuditRows>? ReadRows { get; init; }

    /// <summary>Where all of the rows came from, as they are; null for others.</summary>
    internal ScoredData? Source { get; init; }
}
