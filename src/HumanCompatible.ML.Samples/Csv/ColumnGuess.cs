namespace HumanCompatible.ML.Samples.Csv;

/// <summary>How a column enters the network.</summary>
internal enum ColumnKind
{
    /// <summary>As a number; a missing cell is the mean.</summary>
    Numeric,

    /// <summary>One-hot; a missing cell is a category of its own.</summary>
    Categorical,

    /// <summary>Not at all.</summary>
    Left,
}

/// <summary>
/// How a column seems to be meant. Numeric: every cell that is not missing is a number, and there are more than ten distinct ones, or
/// fractions among them, or they look like counts (they begin with 0 and grow rarer as they grow). Few whole numbers are otherwise taken
/// for codes. Everything else is categorical, but for text that has a different value in most rows, or very many values: it names rows and
/// is left out.
/// </summary>
/// <param name="Kind">How it enters the network.</param>
/// <param name="Form">How its numbers are written; null for a column that is not numeric.</param>
/// <param name="Note">What the user should know of it, to follow the column's name; null for nothing.</param>
internal sealed record ColumnGuess(ColumnKind Kind, NumberForm? Form = null, string? Note = null)
{
    private const int Handful = 10;
    private const int MostCategories = 1_000;
    private const double Rare = 0.01;
    private const double NearlyAll = 0.8;
    private const double NearlyNone = 0.1;

    public static ColumnGuess Of(IEnumerable<string> cells)
    {
        var counts = cells.Where(cell => !CellText.IsMissing(cell)).CountBy(cell => cell).ToDictionary();
        if (counts.Count == 0)
            return Left("it holds no value");
        string[] values = [.. counts.Keys.Where(value => !CellText.IsMissingNumber(value))];
        if (NumberForm.Of(values) is not { } form)
            return OfText(counts, values);
        if (form.Doubt(values) is { } doubtful)
            return Left(Doubt(doubtful));

        var numbers = new SortedDictionary<float, int>();
        foreach (var value in values)
        {
            form.TryParse(value, out var number);
            numbers[number] = numbers.GetValueOrDefault(number) + counts[value];
        }
        var isWhole = numbers.Keys.All(number => number == MathF.Truncate(number));
        if (isWhole && numbers.Count <= Handful && !AreCounts(numbers))
            return new ColumnGuess(ColumnKind.Categorical);
        var rows = numbers.Values.Sum();
        var note = isWhole && values.Length > Handful && values.Length >= NearlyAll * rows
            ? $"looks like an identifier: {values.Length} different whole numbers in {rows} rows. If it only names rows, name it in "
                + "--drop."
            : form == NumberForm.DecimalComma ? "is read with decimal commas." : null;
        return new ColumnGuess(ColumnKind.Numeric, form, note);
    }

    /// <summary>Says why a value is not read as a number, and what to do.</summary>
    public static string Doubt(string value) => $"'{value}' has a decimal comma or a thousands separator. Write its numbers without commas";

    private static ColumnGuess OfText(Dictionary<string, int> counts, string[] values)
    {
        var rows = counts.Values.Sum();
        string[] texts = [.. values.Where(value => NumberForm.Of([value]) is null)];
        var inTexts = texts.Sum(text => counts[text]);
        var strangers = texts.Length > 0 && inTexts <= NearlyNone * rows
            ? $"{inTexts} of its {rows} cells are no numbers ({CsvTable.Listed(texts)})" : null;
        var after = strangers is null ? "" : $"; {strangers}";
        if (counts.Count > MostCategories)
            return Left($"it has {counts.Count} distinct texts{after}");
        if (counts.Count > Handful && counts.Count * 2 > rows)
            return Left($"most of its {rows} texts are distinct{after}");
        return new ColumnGuess(ColumnKind.Categorical, Note: strangers is null ? null : $"is categorical: {strangers}.");
    }

    private static ColumnGuess Left(string why) => new(ColumnKind.Left, Note: $"is left out: {why}.");

    // Values in rising order fall in frequency until they are rare, and stay rare.
    private static bool AreCounts(SortedDictionary<float, int> numbers)
    {
        if (numbers.Count < 3 || numbers.Keys.First() != 0)
            return false;
        double rows = numbers.Values.Sum(), last = double.PositiveInfinity;
        foreach (var count in numbers.Values)
        {
            var share = count / rows;
            if (share >= Rare && share >= last)
                return false;
            last = Math.Min(last, Math.Max(share, Rare));
        }
        return true;
    }
}
