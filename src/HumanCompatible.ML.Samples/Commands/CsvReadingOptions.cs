using System.CommandLine;
using HumanCompatible.ML.Samples.Csv;

namespace HumanCompatible.ML.Samples.Commands;

/// <summary>The options of every command on a table: which one is read and how, and what is compared.</summary>
internal sealed class CsvReadingOptions
{
    private readonly Option<string> _file = Required("--file", "FILE",
        "The table, with a header in its first line: text in UTF-8, or in UTF-16 with a byte order mark, separated by commas, semicolons, "
        + "tabs or bars.");

    private readonly Option<string> _label = Required("--label", "COLUMN", "The column of what is true.");

    private readonly Option<string> _positive = Required("--positive", "VALUE", "The value of the label that counts as positive.");

    private readonly Option<string> _group = Required("--group", "A,B",
        "The column of the groups, or several between commas: each combination of their values is a group. A name with a comma stands in "
        + "double quotes.");

    private readonly Option<string[]> _constraint = new("--constraint")
    {
        HelpName = "dp:0.05",
        Description = $"WORD:BOUND, may be repeated: {CsvConstraint.Words}. WORD:BOUND@A+B compares the groups of these columns only.",
    };

    private readonly Option<string[]> _where = new("--where")
    {
        HelpName = "COLUMN=V1|V2",
        Description = "Keeps only the rows with one of these values, may be repeated. A value with a bar or a column with an equals sign "
            + "stands in double quotes.",
    };

    private readonly Option<string?> _missing = Optional("--missing", "A,B",
        "Texts that mean a missing value, besides empty cells, ?, NA, NaN, NULL and the like.");

    private readonly Option<string?> _notMissing = Optional("--not-missing", "A,B",
        "Texts that are values although they look missing, such as NA for North America.");

    private readonly Option<string?> _columns = Optional("--columns", "A,B", "The names of the columns of tables without a header.");

    private readonly Option<string?> _separator = Optional("--separator", "CHARACTER",
        "comma, semicolon, tab or a character, where the guess is wrong.");

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[]
        {
            _file, _label, _positive, _group, _constraint, _where, _missing, _notMissing, _columns, _separator,
        })
        {
            command.Add(option);
        }
    }

    /// <summary>What they say.</summary>
    public CsvOptions Read(ParseResult arguments)
        => new()
        {
            File = arguments.GetRequiredValue(_file),
            Label = arguments.GetRequiredValue(_label).Trim(),
            Positive = arguments.GetRequiredValue(_positive).Trim(),
            Groups = CsvArguments.Names("--group", arguments.GetRequiredValue(_group)),
            Constraints = [.. (arguments.GetValue(_constraint) ?? []).Select(CsvConstraint.Parse)],
            Filters = [.. (arguments.GetValue(_where) ?? []).Select(CsvArguments.Filter)],
            Missing = MissingValues.With(CsvArguments.Names("--missing", arguments.GetValue(_missing)),
                CsvArguments.Names("--not-missing", arguments.GetValue(_notMissing))),
            ColumnNames = arguments.GetValue(_columns) is { } names ? CsvArguments.Names("--columns", names) : null,
            Separator = CsvArguments.Separator(arguments.GetValue(_separator)),
        };

    internal static Option<string> Required(string name, string value, string description)
        => new(name) { HelpName = value, Description = description, Required = true };

    internal static Option<string?> Optional(string name, string value, string description)
        => new(name) { HelpName = value, Description = description };
}
