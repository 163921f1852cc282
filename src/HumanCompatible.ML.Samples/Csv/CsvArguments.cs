using System.Globalization;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>Rows to keep: those that hold one of the values in the column.</summary>
internal sealed record CsvFilter(string Column, IReadOnlyList<string> Values);

/// <summary>Reads the values of the command line that are lists or have a form of their own.</summary>
internal static class CsvArguments
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

    /// <summary><c>column=value1|value2</c>; a value with a bar stands in double quotes.</summary>
    public static CsvFilter Filter(string text)
    {
        var sign = text.IndexOf('=');
        if (sign <= 0 || sign == text.Length - 1)
            throw new SampleInputException($"--where {text}: must be written as column=value1|value2.");
        return new CsvFilter(text[..sign].Trim(), Split("--where", text, text[(sign + 1)..], '|'));
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

    private static bool Whole(string text, out int number)
        => int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
