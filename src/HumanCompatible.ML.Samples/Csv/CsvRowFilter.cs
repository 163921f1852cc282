using System.Globalization;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>Which rows are used, and whether they are positive.</summary>
internal sealed class CsvRowFilter
{
    private readonly CsvOptions _options;
    private readonly int _label;
    private readonly int[] _groups;
    private readonly (int Column, CsvFilter Filter)[] _filters;

    public CsvRowFilter(CsvOptions options, CsvTable table)
    {
        _options = options;
        _label = table.IndexOf("--label", options.Label);
        _groups = [.. options.Groups.Select(name => table.IndexOf("--group", name))];
        _filters = [.. options.Filters.Select(filter => (table.IndexOf("--where", filter.Column), filter))];
        foreach (var (column, filter) in _filters)
        {
            var values = table.Rows.Select(row => row[column]).Distinct().ToList();
            if (filter.Values.FirstOrDefault(value => !values.Any(cell => IsSame(cell, value))) is { } absent)
            {
                throw new SampleInputException(
                    $"--where {filter.Column}: {table.Path} has no row with the value '{absent}'; it has "
                    + $"{CsvTable.Listed(values.Order(StringComparer.Ordinal))}.");
            }
        }
    }

    /// <summary>What the user should know of the rows.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>The rows that pass the filters and have a label.</summary>
    public List<CsvRow> Labelled(CsvTable table)
    {
        var passed = table.Rows.Where(row => _filters.All(filter => filter.Filter.Values.Any(value => IsSame(row[filter.Column], value))))
            .ToList();
        if (passed.Count == 0)
            throw new SampleInputException($"{table.Path} has no row that passes --where.");
        var known = passed.Where(row => !CsvTable.IsMissing(row[_label])).ToList();
        if (known.Count < passed.Count)
            Notes.Add($"{table.Path}: {passed.Count - known.Count} rows without a label are left out.");

        // Adult's test table writes "<=50K." for "<=50K".
        var stopped = known.Count > 0 && known.All(row => row[_label].EndsWith('.') && row[_label].Length > 1)
            && !known.Any(row => IsSame(row[_label], _options.Positive));
        if (stopped)
            Notes.Add($"{table.Path}: every label ends with a full stop, which is not read.");
        string Label(string[] row) => stopped ? row[_label][..^1] : row[_label];

        var labels = known.Select(Label).Distinct().Order(StringComparer.Ordinal).ToList();
        if (!labels.Any(label => IsSame(label, _options.Positive)))
        {
            throw new SampleInputException(
                $"--positive {_options.Positive}: the label '{_options.Label}' of {table.Path} has no such value; it has "
                + $"{CsvTable.Listed(labels)}.");
        }

        if (labels.All(label => IsSame(label, _options.Positive)))
        {
            throw new SampleInputException(
                $"The label '{_options.Label}' of {table.Path} has the value {_options.Positive} in every row: there is nothing to learn.");
        }

        if (labels.Count > 2)
            Notes.Add($"{table.Path}: the label has {labels.Count} values; all but {_options.Positive} are negative.");
        return [.. known.Select(row => new CsvRow(row, IsSame(Label(row), _options.Positive)))];
    }

    /// <summary>Leaves out the rows of groups below the minimum size; the training file decides for both.</summary>
    public void KeepGroups(List<CsvRow> training, List<CsvRow> test)
    {
        if (_options.MinimumGroupRows <= 1)
            return;
        var counts = training.GroupBy(GroupOf).ToDictionary(rows => rows.Key, rows => rows.Count());
        bool IsSmall(CsvRow row) => counts.GetValueOrDefault(GroupOf(row)) < _options.MinimumGroupRows;
        var small = training.Concat(test).Where(IsSmall).Select(GroupOf).Distinct().Order(StringComparer.Ordinal).ToList();
        int before = training.Count, beforeTest = test.Count;
        training.RemoveAll(IsSmall);
        test.RemoveAll(IsSmall);
        if (small.Count > 0)
            Notes.Add($"Left out, groups of fewer than {_options.MinimumGroupRows} rows: {CsvTable.Listed(small)} ({before - training.Count} rows of {_options.File}{(_options.TestFile is null ? "" : $", {beforeTest - test.Count} of {_options.TestFile}")}).");
    }

    /// <summary>Checks that both classes and two groups are left.</summary>
    public void Check(List<CsvRow> rows, CsvTable table, string purpose)
    {
        if (rows.Count == 0)
            throw new SampleInputException($"{table.Path}: no row is left {purpose}.");
        var groups = rows.Select(GroupOf).Distinct().Take(2).ToList();
        if (groups.Count < 2)
        {
            throw new SampleInputException(
                $"{table.Path}: all rows {purpose} are of the group '{groups[0]}' of {CsvTable.Listed(_options.Groups)}: there is nothing "
                + "to compare.");
        }

        if (rows.All(row => row.IsPositive) || !rows.Any(row => row.IsPositive))
            throw new SampleInputException($"{table.Path}: all rows {purpose} have the same label.");
    }

    private string GroupOf(CsvRow row) => string.Join(", ", _groups.Select(column => row.Cells[column]));

    // As text, or as numbers: a table may write 1 as 1.0.
    private static bool IsSame(string cell, string value) => cell == value
        || (double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var wanted) && number == wanted);
}
