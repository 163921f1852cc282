using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using HumanCompatible.ML.Samples.Csv;

namespace HumanCompatible.ML.Samples.Commands;

/// <summary>
/// Options that are numbers. They are written in one way, whatever the language of the system: digits, a point before the fraction, nothing
/// between thousands. A comma is never read as something else.
/// </summary>
internal static class NumberOptions
{
    /// <summary>An option that takes a number; null where it is not given.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="example">What is shown of its form.</param>
    /// <param name="range">What it must be, such as <c>above 0 and below 1</c>.</param>
    /// <param name="isInRange">Whether it is that.</param>
    /// <param name="description">What it is for.</param>
    public static Option<double?> Number(string name, string example, string range, Predicate<double> isInRange, string description)
        => new(name)
        {
            HelpName = example,
            Description = description,
            CustomParser = result => !CsvArguments.TryRead(Text(result), out var number)
                ? Refuse<double?>(result, $"{name} must be a number with a point before its fraction, such as {example}")
                : isInRange(number) ? number : Refuse<double?>(result, $"{name} must be {range}"),
        };

    /// <summary>An option that takes a whole number of at least <paramref name="least"/>.</summary>
    public static Option<int> Whole(string name, string description, int value, int least = 1) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => value,
        CustomParser = result => Read(result, name, least) ?? value,
    };

    /// <summary>The same; null where it is not given.</summary>
    public static Option<int?> WholeOrNone(string name, string description, int least = 1) => new(name)
    {
        HelpName = "N",
        Description = description,
        CustomParser = result => Read(result, name, least),
    };

    private static int? Read(ArgumentResult result, string name, int least)
    {
        if (!int.TryParse(Text(result), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return Refuse<int?>(result, $"{name} must be a whole number without signs between thousands, such as 1000");
        return number >= least ? number : Refuse<int?>(result, FormattableString.Invariant($"{name} must be at least {least}"));
    }

    /// <summary>What was given, without blanks around it.</summary>
    internal static string Text(ArgumentResult result) => result.Tokens.Count == 1 ? result.Tokens[0].Value.Trim() : "";

    /// <summary>Says what is wrong with what was given.</summary>
    internal static T? Refuse<T>(ArgumentResult result, string message)
    {
        result.AddError($"{message}, got {Text(result)}.");
        return default;
    }
}
