using System.Globalization;
using System.Text.RegularExpressions;

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
/// for codes, as are whole numbers of one length that begin with zeros. A few texts without digits among many numbers count as missing, as
/// do numbers that are too large to compute with. Everything else is categorical, but for dates and for text that has a different value in
/// most rows, or very many values: it names rows and is left out.
/// </summary>
/// <param name="Kind">How it enters the network.</param>
/// <param name="Form">How its numbers are written; null for a column that is not numeric.</param>
/// <param name="Note">What the user should know of it, to follow the column's name; null for nothing.</param>
/// <param name="Problem">Why the column cannot be read, where it cannot.</param>
internal sealed partial record ColumnGuess(ColumnKind Kind, NumberForm? Form = null, string? Note = null, string? Problem = null)
{
    /// <summary>The texts in a numeric column that count as missing although they need not mean that.</summary>
    public IReadOnlyList<string> Strangers { get; private init; } = [];

    private const int Handful = 10;
    private const int FewTexts = 3;
    private const int MostCategories = 1_000;
    private const int FewRowsEach = 5;
    private const double Rare = 0.01;
    private const double NearlyAll = 0.8;
    private const double NearlyNone = 0.1;

    /// <summary>Looks at a column.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cells">Its cells.</param>
    /// <param name="missing">Which of them are missing.</param>
    /// <param name="habit">How its table writes numbers.</param>
    /// <param name="isNumeric">Whether the user says that it is numeric. Whatever is no number in it is then missing.</param>
    public static ColumnGuess Of(string name, IEnumerable<string> cells, MissingValues missing, NumberHabit habit, bool isNumeric = false)
    {
        var counts = cells.Where(cell => !missing.IsMissing(cell)).CountBy(cell => cell).ToDictionary();
        if (counts.Count == 0)
            return Left("it holds no value");
        var numbers = new NumberColumn(counts.Keys.Where(value => !missing.IsMissingNumber(value)));
        int rows = counts.Values.Sum(), strange = numbers.Strangers.Sum(text => counts[text]);
        if (isNumeric && (strange * 2 > rows || !numbers.Numbers.Any()))
        {
            return new ColumnGuess(ColumnKind.Numeric, Problem: $"most of its cells are no numbers{NumberText.Range(numbers.Strangers)} "
                + $"({CsvTable.Listed(numbers.Strangers)})");
        }
        if (!isNumeric && counts.Count > Handful && counts.Keys.All(DateText.IsDate))
            return Left($"it holds dates or times ('{counts.Keys.First()}'). Write what matters of them, such as an age, as a number");
        if (!isNumeric && (AreCodes(counts.Keys) || !AreNumbers(numbers, strange, rows)))
            return OfText(counts, numbers, strange);

        var (form, note) = numbers.Read(habit, out var problem);
        if (problem is not null)
            return new ColumnGuess(ColumnKind.Numeric, Problem: problem);
        var rowsOf = new SortedDictionary<double, int>();
        foreach (var cell in numbers.Numbers)
        {
            var number = form.NumberOf(cell)!.Value;
            rowsOf[number] = rowsOf.GetValueOrDefault(number) + counts[cell];
        }
        var isWhole = rowsOf.Keys.All(number => number == Math.Truncate(number));
        if (!isNumeric && isWhole && rowsOf.Count <= Handful && !AreCounts(rowsOf))
            return OfText(counts, numbers, strange);
        if (strange > 0)
        {
            var (are, count) = strange == 1 ? ("is no number", "it counts") : ("are no numbers", "they count");
            note = $"{(note is null ? "" : $"{note} It ")}has {CellText.Count(strange, "cell")} of {rows} that {are}"
                + $"{NumberText.Range(numbers.Strangers)} ({CsvTable.Listed(numbers.Strangers)}): {count} as missing.";
        }
        return new ColumnGuess(ColumnKind.Numeric, form, note ?? Sentinel(rowsOf)
            ?? (isWhole && !isNumeric ? Identifier(name, rowsOf) : null))
        {
            Strangers = numbers.Strangers,
        };
    }

