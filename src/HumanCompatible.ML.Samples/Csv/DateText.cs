using System.Text.RegularExpressions;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>Knows dates and times of day by their looks.</summary>
internal static partial class DateText
{
    /// <summary>Whether the cell is a date, a time or both, in one of the usual ways of writing them.</summary>
    public static bool IsDate(string cell) => Date.IsMatch(cell);

    private const string Numbers = @"[12][0-9]{3}([-/.])[01]?[0-9]\1[0-3]?[0-9]|[0-3]?[0-9]([-/.])[0-3]?[0-9]\2(?:[0-9]{2}|[12][0-9]{3})"
        + "|[12][0-9]{3}-[01][0-9]|(?:19|20)[0-9]{2}[01][0-9][0-3][0-9]";
    private const string Names = @"[0-3]?[0-9][- ]\p{L}{3,9}\.?[- ,]+[0-9]{2,4}|\p{L}{3,9}\.? [0-3]?[0-9],? [12][0-9]{3}";
    private const string Time = @"[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]+)?)?(?: ?[AaPp]\.?[Mm]\.?)?";

    [GeneratedRegex($"^(?:(?:{Numbers}|{Names})(?:[ T]{Time}(?:Z| ?[+-][0-9]{{2}}:?[0-9]{{2}}| UTC)?)?|{Time})$")]
    private static partial Regex Date { get; }
}
