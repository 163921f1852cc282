using Microsoft.Data.Analysis;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>A column for the trainer.</summary>
/// <param name="Values">Its values.</param>
/// <param name="Kind">What kind of feature it is; <see cref="ColumnKind.Left"/> for none.</param>
internal sealed record CsvColumn(DataFrameColumn Values, ColumnKind Kind);

/// <summary>Makes numbers and categories of the texts of a table.</summary>
/// <param name="options">Says what the columns are, where the guess is wrong.</param>
/// <param name="say">Told what was done to the columns.</param>
internal sealed class CsvColumns(CsvOptions options, Action<string> say)
{
    /// <summary>The columns that are features, groups or weights, in the order of the table.</summary>
    /// <param name="table">The table to train on.</param>
    /// <param name="training">Its rows that are used.</param>
    /// <param name="test">The rows of a test table.</param>
    /// <exception cref="SampleInputException">A column cannot be read, or none is a feature.</exception>
    public List<CsvColumn> Read(CsvTable table, IReadOnlyList<CsvRow> training, IReadOnlyList<CsvRow> test)
    {
        var habit = HabitOf(table, training);
        var columns = new List<CsvColumn>();
        var left = new List<string>();
        var guesses = table.Columns.Index().Where(column => column.Item != options.Label)
            .Select(column => (column.Index, Name: column.Item,
                Guess: Guess(column.Item, [.. training.Select(row => row.Cells[column.Index])], habit))).ToList();
        List<string> problems = [.. guesses.Select(one => Problem(one.Name, one.Index, one.Guess, training, test)).OfType<string>()];
        if (problems.Count > 0)
            throw new SampleInputException(string.Join(" ", problems));
        foreach (var (index, name, guess) in guesses)
        {
            string[] cells = [.. training.Select(row => row.Cells[index])], testCells = [.. test.Select(row => row.Cells[index])];
            var (isGroup, isWeight) = (options.Groups.Contains(name), name == options.Weight);
            if (guess.Note is not null)
                say($"Column '{name}' {guess.Note}");
            if (guess.Kind == ColumnKind.Left && !options.Dropped.Contains(name))
                left.Add(name);
            if ((guess.Kind != ColumnKind.Left || isGroup)
                && options.Missing.Note(name, cells, guess.Kind == ColumnKind.Numeric, isGroup) is { } missing)
            {
                say(missing);
            }

            var kind = isWeight ? ColumnKind.Left : guess.Kind;
            if (guess.Kind == ColumnKind.Numeric)
                columns.Add(new CsvColumn(Numbers(name, [.. cells, .. testCells], guess), kind));
            else if (guess.Kind == ColumnKind.Categorical || isGroup)
                columns.Add(new CsvColumn(Texts(name, [.. cells, .. testCells], isGroup), kind));
        }
        CheckFeatures(columns, left);
        return columns;
    }

    private ColumnGuess Guess(string name, string[] cells, NumberHabit habit)
        => name == options.Weight ? ColumnGuess.Of(name, cells, options.Missing, habit, isNumeric: true) with { Note = null }
        : options.Dropped.Contains(name) ? new ColumnGuess(ColumnKind.Left)
        : options.Categorical.Contains(name) || options.Groups.Contains(name) ? new ColumnGuess(ColumnKind.Categorical)
        : ColumnGuess.Of(name, cells, options.Missing, habit, options.Numeric.Contains(name));

    // The columns that can be read in one way only tell how to read those that can be read in two.
    private NumberHabit HabitOf(CsvTable table, IReadOnlyList<CsvRow> rows)
    {
        if (options.Decimal is { } stated)
            return new NumberHabit(table.Separator, stated, IsStated: true);
        var others = options.Dropped.Concat(options.Categorical).Concat(options.Groups).Append(options.Label).ToHashSet();
        DecimalSign[] signs = [.. table.Columns.Index().Where(column => !others.Contains(column.Item))
            .Select(column => new NumberColumn(rows.Select(row => row.Cells[column.Index]).Distinct()
                .Where(cell => !options.Missing.IsMissingNumber(cell))))
            .Where(column => column.Strangers.All(NumberText.IsTooLarge))
            .Select(column => column.Evidence).OfType<DecimalSign>().Distinct()];
        return new NumberHabit(table.Separator, signs.Length == 1 ? signs[0] : null);
    }

