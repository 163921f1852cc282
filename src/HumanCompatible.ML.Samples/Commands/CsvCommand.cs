using System.CommandLine;
using HumanCompatible.ML.Samples.Csv;
using HumanCompatible.ML.Samples.Display;

namespace HumanCompatible.ML.Samples.Commands;

/// <summary><c>csv</c>: trains on any table.</summary>
internal static class CsvCommand
{
    public static Command Create(SampleOutput output)
    {
        var file = new Option<string>("--file")
        {
            Description =
            "The table, with a header in its first line: comma-, semicolon- or tab-separated text.",
            HelpName = "FILE",
            Required = true
        };
        var label = new Option<string>("--label") { Description = "The column to predict.", HelpName = "COLUMN", Required = true };
        var positive = new Option<string>("--positive")
        {
            Description = "The value of the label that counts as positive.",
            HelpName = "VALUE",
            Required = true
        };
        var group = new Option<string>("--group")
        {
            Description =
            "The column of the groups, or several between commas: each combination of their values is a group. They stay features unless "
            + "dropped.",
            HelpName = "A,B",
            Required = true
        };
        var constraint = new Option<string[]>("--constraint")
        {
            Description =
            $"WORD:BOUND, may be repeated: {CsvConstraint.Words}. WORD:BOUND@A+B compares the groups of these columns only.",
            HelpName = "dp:0.05"
        };
        var test = new Option<string?>("--test") { Description = "The table to test on, with the same columns.", HelpName = "FILE" };
        var testFraction = new Option<double?>("--test-fraction")
        {
            Description =
            "Without --test: the share of the rows to test on, divided by the seed. The default is 0.3.",
            HelpName = "SHARE"
        };
        var skip = new Option<int>("--skip-test-lines")
        {
            Description =
            "Lines at the start of the test table to pass over, such as Adult's comment."
        };
        var seeds = new Option<string>("--seeds") { Description = "A run for each, such as 1-5 or 1,3,7.", DefaultValueFactory = _ => "1" };
        var categorical = new Option<string?>("--categorical")
        {
            Description =
            "Columns that are categories although they look like numbers.",
            HelpName = "A,B"
        };
        var numeric = new Option<string?>("--numeric")
        {
            Description = "Columns that are numbers although they look like codes.",
            HelpName = "A,B"
        };
        var drop = new Option<string?>("--drop") { Description = "Columns that are not features.", HelpName = "A,B" };
        var where = new Option<string[]>("--where")
        {
            Description = "Keeps only the rows with one of these values, may be repeated.",
            HelpName = "COLUMN=V1|V2"
        };
        var minimum = DemoCommand.PositiveNumber("--min-group",
            "Leaves out the rows of groups with fewer rows than that in the table: they are neither trained on nor audited.", 1);
        var columns = new Option<string?>("--columns")
        {
            Description = "The names of the columns of tables without a header.",
            HelpName = "A,B"
        };
        var separator = new Option<string?>("--separator")
        {
            Description =
            "comma, semicolon, tab or a character, where the guess is wrong."
        };
        var json = new Option<string?>("--json") { Description = "Where the report is written.", HelpName = "FILE" };
        var model = new Option<string?>("--model")
        {
            Description = "Where the model of the best seed (on its validation rows) is saved.",
            HelpName = "FILE"
        };

        var command =
            new Command("csv",
            "Trains on any table with the default options, once for each seed, and audits train, validation and test rows.")
        {
            file, label, positive, group, constraint, test, testFraction, skip, seeds, categorical, numeric, drop, where, minimum, columns,
                separator, json, model,
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
                Filters = [.. (arguments.GetValue(where) ?? []).Select(CsvFilter.Parse)],
                MinimumGroupRows = arguments.GetValue(minimum),
                ColumnNames = arguments.GetValue(columns) is { } names ? CsvArguments.Names("--columns", names) : null,
                Separator = CsvArguments.Separator(arguments.GetValue(separator)),
                JsonPath = arguments.GetValue(json),
                ModelPath = arguments.GetValue(model),
            };
            return Task.Run(() => CsvJob.Run(options, output, cancellation), cancellation);
        });
        return command;
    }

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
