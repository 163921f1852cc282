using System.CommandLine;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Samples.Csv;

namespace HumanCompatible.ML.Samples.Commands;

/// <summary>The options of the command line that say which table is read and how, and what is constrained.</summary>
internal sealed class CsvTableOptions
{
    private readonly Option<string> _file = Required("--file", "FILE",
        "The table, with a header in its first line: UTF-8 text, separated by commas, semicolons, tabs or bars.");

    private readonly Option<string> _label = Required("--label", "COLUMN", "The column to predict.");

    private readonly Option<string> _positive = Required("--positive", "VALUE", "The value of the label that counts as positive.");

    private readonly Option<string> _group = Required("--group", "A,B",
        "The column of the groups, or several between commas: each combination of their values is a group. They stay features unless "
        + "dropped.");

    private readonly Option<string[]> _constraint = new("--constraint")
    {
        HelpName = "dp:0.05",
        Description = $"WORD:BOUND, may be repeated: {CsvConstraint.Words}. WORD:BOUND@A+B compares the groups of these columns only.",
    };

    private readonly Option<string?> _test = Optional("--test", "FILE", "The table to test on, with the same columns.");

    private readonly Option<double?> _testFraction = new("--test-fraction")
    {
        HelpName = "SHARE",
        Description = "Without --test: the share of the rows to test on, divided by the seed. The default is 0.3.",
    };

    private readonly Option<int> _skip = new("--skip-test-lines")
    {
        Description = "Lines at the start of the test table to pass over, such as Adult's comment.",
    };

    private readonly Option<string?> _categorical = Optional("--categorical", "A,B",
        "Columns that are categories although they look like numbers.");

    private readonly Option<string?> _numeric = Optional("--numeric", "A,B", "Columns that are numbers although they look like codes.");

    private readonly Option<string?> _drop = Optional("--drop", "A,B", "Columns that are not features.");

    private readonly Option<string[]> _where = new("--where")
    {
        HelpName = "COLUMN=V1|V2",
        Description = "Keeps only the rows with one of these values, may be repeated.",
    };

    private readonly Option<string?> _weight = Optional("--weight", "COLUMN",
        "The column with the weight of each row in the loss and in every rate. It is no feature.");

    private readonly Option<int> _minimum = DemoCommand.PositiveNumber("--min-group",
        "The fewest training rows of a group that the constraints speak of (Groups.MinimumSize). Smaller groups still train the loss.",
        new GroupOptions().MinimumSize);

    private readonly Option<GroupPolicy> _missingGroups = new("--missing-groups")
    {
        HelpName = "exclude|include|error",
        Description = "What is done with rows without a value in a group column (Groups.MissingValues): exclude them from the "
            + "constraints, include them as a group of their own, or end with an error.",
        DefaultValueFactory = _ => new GroupOptions().MissingValues,
    };

    private readonly Option<string?> _missing = Optional("--missing", "A,B",
        "Texts that mean a missing value, besides empty cells, ?, NA, NaN, NULL and the like.");

    private readonly Option<string?> _notMissing = Optional("--not-missing", "A,B",
        "Texts that are values although they look missing, such as NA for North America.");

    private readonly Option<DecimalSign?> _decimalSign = new("--decimal")
    {
        HelpName = "comma|point",
        Description = "What stands before the fractions of numbers, where the guess is wrong.",
    };

    private readonly Option<string?> _columns = Optional("--columns", "A,B", "The names of the columns of tables without a header.");

    private readonly Option<string?> _separator = Optional("--separator", "CHARACTER",
        "comma, semicolon, tab or a character, where the guess is wrong.");

    private readonly Option<string?> _json = Optional("--json", "FILE", "Where the report is written.");

    public CsvTableOptions()
    {
        _missingGroups.AcceptOnlyFromAmong("exclude", "include", "error");
        _decimalSign.AcceptOnlyFromAmong("comma", "point");
    }

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[]
        {
            _file, _label, _positive, _group, _constraint, _test, _testFraction, _skip, _categorical, _numeric, _drop,
            _where, _weight, _minimum, _missingGroups, _missing, _notMissing, _decimalSign, _columns, _separator, _json,
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
            TestFile = arguments.GetValue(_test),
            TestFraction = Fraction(arguments.GetValue(_testFraction), arguments.GetValue(_test)),
            SkippedTestLines = SkippedLines(arguments.GetValue(_skip)),
            Label = arguments.GetRequiredValue(_label).Trim(),
            Positive = arguments.GetRequiredValue(_positive).Trim(),
            Groups = CsvArguments.Names("--group", arguments.GetRequiredValue(_group)),
            Constraints = [.. (arguments.GetValue(_constraint) ?? []).Select(CsvConstraint.Parse)],
            Categorical = CsvArguments.Names("--categorical", arguments.GetValue(_categorical)),
            Numeric = CsvArguments.Names("--numeric", arguments.GetValue(_numeric)),
            Dropped = CsvArguments.Names("--drop", arguments.GetValue(_drop)),
            Filters = [.. (arguments.GetValue(_where) ?? []).Select(CsvArguments.Filter)],
            Weight = arguments.GetValue(_weight)?.Trim(),
            MinimumGroupSize = arguments.GetValue(_minimum),
            MissingGroups = arguments.GetValue(_missingGroups),
            Missing = MissingValues.With(CsvArguments.Names("--missing", arguments.GetValue(_missing)),
                CsvArguments.Names("--not-missing", arguments.GetValue(_notMissing))),
            Decimal = arguments.GetValue(_decimalSign),
            ColumnNames = arguments.GetValue(_columns) is { } names ? CsvArguments.Names("--columns", names) : null,
            Separator = CsvArguments.Separator(arguments.GetValue(_separator)),
            JsonPath = arguments.GetValue(_json),
        };

    internal static Option<string> Required(string name, string value, string description)
        => new(name) { HelpName = value, Description = description, Required = true };

    internal static Option<string?> Optional(string name, string value, string description)
        => new(name) { HelpName = value, Description = description };

    private static double Fraction(double? share, string? testFile)
    {
        if (share is not null && testFile is not null)
            throw new SampleInputException("--test-fraction and --test exclude each other.");
        if (share is not null and not (> 0 and < 1))
            throw new SampleInputException(FormattableString.Invariant($"--test-fraction must be above 0 and below 1, got {share}."));
        return share ?? 0.3;
    }

    private static int SkippedLines(int lines)
        => lines >= 0 ? lines : throw new SampleInputException($"--skip-test-lines must be at least 0, got {lines}.");
}
