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

    private MissingValues(IEnumerable<string> texts, IEnumerable<string> noNumbers)
    {
        _texts = new HashSet<string>(texts.Append(""), StringComparer.OrdinalIgnoreCase);
        _noNumbers = new HashSet<string>(noNumbers, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The usual texts with some more and without others, in any case of letters.</summary>
    public static MissingValues With(IReadOnlyCollection<string> more, IReadOnlyCollection<string> others)
        => new(Usual._texts.Concat(more).Except(others, StringComparer.OrdinalIgnoreCase),
            Usual._noNumbers.Except(others, StringComparer.OrdinalIgnoreCase));

    /// <summary>Whether the text may mean a missing value or be a value of its own, so that somebody must say which.</summary>
    public bool IsDoubtful(string cell) => _noNumbers.Contains(cell) && !_texts.Contains(cell);

    /// <summary>Whether the cell is missing, whatever its column holds.</summary>
    public bool IsMissing(string cell) => _texts.Contains(cell);

    /// <summary>Whether the cell is missing in a column of numbers. In a column of texts "None" or "-" may be a value of its own.</summary>
    public bool IsMissingNumber(string cell) => IsMissing(cell) || _noNumbers.Contains(cell);
}
