using System.Globalization;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>The rows of one or two files as the trainer takes them.</summary>
/// <param name="Label">The label column.</param>
/// <param name="Numbers">The numeric features; NaN where missing.</param>
/// <param name="Texts">The categorical features and the group columns; <c>?</c> where missing.</param>
/// <param name="Categories">Those of <paramref name="Texts"/> that are features.</param>
/// <param name="Labels">Whether a row is positive.</param>
/// <param name="GroupOfRow">The group of each row: the combination of the values of all group columns.</param>
/// <param name="TrainingRows">The rows that may be trained on.</param>
/// <param name="TestRows">The rows of the test file; null where there is none.</param>
internal sealed record CsvData(
    string Label,
    IReadOnlyDictionary<string, float[]> Numbers,
    IReadOnlyDictionary<string, string[]> Texts,
    IReadOnlyList<string> Categories,
    bool[] Labels,
    int[] GroupOfRow,
    int[] TrainingRows,
    int[]? TestRows)
{
    private const string Missing = "?";

    // What the pipeline names its own columns; a later column of a name hides an earlier one.
    private static readonly string[] TakenNames = ["Features", "Score", "Probability", "PredictedLabel"];

    /// <summary>Loads, filters and arranges the tables that the options name.</summary>
    /// <param name="options">What to load.</param>
    /// <param name="say">Told what was done to the rows and columns.</param>
    /// <exception cref="SampleInputException">The files or the options are not usable.</exception>
    public static CsvData Load(CsvOptions options, Action<string> say)
    {
        var training = CsvTable.Load(options.File, options.Separator, options.ColumnNames);
        var test = options.TestFile is null ? null
            : CsvTable.Load(options.TestFile, options.Separator, options.ColumnNames, options.SkippedTestLines).ArrangedAs(training);
        CheckColumns(options, training);

        var filter = new CsvRowFilter(options, training);
        var trainingRows = filter.Labelled(training);
        var testRows = test is null ? [] : filter.Labelled(test);
        filter.KeepGroups(trainingRows, testRows);
        filter.Check(trainingRows, training, "to train on");
        if (test is not null)
            filter.Check(testRows, test, "to test on");
        foreach (var note in filter.Notes)
            say(note);

        List<string[]> rows = [.. trainingRows.Select(row => row.Cells), .. testRows.Select(row => row.Cells)];
        var numbers = new Dictionary<string, float[]>();
        var texts = new Dictionary<string, string[]>();
        var categories = new List<string>();
        for (var index = 0; index < training.Columns.Count; index++)
        {
            var name = training.Columns[index];
            if (name == options.Label)
                continue;
            string[] cells = [.. rows.Select(row => row[index])];
            var kind = KindOf(options, name, new ArraySegment<string>(cells, 0, trainingRows.Count), say);
            if (kind == ColumnKind.Numeric)
                numbers.Add(name, Array.ConvertAll(cells, cell => NumberOf(name, cell)));
            if (kind == ColumnKind.Categorical)
                categories.Add(name);
            if (kind == ColumnKind.Categorical || options.Groups.Contains(name))
                texts.Add(name, Array.ConvertAll(cells, cell => CsvTable.IsMissing(cell) ? Missing : cell));
        }
        if (numbers.Count + categories.Count == 0)
            throw new SampleInputException("No column is left as a feature.");
        say($"Numeric: {(numbers.Count == 0 ? "none" : string.Join(", ", numbers.Keys))}. Categorical: "
            + $"{(categories.Count == 0 ? "none" : string.Join(", ", categories))}.");
        var kept = options.Groups.Where(categories.Contains).ToList();
        if (kept.Count > 0)
            say($"The network sees the group column{(kept.Count == 1 ? "" : "s")} {string.Join(", ", kept)}; --drop keeps it from that.");

        string[] names = [.. rows.Select((_, row) => string.Join('\u001F', options.Groups.Select(group => texts[group][row])))];
        var codes = names.Distinct().Order(StringComparer.Ordinal).Select((name, code) => (name, code))
            .ToDictionary(pair => pair.name, pair => pair.code);
        return new CsvData(
            options.Label,
            numbers,
            texts,
            categories,
            [.. trainingRows.Select(row => row.IsPositive), .. testRows.Select(row => row.IsPositive)],
            Array.ConvertAll(names, name => codes[name]),
            [.. Enumerable.Range(0, trainingRows.Count)],
            test is null ? null : [.. Enumerable.Range(trainingRows.Count, testRows.Count)]);
    }

    private static void CheckColumns(CsvOptions options, CsvTable table)
    {
        table.IndexOf("--label", options.Label);
        foreach (var (option, names) in new[] { ("--group", options.Groups), ("--categorical", options.Categorical),
            ("--numeric", options.Numeric), ("--drop", options.Dropped) })
        {
            foreach (var name in names)
            {
                table.IndexOf(option, name);
                if (name == options.Label)
                    throw new SampleInputException($"{option} {name}: that is the label.");
            }
        }
        foreach (var constraint in options.Constraints)
        {
            if (constraint.Groups?.FirstOrDefault(name => !options.Groups.Contains(name)) is { } stranger)
            {
                throw new SampleInputException(
                    $"--constraint {constraint.Word}: '{stranger}' is not one of the columns of --group "
                    + $"({CsvTable.Listed(options.Groups)}).");
            }
        }
        if (options.Numeric.FirstOrDefault(name => options.Categorical.Contains(name)) is { } both)
            throw new SampleInputException($"--numeric {both}: --categorical names it, too.");
        if (options.Numeric.FirstOrDefault(name => options.Groups.Contains(name)) is { } group)
            throw new SampleInputException($"--numeric {group}: --group names it, too, and the values of a group column are categories.");
        if (options.Groups.Append(options.Label).FirstOrDefault(TakenNames.Contains) is { } taken)
            throw new SampleInputException($"The column '{taken}' has a name that the model gives to a column of its own. Rename it.");
    }

    private static ColumnKind KindOf(CsvOptions options, string name, IReadOnlyList<string> cells, Action<string> say)
    {
        if (options.Dropped.Contains(name))
            return ColumnKind.Left;
        if (options.Categorical.Contains(name) || options.Groups.Contains(name))
            return ColumnKind.Categorical;
        if (options.Numeric.Contains(name))
            return ColumnKind.Numeric;
        var kind = ColumnKindGuess.Of(cells, out var why);
        if (why is not null)
        {
            say($"Column '{name}' is left out: {why}.");
        }
        else if (kind == ColumnKind.Numeric && cells.Count > 2 && cells.Distinct().Count() == cells.Count
            && cells.All(cell => long.TryParse(cell, NumberStyles.Integer, CultureInfo.InvariantCulture, out _)))
        {
            say($"Column '{name}' has a different whole number in every row: if it only names rows, --drop {name}.");
        }

        return kind;
    }

    private static float NumberOf(string column, string cell)
        => CsvTable.IsMissing(cell) ? float.NaN
        : ColumnKindGuess.TryParse(cell, out var number) ? number
        : throw new SampleInputException($"Column '{column}' is numeric, but holds '{cell}'. Name it in --categorical or --drop.");
}
