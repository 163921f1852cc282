namespace HumanCompatible.ML.Samples.Csv;

/// <summary>A row that is used.</summary>
/// <param name="Cells">Its cells.</param>
/// <param name="Group">The values of the group columns, between <see cref="Between"/>; empty ones are missing.</param>
/// <param name="IsPositive">Whether its label is the positive value.</param>
/// <param name="Line">The line of the file on which it begins, from 1.</param>
internal sealed record CsvRow(string[] Cells, string Group, bool IsPositive, int Line)
{
    /// <summary>A character that no value holds.</summary>
    public const char Between = '\u001F';

    /// <summary>Whether a value is missing in a group column.</summary>
    public bool LacksGroup => Group.Split(Between).Contains("");

    /// <summary>The group as it is shown.</summary>
    public string GroupName => string.Join(", ", Group.Split(Between).Select(value => value.Length == 0 ? "(missing)" : value));
}

/// <summary>Decides which rows are used, and whether they are positive.</summary>
/// <param name="options">Says which.</param>
/// <param name="say">Told what was done to the rows.</param>
internal sealed class CsvRows(CsvOptions options, Action<string> say)
{
    /// <summary>The rows to train and to test on; none of the latter without a test table.</summary>
    /// <exception cref="SampleInputException">The rows that are left are of one label or of one group, or there are none.</exception>
    public (IReadOnlyList<CsvRow> Training, IReadOnlyList<CsvRow> Test) Select(CsvTable training, CsvTable? test)
    {
        foreach (var filter in options.Filters)
            CheckValues(training, filter);
        List<CsvRow> trainingRows = Labeled(training), testRows = test is null ? [] : Labeled(test);
        Check(trainingRows, training, "to train on");
        if (test is not null)
            Check(testRows, test, "to test on");
        new CsvGroups(options, say).Check(training, trainingRows, testRows);
        return (trainingRows, testRows);
    }

    /// <summary>The rows to audit, whatever their labels; those without a prediction or score are left out.</summary>
    /// <param name="table">The table.</param>
    /// <param name="predictions">The column of the predictions.</param>
    /// <param name="scores">The column of the scores; null for none.</param>
    /// <exception cref="SampleInputException">The rows that are left are of one group, or there are none.</exception>
    public IReadOnlyList<CsvRow> SelectAudited(CsvTable table, int predictions, int? scores)
    {
        foreach (var filter in options.Filters)
            CheckValues(table, filter);
        var rows = Labeled(table, predictions, scores);
        CheckSomething(rows, table, "to audit");
        new CsvGroups(options, say).Check(table, rows);
        return rows;
    }

    private static void CheckValues(CsvTable table, CsvFilter filter)
    {
        var column = table.IndexOf("--where", filter.Column);
        string[] values = [.. table.Rows.Select(row => row[column]).Distinct()];
        if (filter.Values.FirstOrDefault(value => !values.Any(cell => CellText.IsSame(cell, value))) is { } absent)
        {
            throw new SampleInputException($"--where {filter.Column}: {table.Path} has no row with the value '{absent}'; "
                + $"it has {CsvTable.Listed(values.Order(StringComparer.Ordinal))}.");
        }
    }

    // The rows that pass the filters and have a label. The positive value must be one of the label, or of the predictions.
    private List<CsvRow> Labeled(CsvTable table, int? predictions = null, int? scores = null)
    {
        var label = table.IndexOf("--label", options.Label);
        var filters = options.Filters.Select(filter => (Column: table.IndexOf("--where", filter.Column), filter.Values)).ToList();
        var passed = table.Rows.Zip(table.Lines, (cells, line) => (Cells: cells, Line: line)).Where(row => filters.All(filter
            => filter.Values.Any(value => CellText.IsSame(row.Cells[filter.Column], value)))).ToList();
        if (passed.Count == 0)
            throw new SampleInputException($"{table.Path} has no row that passes --where.");
        List<(string[] Cells, int Line)> With(List<(string[] Cells, int Line)> rows, int column, string what, Predicate<string> isMissing)
        {
            string[] missing = [.. rows.Select(row => row.Cells[column]).Where(cell => isMissing(cell))];
            if (missing.Length > 0)
            {
                say($"{table.Path}: left out without a {what}: {CellText.Count(missing.Length, "row")} of {rows.Count}"
                    + $"{MissingValues.Texts(missing)}.");
            }

            return [.. rows.Where(row => !isMissing(row.Cells[column]))];
        }

        var known = With(passed, label, "label", options.Missing.IsMissing);
        if (predictions is { } said)
            known = With(known, said, "prediction", options.Missing.IsMissing);
        if (scores is { } scored)
            known = With(known, scored, "score", options.Missing.IsMissingNumber);
        if (known.Count == 0)
            return [];
        DropStops(known.Select(row => row.Cells), label, "label", table.Path);
        if (predictions is { } predicted)
            DropStops(known.Select(row => row.Cells), predicted, "prediction", table.Path);
        bool IsPositive(string value) => CellText.IsSame(value, options.Positive);
        var labels = known.Select(row => row.Cells[label]).Distinct().Order(StringComparer.Ordinal).ToList();
        if (!labels.Any(IsPositive) && !(predictions is { } column && known.Any(row => IsPositive(row.Cells[column]))))
        {
            throw new SampleInputException($"--positive {options.Positive}: the label '{options.Label}' of {table.Path} has no such value; "
                + $"it has {CsvTable.Listed(labels)}.");
        }
        if (!labels.Any(IsPositive))
            say($"{table.Path}: all labels are negative: none is '{options.Positive}', which only predictions are.");
        if (labels.DistinctBy(CellText.Plain).Count() > 2)
        {
            say($"{table.Path}: the label has {labels.Count} values ({CsvTable.Listed(labels)}); all but "
                + $"{CsvTable.Listed(labels.Where(IsPositive))} are negative.");
        }

        int[] groups = [.. options.Groups.Select(name => table.IndexOf("--group", name))];
        string Group(string[] row) => string.Join(CsvRow.Between, groups.Select(column
            => options.Missing.IsMissing(row[column]) ? "" : row[column]));
        return [.. known.Select(row => new CsvRow(row.Cells, Group(row.Cells), IsPositive(row.Cells[label]), row.Line))];
    }

    // Adult's test table writes "<=50K." for "<=50K".
    private void DropStops(IEnumerable<string[]> rows, int column, string what, string path)
    {
        var values = rows.Where(cells => !options.Missing.IsMissing(cells[column])).ToList();
        if (values.Count == 0
            || !values.TrueForAll(cells => cells[column] is [_, .., '.'] value && !CellText.IsSame(value, options.Positive)))
        {
            return;
        }

        values.ForEach(cells => cells[column] = cells[column][..^1]);
        say($"{path}: every {what} ends with a full stop, which is not read.");
    }

    private void CheckSomething(List<CsvRow> rows, CsvTable table, string purpose)
    {
        if (rows.Count == 0)
            throw new SampleInputException($"{table.Path}: no row is left {purpose}.");
        new CsvGroups(options, say).CheckComparison(table, rows, purpose);
    }

    private void Check(List<CsvRow> rows, CsvTable table, string purpose)
    {
        CheckSomething(rows, table, purpose);
        if (rows.All(row => row.IsPositive == rows[0].IsPositive))
        {
            throw new SampleInputException($"{table.Path}: the label '{options.Label}' of all rows {purpose} is "
                + $"{(rows[0].IsPositive ? "" : "not ")}'{options.Positive}': there is nothing to tell apart.");
        }
    }
}
