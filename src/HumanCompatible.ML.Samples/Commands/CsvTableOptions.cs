using System.CommandLine;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Samples.Csv;

namespace HumanCompatible.ML.Samples.Commands;

/// <summary>The options of the commands that train on a table: what is read, what is a feature, and what is tested on.</summary>
internal sealed class CsvTableOptions
{
    private readonly CsvReadingOptions _reading = new();

    private readonly Option<string?> _test = CsvReadingOptions.Optional("--test", "FILE", "The table to test on, with the same columns.");

    private readonly Option<double?> _testFraction = NumberOptions.Number("--test-fraction", "0.3", "above 0 and below 1",
        share => share is > 0 and < 1, "Without --test: the share of the rows to test on, divided by the seed. The default is 0.3.");

    private readonly Option<int> _skip = NumberOptions.Whole("--skip-test-lines",
        "Lines at the start of the test table to pass over, such as Adult's comment.", 0, least: 0);

    private readonly Option<string?> _categorical = CsvReadingOptions.Optional("--categorical", "A,B",
        "Columns that are categories although they look like numbers.");

    private readonly Option<string?> _numeric = CsvReadingOptions.Optional("--numeric", "A,B",
        "Columns that are numbers although they look like codes.");

    private readonly Option<string?> _drop = CsvReadingOptions.Optional("--drop", "A,B",
        "Columns that are not features. Those of --group and --constraint are, unless they are named here.");

    private readonly Option<string?> _weight = CsvReadingOptions.Optional("--weight", "COLUMN",
        "The column with the weight of each row in the loss and in every rate. It is no feature.");

    private readonly Option<int> _minimum = NumberOptions.Whole("--min-group",
        "The fewest training rows of a group that the constraints speak of (Groups.MinimumSize). Smaller groups still train the loss.",
        new GroupOptions().MinimumSize);

    private readonly Option<GroupPolicy> _missingGroups = ChoiceOptions.Of("--missing-groups",
        "What is done with rows without a value in a group column (Groups.MissingValues): exclude them from the constraints, include "
        + "them as a group of their own, or end with an error.", new GroupOptions().MissingValues);

    private readonly Option<DecimalSign?> _decimalSign = ChoiceOptions.OrNone<DecimalSign>("--decimal",
        "What stands before the fractions of numbers, where the guess is wrong.");

    private readonly Option<string> _device = new("--device")
    {
        HelpName = "cpu|cuda|cuda:N|auto",
        Description = "Where the network is trained (Device).",
        DefaultValueFactory = _ => "cpu",
    };

    private readonly Option<string?> _json = CsvReadingOptions.Optional("--json", "FILE", "Where the report is written.");

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        _reading.AddTo(command);
        foreach (var option in new Option[]
        {
            _test, _testFraction, _skip, _categorical, _numeric, _drop, _weight, _minimum, _missingGroups, _decimalSign, _device, _json,
        })
        {
            command.Add(option);
        }
    }

    /// <summary>What they say.</summary>
    public CsvOptions Read(ParseResult arguments) => _reading.Read(arguments) with
    {
        TestFile = arguments.GetValue(_test),
        TestFraction = Fraction(arguments.GetValue(_testFraction), arguments.GetValue(_test)),
        SkippedTestLines = arguments.GetValue(_skip),
        Categorical = CsvArguments.Names("--categorical", arguments.GetValue(_categorical)),
        Numeric = CsvArguments.Names("--numeric", arguments.GetValue(_numeric)),
        Dropped = CsvArguments.Names("--drop", arguments.GetValue(_drop)),
        Weight = arguments.GetValue(_weight)?.Trim(),
        MinimumGroupSize = arguments.GetValue(_minimum),
        MissingGroups = arguments.GetValue(_missingGroups),
        Decimal = arguments.GetValue(_decimalSign),
        Device = arguments.GetRequiredValue(_device).Trim(),
        JsonPath = arguments.GetValue(_json),
    };

    private static double Fraction(double? share, string? testFile)
    {
        if (share is not null && testFile is not null)
            throw new SampleInputException("--test-fraction and --test exclude each other.");
        return share ?? 0.3;
    }
}