    // Why a column cannot be read, in either table; null where it can.
    private string? Problem(string name, int index, ColumnGuess guess, IReadOnlyList<CsvRow> training, IReadOnlyList<CsvRow> test)
    {
        if (guess.Problem is not null)
            return $"Column '{name}': {guess.Problem}. {WayOut(name)}";
        if (guess.Kind != ColumnKind.Numeric)
            return null;
        var isWeight = name == options.Weight;
        if (isWeight && training.Concat(test).FirstOrDefault(row => guess.Form!.NumberOf(row.Cells[index]) < 0) is { } negative)
            return $"--weight {name}: '{negative.Cells[index]}' (on line {negative.Line}) is below 0.";
        bool IsOdd(CsvRow row) => guess.Form!.NumberOf(row.Cells[index]) is null
            && (isWeight || !(options.Missing.IsMissingNumber(row.Cells[index]) || guess.Strangers.Contains(row.Cells[index])));
        if (isWeight && training.FirstOrDefault(IsOdd) is { } first)
            return $"--weight {name}: '{first.Cells[index]}' is no number{NumberText.Range(first.Cells[index])}. {WayOut(name)}";
        List<CsvRow> odd = [.. test.Where(IsOdd)];
        if (odd.Count == 0)
            return null;
        var texts = CsvTable.Listed(odd.Select(row => row.Cells[index]).Distinct());
        return $"{(isWeight ? "--weight" : "Column")} '{name}': {CellText.Count(odd.Count, "cell")} of {options.TestFile} "
            + $"({texts}, the first on line {odd[0].Line}) {(odd.Count == 1 ? "is no number" : "are no numbers")}"
            + $"{NumberText.Range(odd.Select(row => row.Cells[index]))} as {options.File} writes them. "
            + (isWeight ? WayOut(name) : "If that means a missing value, name it in --missing.");
    }

    // Every cell is a number or missing: that was checked.
    private SingleDataFrameColumn Numbers(string name, string[] cells, ColumnGuess guess)
        => new(name, cells.Select(cell
            => name != options.Weight && (options.Missing.IsMissingNumber(cell) || guess.Strangers.Contains(cell))
            ? float.NaN : (float)guess.Form!.NumberOf(cell)!.Value));

    // The library takes empty text in a group column for a missing group.
    private StringDataFrameColumn Texts(string name, string[] cells, bool isGroup)
    {
        var damaged = cells.Count(cell => cell.Contains(CsvTable.LostLetter));
        if (damaged > 0)
            say($"Column '{name}': {CellText.Count(damaged, "cell")} lost letters when the file was saved ('{CsvTable.LostLetter}').");
        var shorter = CsvGroups.ShorterNumbers(cells);
        return new StringDataFrameColumn(name, cells.Select(cell
            => options.Missing.IsMissing(cell) ? isGroup ? "" : "?" : shorter.GetValueOrDefault(cell, cell)));
    }

    private void CheckFeatures(List<CsvColumn> columns, List<string> left)
    {
        var features = columns.Where(column => column.Kind != ColumnKind.Left).Select(column => column.Values.Name).ToList();
        if (features.Count == 0)
            throw new SampleInputException("No column is left as a feature.");
        if (left.Count > 0 && features.TrueForAll(options.Groups.Contains))
        {
            throw new SampleInputException($"No column is left as a feature but that of the groups: {CsvTable.Listed(left)} cannot be used "
                + $"as said above. Name {(left.Count == 1 ? "it" : "them")} in --drop to train on the groups alone.");
        }
    }

    private string WayOut(string name) => name == options.Weight ? "Every row needs a weight." : "Name it in --categorical or --drop.";
}
