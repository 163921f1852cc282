using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;

namespace HumanCompatible.ML.Samples.Commands;

/// <summary>Options that take one of a few names, in upper or lower case; the number that a name stands for is none.</summary>
internal static class ChoiceOptions
{
    /// <summary>An option that takes the name of a value.</summary>
    /// <typeparam name="T">The values.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="value">The value where it is not given.</param>
    public static Option<T> Of<T>(string name, string description, T value)
        where T : struct, Enum => new(name)
        {
            HelpName = string.Join('|', Names<T>()),
            Description = description,
            DefaultValueFactory = _ => value,
            CustomParser = result => Read<T>(result, name) ?? value,
        };

    /// <summary>The same; null where it is not given.</summary>
    public static Option<T?> OrNone<T>(string name, string description)
        where T : struct, Enum => new(name)
        {
            HelpName = string.Join('|', Names<T>()),
            Description = description,
            CustomParser = result => Read<T>(result, name),
        };

    private static T? Read<T>(ArgumentResult result, string name)
        where T : struct, Enum
    {
        var text = NumberOptions.Text(result);
        var index = Array.FindIndex(Names<T>(), known => known.Equals(text, StringComparison.OrdinalIgnoreCase));
        return index >= 0 ? Enum.GetValues<T>()[index]
            : NumberOptions.Refuse<T?>(result, $"{name} must be one of {string.Join(", ", Names<T>())}");
    }

    private static string[] Names<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()))];
}