    // Texts without a digit, such as "unknown", say that a number is missing; "90+" does not. A number that is too large is one.
    private static bool AreNumbers(NumberColumn numbers, int strange, int rows)
    {
        List<string> texts = [.. numbers.Strangers.Where(text => !NumberText.IsTooLarge(text))];
        return numbers.Numbers.Any() && strange * 2 < rows && (texts.Count == 0
            || (texts.Count <= FewTexts && numbers.Numbers.Count() > Handful && !texts.Any(text => text.Any(char.IsDigit))));
    }

    private static bool AreCodes(IEnumerable<string> values) => values.All(value => value.All(char.IsAsciiDigit))
        && values.Any(value => value is ['0', _, ..]) && values.Select(value => value.Length).Distinct().Count() == 1;

    // Nines that come back, farther from all other numbers than these are from each other, such as -999 among ages.
    private static string? Sentinel(SortedDictionary<double, int> rowsOf)
    {
        if (rowsOf.Count <= Handful)
            return null;
        double[] numbers = [.. rowsOf.Keys];
        foreach (var (number, gap, range) in new[] { (numbers[0], numbers[1] - numbers[0], numbers[^1] - numbers[1]),
            (numbers[^1], numbers[^1] - numbers[^2], numbers[^2] - numbers[0]) })
        {
            var text = number.ToString(CultureInfo.InvariantCulture);
            if (rowsOf[number] > 1 && gap > range && text.TrimStart('-') is ['9', '9', ..] digits && digits.All(digit => digit == '9'))
            {
                return $"has {text} in {rowsOf[number]} rows, far from its other numbers. If it means a missing value, name it in "
                    + "--missing.";
            }
        }
        return null;
    }

    private static string? Identifier(string name, SortedDictionary<double, int> rowsOf)
    {
        if (rowsOf.Count <= Handful)
            return null;
        var rows = rowsOf.Values.Sum();
        var why = rowsOf.Count == rows && rowsOf.Keys.Last() - rowsOf.Keys.First() == rows - 1 ? "it is a running number"
            : rowsOf.Count >= NearlyAll * rows ? $"{rowsOf.Count} different whole numbers in {rows} rows"
            : IdentifierName.IsMatch(name) ? "by its name"
            : null;
        return why is null ? null : $"looks like an identifier: {why}. If it only names rows, name it in --drop.";
    }

    private static ColumnGuess OfText(Dictionary<string, int> counts, NumberColumn numbers, int strange)
    {
        var rows = counts.Values.Sum();
        // Many numbers, or odd texts that are few: then perhaps numbers are meant.
        var areNumbersMeant = strange > 0 && strange * 2 <= rows && (strange <= NearlyNone * rows || numbers.Numbers.Count() > Handful);
        var strangers = areNumbersMeant
            ? $"{strange} of its {rows} cells are no numbers{NumberText.Range(numbers.Strangers)} ({Few(numbers.Strangers)}); --numeric "
                + "reads the others as numbers and takes these for missing"
            : null;
        var after = strangers is null ? "" : $"; {strangers}";
        if (counts.Count > MostCategories)
            return Left($"it has {counts.Count} distinct texts{after}");
        if (counts.Count > Handful && counts.Count * 2 > rows)
            return Left($"most of its {rows} texts are distinct{after}");
        var isScattered = counts.Count > Handful && counts.Count * FewRowsEach > rows;
        return new ColumnGuess(ColumnKind.Categorical, Note: strangers is not null ? $"is categorical: {strangers}."
            : isScattered ? $"is categorical: {counts.Count} values in {rows} rows. If it only names rows or persons, name it in --drop."
            : null);
    }

    private static string Few(IReadOnlyList<string> texts) => CsvTable.Listed(texts.Take(FewTexts))
        + (texts.Count > FewTexts ? $" and {texts.Count - FewTexts} more" : "");

    private static ColumnGuess Left(string why) => new(ColumnKind.Left, Note: $"is left out: {why}.");

    // Values in rising order fall in frequency until they are rare, and stay rare.
    private static bool AreCounts(SortedDictionary<double, int> numbers)
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

    [GeneratedRegex("^(?:(?i:(?:.*[^a-z])?(?:id|ids|uuid|guid|ssn|rowid)(?:[^a-z].*)?|index|idx|key|no|nr|number|row|unnamed.*)"
        + "|.*[a-z](?:Id|ID))$", RegexOptions.CultureInvariant)]
    private static partial Regex IdentifierName { get; }
}
