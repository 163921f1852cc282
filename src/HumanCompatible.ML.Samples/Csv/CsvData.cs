using System.Globalization;
using HumanCompatible.ML.Trainers;
using Microsoft.Data.Analysis;
using Microsoft.ML;
using TorchSharp;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>The rows of one or two files as the trainer takes them.</summary>
/// <param name="Label">The label column.</param>
/// <param name="Numeric">The numeric features; NaN where missing.</param>
/// <param name="Categorical">The categorical features; <c>?</c> where missing, or empty in a group column.</param>
/// <param name="Frame">All of these columns, the group columns as texts and the weights.</param>
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
        CheckDevice(options.Device);
        var table = CsvTable.Load(options.File, options.Separator, options.ColumnNames);
        var testTable = options.TestFile is null ? null
            : CsvTable.Load(options.TestFile, options.Separator, options.ColumnNames, options.SkippedTestLines).ArrangedAs(table);
        options.Check(table);
        foreach (var warning in options.Missing.Unused(testTable is null ? [table] : [table, testTable]))
            say(warning);
        new CsvGroups(options, say).Unify(table, testTable);
        var (training, test) = new CsvRows(options, say).Select(table, testTable);
        var columns = new CsvColumns(options, say).Read(table, training, test);

        CsvRow[] rows = [.. training, .. test];
        var frame = new DataFrame(new BooleanDataFrameColumn(options.Label, rows.Select(row => row.IsPositive)));
        SayCopies(options, new CsvDuplicates([.. rows.Select(row => row.IsPositive)], columns.Select(column => column.Values)),
            training.Count, test.Count, say);
        columns.ForEach(column => frame.Columns.Add(column.Values));
        List<string> Features(ColumnKind kind) => [.. columns.Where(column => column.Kind == kind).Select(column => column.Values.Name)];
        List<string> numeric = Features(ColumnKind.Numeric), categorical = Features(ColumnKind.Categorical);
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

    // Before anything is read.
    private static void CheckDevice(string device)
    {
        try
        {
            _ = new MLContext().Constrained().Trainers.BinaryClassification(
                new ConstrainedBinaryClassificationTrainer.Options { Device = device });
        }
        catch (ArgumentException problem)
        {
            throw new SampleInputException(CsvTraining.WithoutParameter(problem), problem);
        }

        if (!device.StartsWith("cuda", StringComparison.Ordinal))
            return;
        var (index, count) = (device is "cuda" ? 0 : int.Parse(device.AsSpan(5), CultureInfo.InvariantCulture), torch.cuda.device_count());
        if (index >= count)
            throw new SampleInputException($"Device '{device}' was asked for, but torch finds {count} CUDA device(s).");
    }

    private static void SayCopies(CsvOptions options, CsvDuplicates duplicates, int training, int test, Action<string> say)
    {
        const string same = "the same label and, as read, the same values in all columns that the model uses (features, groups, weight)";
        int[] first = [.. Enumerable.Range(0, training)];
        var known = duplicates.Count(Enumerable.Range(training, test), first);
        if (known > 0)
        {
            say($"Warning: {known} of the {CellText.Count(test, "row")} of {options.TestFile} {(known == 1 ? "is" : "are")} in "
                + $"{options.File}, too, with {same}. If these are the same cases, the test rows are not new ones, and what is said of "
                + "them is too good.");
        }

        if (options.TestFile is null && duplicates.Repetitions(first) is > 0 and var repeated)
        {
            say($"Warning: {repeated} of the {training} rows of {options.File} {(repeated == 1 ? "is a copy" : "are copies")} of "
                + $"another row, with {same}. If these are the same cases, copies of rows that are trained on are among the test rows, "
                + "and what is said of them is too good.");
        }
    }

    private static string Names(List<string> names) => names.Count == 0 ? "none" : string.Join(", ", names);
}
