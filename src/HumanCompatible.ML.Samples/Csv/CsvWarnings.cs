using System.Text.RegularExpressions;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>Makes one warning of those that say the same of many groups.</summary>
internal static partial class CsvWarnings
{
    /// <summary>The warnings in their order; of those that differ in the name of a group only, the first, with all the names.</summary>
    public static IEnumerable<string> Fold(IEnumerable<string> warnings)
        => warnings.GroupBy(warning => Group.Replace(warning, "group", 1)).Select(alike =>
        {
            var names = CsvTable.Listed(alike.Select(warning => Group.Match(warning).Groups["name"].Value));
            return alike.Count() == 1 ? alike.First() : Group.Replace(alike.First(), _ => $"each of the groups {names}", 1);
        });

    [GeneratedRegex("group '(?<name>.+?)'(?= has )")]
    private static partial Regex Group { get; }
}
