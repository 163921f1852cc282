using System.Globalization;
using System.Text.RegularExpressions;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>Rows to keep: those that hold one of the values in the column.</summary>
internal sealed record CsvFilter(string Column, IReadOnlyList<string> Values);

/// <summary>Reads the values of the command line that are lists or have a form of their own.</summary>
internal static partial class CsvArguments
{
    private const int LargestNumberOfSeeds = 1_000;

    /// <summary>Names between commas; one with a comma stands in double quotes.</summary>
    public static IReadOnlyList<string> Names(string option, string? text)
    {
        if (text is null)
            return [];
        var names = Split(option, text, text, ',');
        if (names.Contains(""))
            throw new SampleInputException($"{option} {text}: a name is empty.");
        if (names.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } repeated)
            throw new SampleInputException($"{option} {text}: '{repeated.Key}' is named more than once.");
        return names;
    }

    /// <summary>
    /// Reads a number in the one form that numbers of options have: digits, a point before the fraction, nothing between thousands.
    /// </summary>
    /// <returns>False where it is written in another way, or is not finite.</returns>
    public static bool TryRead(string text, out double number)
    {
        var isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
        number += 0.0; // -0, such as that of -1e-400, is 0
        return isNumber && Form.IsMatch(text);
    }

    /// <summary>Whole numbers and ranges between commas, such as <c>1-5</c> or <c>1,3,7-9</c>.</summary>
    public static IReadOnlyList<int> Seeds(string text)
    {
        var seeds = new List<int>();
        foreach (var part in text.Split(','))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || !Whole(ends[0], out var first) || !Whole(ends[^1], out var last) || last < first)
                throw new SampleInputException($"--seeds {text}: must be whole numbers or ranges between commas, such as 1-5 or 1,3,7.");
            if ((long)last - first + seeds.Count >= LargestNumberOfSeeds)
                throw new SampleInputException($"--seeds {text}: these are more than {LargestNumberOfSeeds} seeds.");
            seeds.AddRange(Enumerable.Range(first, last - first + 1));
        }
        return [.. seeds.Distinct()];
    }

    /// <summary>A character, or its name.</summary>
    public static char? Separator(string? text) => text switch
    {
        null => null,
        "comma" => ',',
        "semicolon" => ';',
        "tab" or "\\t" => '\t',
        { Length: 1 } when text[0] is >= ' ' and <= '~' and not ('"' or '#') => text[0],
        _ => throw new SampleInputException(
            $"--separator {text}: must be comma, semicolon, tab or one ASCII character other than a double quote and #."),
    };

    /// <summary>
    /// <c>column=value1|value2</c>; a value with a bar stands in double quotes, and so does a column whose name has an equals sign or
    /// begins with a quote.
    /// </summary>
    public static CsvFilter Filter(string text)
    {
        var sign = text.TrimStart() is ['"', ..] ? QuotedColumn.Match(text).Length - 1 : text.IndexOf('=');
        if (sign <= 0 || sign == text.Length - 1)
        {
            throw new SampleInputException($"--where {text}: must be written as column=value1|value2"
                + (text.Contains('"') ? ", a column or value in double quotes as \"column\"=\"value1\"|value2." : "."));
        }

        var column = text[..sign].Trim();
        return new CsvFilter(column is ['"', ..] ? Split("--where", text, column, '=')[0] : column,
            Split("--where", text, text[(sign + 1)..], '|'));
    }

    /// <summary>The parts of a list, written as the cells of a table are: what holds the separator stands in double quotes.</summary>
    /// <param name="option">The option.</param>
    /// <param name="text">The whole of its value.</param>
    /// <param name="list">The list in it.</param>
    /// <param name="separator">What stands between the parts.</param>
    public static string[] Split(string option, string text, string list, char separator)
    {
        try
        {
            return DelimitedText.Split(list, separator);
        }
        catch (FormatException problem)
        {
            throw new SampleInputException($"{option} {text}: {problem.Message}.", problem);
        }
    }

    // No leading zeros: 0,05 between commas is not 0 and 5.
    [GeneratedRegex(@"^[+-]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Form { get; }

    [GeneratedRegex("^\\s*\"(?:[^\"]|\"\")*\"\\s*=", RegexOptions.CultureInvariant)]
    private static partial Regex QuotedColumn { get; }

    private static bool Whole(string text, out int number)
        => int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
