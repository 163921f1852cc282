using System.CommandLine;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Samples.Csv;
using HumanCompatible.ML.Samples.Display;

namespace HumanCompatible.ML.Samples.Commands;

/// <summary><c>audit</c>: audits the predictions in a table.</summary>
internal static class AuditCommand
{
    public static Command Create(SampleOutput output)
    {
        var file = CsvTableOptions.Required("--file", "FILE", "The table, with a header in its first line.");
        var label = CsvTableOptions.Required("--label", "COLUMN", "The column of what is true.");
        var positive = CsvTableOptions.Required("--positive", "VALUE",
            "The value of the label, and of the predictions, that counts as positive.");
        var prediction = CsvTableOptions.Required("--prediction", "COLUMN",
            "The column of what was predicted, with the values of the label.");
        var score = CsvTableOptions.Optional("--score", "COLUMN",
            "The column of what the predictions were made from: probabilities from 0 to 1, or other numbers.");
        var report = CsvTableOptions.Optional("--report", "FILE.html", "Where a page for people is written.");
        var group = CsvTableOptions.Required("--group", "A,B", "The column of the groups, or several between commas.");
        var constraint = new Option<string[]>("--constraint")
        {
            HelpName = "dp:0.05",
            Description = $"WORD:BOUND, may be repeated, to be judged: {CsvConstraint.Words}.",
        };
        var where = new Option<string[]>("--where")
        {
            HelpName = "COLUMN=V1|V2",
            Description = "Keeps only the rows with one of these values, may be repeated.",
        };
        var includeMissing = new Option<bool>("--include-missing")
        {
            Description = "Compares the rows without a value in a group column as a group of their own.",
        };

        var command = new Command("audit", "Audits the predictions in a table by group, whatever model made them.")
        {
            file, label, positive, prediction, score, group, constraint, where, includeMissing, report,
        };
        command.SetAction(arguments => new AuditJob(
            new CsvOptions
            {
                File = arguments.GetRequiredValue(file),
                Label = arguments.GetRequiredValue(label).Trim(),
                Positive = arguments.GetRequiredValue(positive).Trim(),
                Groups = CsvArguments.Names("--group", arguments.GetRequiredValue(group)),
                Constraints = [.. (arguments.GetValue(constraint) ?? []).Select(CsvConstraint.Parse)],
                Filters = [.. (arguments.GetValue(where) ?? []).Select(CsvArguments.Filter)],
                MissingGroups = arguments.GetValue(includeMissing) ? GroupPolicy.Include : GroupPolicy.Exclude,
                ReportPath = arguments.GetValue(report),
            },
            arguments.GetRequiredValue(prediction).Trim(), arguments.GetValue(score)?.Trim(), output).Run());
        return command;
    }
}
