using System.Globalization;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>What the text of a cell says.</summary>
internal static class CellText
{
    private static readonly HashSet<string> Missing = new(["", "?", "NA", "N/A", "#N/A", "<NA>", "NaN", "NULL"],
        StringComparer.OrdinalIgnoreCase);

    // These are values of their own in a column of texts or labels.
    private static readonly HashSet<string> MissingNumbers = new(["None", "-", "."], StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a cell says that its value is not known.</summary>
    public static bool IsMissing(string cell) => Missing.Contains(cell);

    /// <summary>The cell, or <c>?</c> for one that is missing.</summary>
    public static string OrMissing(string cell) => IsMissing(cell) ? "?" : cell;

    /// <summary>Whether a cell in a column of numbers says that its value is not known.</summary>
    public static bool IsMissingNumber(string cell) => IsMissing(cell) || MissingNumbers.Contains(cell);

    /// <summary>Whether two cells are the same text or the same number: a table may write 1 as 1.0.</summary>
    public static bool IsSame(string cell, string value) => cell == value
        || (double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var wanted) && number == wanted);
}
