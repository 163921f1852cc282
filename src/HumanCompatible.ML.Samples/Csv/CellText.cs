using System.Globalization;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>What the text of a cell says.</summary>
internal static class CellText
{
    /// <summary>Whether two cells are the same text or the same number: a table may write 1 as 1.0.</summary>
    public static bool IsSame(string cell, string value) => cell == value || Plain(cell) == Plain(value);

    /// <summary>The same text for all cells that are the same number, and any other text as it is.</summary>
    public static string Plain(string cell) => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        ? (number + 0.0).ToString("R", CultureInfo.InvariantCulture) : cell;

    /// <summary>"1 row", "12 rows".</summary>
    public static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
