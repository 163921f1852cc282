using System.Globalization;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>What the text of a cell says.</summary>
internal static class CellText
{
    /// <summary>Whether two cells are the same text or the same number: a table may write 1 as 1.0.</summary>
    public static bool IsSame(string cell, string value) => cell == value
        || (double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var wanted) && number == wanted);

    /// <summary>"1 row", "12 rows".</summary>
    public static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
