using Microsoft.Data.Analysis;
using Microsoft.ML;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>The rows of one or two files as the trainer takes them.</summary>
/// <param name="Label">The label column.</param>
/// <param name="Numeric">The numeric features; NaN where missing.</param>
/// <param name="Categorical">The categorical features; <c>?</c> where missing.</param>
/// <param name="Frame">All of these columns, and the group columns as texts.</param>
/// <param name="Strata">The group and the label of each row.</param>
/// <param name="TrainingRows">The rows that may be trained on.</param>
/// <param name="TestRows">The rows of the test file; null where there is none.</param>
internal sealed record CsvData(
    string Label,
    IReadOnlyList<string> Numeric,
    IReadOnlyList<string> Categorical,
    DataFrame Frame,
    IReadOnlyList<(string Group, bool IsPositive)> Strata,
    int[] TrainingRows,
    int[]? TestRows)
{
    /// <summary>Loads, filters and arranges the tables that the options name.</summary>
    /// <param name="options">What to load.</param>
    /// <param name="say">Told what was done to the rows and columns.</param>
    /// <exception cref="SampleInputException">The files or the options are not usable.</exception>
    public static CsvData Load(CsvOptions options, Action<string> say)
    {
        var table = CsvTable.Load(options.File, options.Separator, options.ColumnNames);
        var testTable = options.TestFile is null ? null
            : CsvTable.Load(options.TestFile, options.Separator, options.ColumnNames, options.SkippedTestLines).ArrangedAs(table);
        options.Check(table);
        var (training, test) = new CsvRows(options, say).Select(table, testTable);

        CsvRow[] rows = [.. training, .. test];
        List<string> numeric = [], categorical = [];
        var frame = new DataFrame(new BooleanDataFrameColumn(options.Label, rows.Select(row => row.IsPositive)));
        foreach (var (index, name) in table.Columns.Index().Where(column => column.Item != options.Label))
        {
            var cells = Array.ConvertAll(rows, row => row.Cells[index]);
            var column = Guess(options, name, cells.Take(training.Count));
            if (column.Note is not null)
                say($"Column '{name}' {column.Note}");
            if (column.Kind == ColumnKind.Numeric)
            {
                numeric.Add(name);
                frame.Columns.Add(new SingleDataFrameColumn(name, cells.Select(cell => NumberOf(name, cell, column.Form!))));
                continue;
            }
            if (column.Kind == ColumnKind.Categorical)
                categorical.Add(name);
            if (column.Kind == ColumnKind.Categorical || options.Groups.Contains(name))
                frame.Columns.Add(new StringDataFrameColumn(name, cells.Select(CellText.OrMissing)));
        }
        if (numeric.Count + categorical.Count == 0)
            throw new SampleInputException("No column is left as a feature.");
        say($"Numeric: {Names(numeric)}. Categorical: {Names(categorical)}.");
        var kept = options.Groups.Where(categorical.Contains).ToList();
        if (kept.Count > 0)
            say($"The network sees the group column{(kept.Count == 1 ? "" : "s")} {Names(kept)}; --drop keeps it from that.");
        return new CsvData(options.Label, numeric, categorical, frame, [.. rows.Select(row => (row.Group, row.IsPositive))],
            [.. Enumerable.Range(0, training.Count)],
            testTable is null ? null : [.. Enumerable.Range(training.Count, test.Count)]);
    }

    /// <summary>Some of the rows.</summary>
    public IDataView Take(int[] rows) => Frame.Filter(new Int32DataFrameColumn("rows", rows));

    private static string Names(List<string> names) => names.Count == 0 ? "none" : string.Join(", ", names);

    private static ColumnGuess Guess(CsvOptions options, string name, IEnumerable<string> cells)
    {
        if (options.Dropped.Contains(name))
            return new ColumnGuess(ColumnKind.Left);
        if (options.Categorical.Contains(name) || options.Groups.Contains(name))
            return new ColumnGuess(ColumnKind.Categorical);
        if (!options.Numeric.Contains(name))
            return ColumnGuess.Of(cells);
        var values = cells.Where(cell => !CellText.IsMissingNumber(cell)).ToHashSet();
        var form = NumberForm.Of(values);
        return form?.Doubt(values) is not { } doubtful ? new ColumnGuess(ColumnKind.Numeric, form ?? NumberForm.DecimalPoint)
            : throw new SampleInputException($"Column '{name}': {ColumnGuess.Doubt(doubtful)}.");
    }

    private static float NumberOf(string column, string cell, NumberForm form)
        => CellText.IsMissingNumber(cell) ? float.NaN
        : form.TryParse(cell, out var number) ? number
        : throw new SampleInputException($"Column '{column}' is numeric, but holds '{cell}'. Name it in --categorical or --drop.");
}
