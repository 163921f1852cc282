using HumanCompatible.ML.Groups;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>Which texts say that a value is not known. An empty cell always does.</summary>
internal sealed class MissingValues
{
    /// <summary>What programs write where a value is not known.</summary>
    public static readonly MissingValues Usual = new(
        ["?", "NA", "N/A", "N.A.", "#N/A", "#NA", "<NA>", "NaN", "-NaN", "NaT", "NULL", "<null>", "(null)", "\\N", "#NULL!", "#DIV/0!",
            "#VALUE!", "#REF!", "#NAME?", "#NUM!", "1.#QNAN", "1.#IND", "-1.#IND"],
        ["None", "nil", "-", "--", "---", "\u2013", "\u2014", ".", "..", "...", "\u2026", ":", "*"]);

    private readonly HashSet<string> _texts;
    private readonly HashSet<string> _noNumbers;

    // What the options name, by option.
    private readonly (string Option, string Text)[] _stated = [];

    private MissingValues(IEnumerable<string> texts, IEnumerable<string> noNumbers, params (string, string)[] stated)
    {
        _stated = stated;
        _texts = new HashSet<string>(texts.Append(""), StringComparer.OrdinalIgnoreCase);
        _noNumbers = new HashSet<string>(noNumbers, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The usual texts with some more and without others, in any case of letters.</summary>
    /// <param name="more">Those of <c>--missing</c>.</param>
    /// <param name="others">Those of <c>--not-missing</c>.</param>
    /// <exception cref="SampleInputException">Both name a text.</exception>
    public static MissingValues With(IReadOnlyCollection<string> more, IReadOnlyCollection<string> others)
    {
        if (more.FirstOrDefault(text => others.Contains(text, StringComparer.OrdinalIgnoreCase)) is { } both)
            throw new SampleInputException($"--missing {both}: --not-missing names it, too.");
        return new(Usual._texts.Concat(more).Except(others, StringComparer.OrdinalIgnoreCase),
            Usual._noNumbers.Except(others, StringComparer.OrdinalIgnoreCase),
            [.. more.Select(text => ("--missing", text)), .. others.Select(text => ("--not-missing", text))]);
    }

    /// <summary>A warning of each text that an option names and no cell is.</summary>
    /// <param name="tables">The tables.</param>
    public IEnumerable<string> Unused(params IReadOnlyList<CsvTable> tables)
    {
        if (_stated.Length == 0)
            return [];
        var cells = tables.SelectMany(table => table.Rows).SelectMany(row => row).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return _stated.Where(one => !cells.Contains(one.Text)).Select(one => $"Warning: {one.Option} '{ShownName.Of(one.Text)}': no cell "
            + $"of {string.Join(" or ", tables.Select(table => table.Path))} is that text.");
    }

    /// <summary>Whether the text may mean a missing value or be a value of its own, so that somebody must say which.</summary>
    public bool IsDoubtful(string cell) => _noNumbers.Contains(cell) && !_texts.Contains(cell);

    /// <summary>Whether the cell is missing, whatever its column holds.</summary>
    public bool IsMissing(string cell) => _texts.Contains(cell);

    /// <summary>How many cells of a column are missing, and which texts were taken for that; null for nothing to say.</summary>
    /// <param name="column">The name of the column.</param>
    /// <param name="cells">Its cells.</param>
    /// <param name="isNumeric">Whether it is one of numbers.</param>
    /// <param name="isGroup">Whether it has the groups: then empty cells are told, too.</param>
    public string? Note(string column, IReadOnlyCollection<string> cells, bool isNumeric, bool isGroup)
    {
        var missing = cells.Where(cell => isNumeric ? IsMissingNumber(cell) : IsMissing(cell)).ToList();
        return missing.Count == 0 || (!isGroup && missing.TrueForAll(cell => cell.Length == 0)) ? null
            : $"Column '{column}': {missing.Count} of its {cells.Count} cells are missing{Texts(missing)}.";
    }

    /// <summary>The texts that were taken for a missing value, the option against that, and how many cells are empty.</summary>
    /// <param name="missing">The cells that are missing.</param>
    public static string Texts(IReadOnlyCollection<string> missing)
    {
        string[] texts = [.. missing.Where(cell => cell.Length > 0).Distinct().Order(StringComparer.Ordinal)];
        var empty = missing.Count(cell => cell.Length == 0);
        var emptyCells = empty == 0 ? "" : $"{empty} empty";
        return texts.Length == 0 ? emptyCells.Length == 0 ? "" : $" ({emptyCells})"
            : $" ({CsvTable.Listed(texts)}{(empty == 0 ? "" : $", {emptyCells}")}; --not-missing takes such a text for a value)";
    }

    /// <summary>Whether the cell is missing in a column of numbers. In a column of texts "None" or "-" may be a value of its own.</summary>
    public bool IsMissingNumber(string cell) => IsMissing(cell) || _noNumbers.Contains(cell);
}
