using System.CommandLine;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Samples.Csv;
using HumanCompatible.ML.Samples.Display;

namespace HumanCompatible.ML.Samples.Commands;

/// <summary><c>csv</c>: trains on any table.</summary>
internal static class CsvCommand
{
    public static Command Create(SampleOutput output)
    {
        var file = Required("--file", "FILE",
            "The table, with a header in its first line: UTF-8 text, separated by commas, semicolons, tabs or bars.");
        var label = Required("--label", "COLUMN", "The column to predict.");
        var positive = Required("--positive", "VALUE", "The value of the label that counts as positive.");
        var group = Required("--group", "A,B",
            "The column of the groups, or several between commas: each combination of their values is a group. They stay features unless "
            + "dropped.");
        var constraint = new Option<string[]>("--constraint")
        {
            HelpName = "dp:0.05",
            Description = $"WORD:BOUND, may be repeated: {CsvConstraint.Words}. WORD:BOUND@A+B compares the groups of these columns only.",
        };
        var test = Optional("--test", "FILE", "The table to test on, with the same columns.");
        var testFraction = new Option<double?>("--test-fraction")
        {
            HelpName = "SHARE",
            Description = "Without --test: the share of the rows to test on, divided by the seed. The default is 0.3.",
        };
        var skip = new Option<int>("--skip-test-lines")
        {
            Description = "Lines at the start of the test table to pass over, such as Adult's comment.",
        };
        var seeds = new Option<string>("--seeds") { Description = "A run for each, such as 1-5 or 1,3,7.", DefaultValueFactory = _ => "1" };
        var categorical = Optional("--categorical", "A,B", "Columns that are categories although they look like numbers.");
        var numeric = Optional("--numeric", "A,B", "Columns that are numbers although they look like codes.");
        var drop = Optional("--drop", "A,B", "Columns that are not features.");
        var where = new Option<string[]>("--where")
        {
            HelpName = "COLUMN=V1|V2",
            Description = "Keeps only the rows with one of these values, may be repeated.",
        };
        var weight = Optional("--weight", "COLUMN",
            "The column with the weight of each row in the loss and in every rate. It is no feature.");
        var confidence = new Option<double?>("--confidence")
        {
            HelpName = "0.95",
            Description = "With which confidence the bounds are to hold on unseen rows (ConfidenceLevel), above 0.5 and below 1.",
        };
        var minimum = DemoCommand.PositiveNumber("--min-group",
            "The fewest training rows of a group that the constraints speak of (Groups.MinimumSize). Smaller groups still train the loss.",
            new GroupOptions().MinimumSize);
        var missingGroups = new Option<GroupPolicy>("--missing-groups")
        {
            HelpName = "exclude|include|error",
            Description = "What is done with rows without a value in a group column (Groups.MissingValues): exclude them from the "
                + "constraints, include them as a group of their own, or end with an error.",
            DefaultValueFactory = _ => new GroupOptions().MissingValues,
        };
        missingGroups.AcceptOnlyFromAmong("exclude", "include", "error");
        var missing = Optional("--missing", "A,B", "Texts that mean a missing value, besides empty cells, ?, NA, NaN, NULL and the like.");
        var notMissing = Optional("--not-missing", "A,B",
            "Texts that are values although they look missing, such as NA for North America.");
        var decimalSign = new Option<DecimalSign?>("--decimal")
        {
            HelpName = "comma|point",
            Description = "What stands before the fractions of numbers, where the guess is wrong.",
        };
        decimalSign.AcceptOnlyFromAmong("comma", "point");
        var columns = Optional("--columns", "A,B", "The names of the columns of tables without a header.");
        var separator = Optional("--separator", "CHARACTER", "comma, semicolon, tab or a character, where the guess is wrong.");
        var json = Optional("--json", "FILE", "Where the report is written.");
        var report = Optional("--report", "FILE.html",
            "Where a page for people is written: how the model of the best seed (on its validation rows) does on its test rows.");
        var model = Optional("--model", "FILE", "Where the model of the best seed (on its validation rows) is saved.");

        var command = new Command("csv",
            "Trains on any table with the default options, once for each seed, and audits train, validation and test rows.")
        {
            file, label, positive, group, constraint, test, testFraction, skip, seeds, categorical, numeric, drop, where, weight,
            confidence, minimum, missingGroups, missing, notMissing, decimalSign, columns, separator, json, report, model,
        };
        command.SetAction((arguments, cancellation) =>
        {
            var options = new CsvOptions
            {
                File = arguments.GetRequiredValue(file),
                TestFile = arguments.GetValue(test),
                TestFraction = Fraction(arguments.GetValue(testFraction), arguments.GetValue(test)),
                SkippedTestLines = SkippedLines(arguments.GetValue(skip)),
                Label = arguments.GetRequiredValue(label).Trim(),
                Positive = arguments.GetRequiredValue(positive).Trim(),
                Groups = CsvArguments.Names("--group", arguments.GetRequiredValue(group)),
                Constraints = [.. (arguments.GetValue(constraint) ?? []).Select(CsvConstraint.Parse)],
                Seeds = CsvArguments.Seeds(arguments.GetRequiredValue(seeds)),
                Categorical = CsvArguments.Names("--categorical", arguments.GetValue(categorical)),
                Numeric = CsvArguments.Names("--numeric", arguments.GetValue(numeric)),
                Dropped = CsvArguments.Names("--drop", arguments.GetValue(drop)),
                Filters = [.. (arguments.GetValue(where) ?? []).Select(CsvArguments.Filter)],
                Weight = arguments.GetValue(weight)?.Trim(),
                Confidence = Confidence(arguments.GetValue(confidence)),
                MinimumGroupSize = arguments.GetValue(minimum),
                MissingGroups = arguments.GetValue(missingGroups),
                Missing = MissingValues.With(CsvArguments.Names("--missing", arguments.GetValue(missing)),
                    CsvArguments.Names("--not-missing", arguments.GetValue(notMissing))),
                Decimal = arguments.GetValue(decimalSign),
                ColumnNames = arguments.GetValue(columns) is { } names ? CsvArguments.Names("--columns", names) : null,
                Separator = CsvArguments.Separator(arguments.GetValue(separator)),
                JsonPath = arguments.GetValue(json),
                ReportPath = arguments.GetValue(report),
                ModelPath = arguments.GetValue(model),
            };
            return Task.Run(() => CsvJob.Run(options, output, cancellation), cancellation);
        });
        return command;
    }

    private static Option<string> Required(string name, string value, string description)
        => new(name) { HelpName = value, Description = description, Required = true };

    private static Option<string?> Optional(string name, string value, string description)
        => new(name) { HelpName = value, Description = description };

    private static double Fraction(double? share, string? testFile)
    {
        if (share is not null && testFile is not null)
            throw new SampleInputException("--test-fraction and --test exclude each other.");
        if (share is not null and not (> 0 and < 1))
            throw new SampleInputException(FormattableString.Invariant($"--test-fraction must be above 0 and below 1, got {share}."));
        return share ?? 0.3;
    }

    private static double? Confidence(double? level)
        => level is null or (> 0.5 and < 1) ? level
        : throw new SampleInputException(FormattableString.Invariant($"--confidence must be above 0.5 and below 1, got {level}."));

    private static int SkippedLines(int lines)
        => lines >= 0 ? lines : throw new SampleInputException($"--skip-test-lines must be at least 0, got {lines}.");
}
