using System.Globalization;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>
/// Guesses how a column enters the network. Numeric: every cell that is not missing is a number, and there are more than ten distinct ones,
/// or fractions among them, or
/// they look like counts (they begin with 0 and grow rarer as they grow). Few whole numbers are otherwise taken for codes. Everything else
/// is categorical,
/// but for text that has a different value in most rows, or very many values: it names rows and is left out.
/// </summary>
internal static class ColumnKindGuess
{
    private const int Handful = 10;
    private const int MostCategories = 1_000;
    private const double Rare = 0.01;

    /// <param name="cells">The column.</param>
    /// <param name="why">For a column that is left out: why.</param>
    public static ColumnKind Of(IReadOnlyList<string> cells, out string? why)
    {
        why = null;
        var counts = new Dictionary<string, int>();
        foreach (var cell in cells)
        {
            if (!CsvTable.IsMissing(cell))
                counts[cell] = counts.GetValueOrDefault(cell) + 1;
        }
        if (counts.Count == 0)
            return Left("it holds no value", out why);
        var numbers = new SortedDictionary<float, int>();
        foreach (var (cell, count) in counts)
        {
            if (!TryParse(cell, out var number))
                return OfText(counts, out why);
            numbers[number] = numbers.GetValueOrDefault(number) + count;
        }
        return numbers.Count > Handful || numbers.Keys.Any(number => number != MathF.Truncate(number)) || AreCounts(numbers)
            ? ColumnKind.Numeric : ColumnKind.Categorical;
    }

    /// <summary>Reads a finite number.</summary>
    public static bool TryParse(string cell, out float number)
        => float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && float.IsFinite(number);

    private static ColumnKind OfText(Dictionary<string, int> counts, out string? why)
    {
        why = null;
        var rows = counts.Values.Sum();
        if (counts.Count > MostCategories)
            return Left($"it has {counts.Count} distinct texts", out why);
        return counts.Count > Handful && counts.Count * 2 > rows
            ? Left($"most of its {rows} texts are distinct", out why) : ColumnKind.Categorical;
    }

    private static ColumnKind Left(string reason, out string? why)
    {
        why = reason;
        return ColumnKind.Left;
    }

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
