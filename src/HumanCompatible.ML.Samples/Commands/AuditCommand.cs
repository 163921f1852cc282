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
        var table = new CsvReadingOptions();
        var prediction = CsvReadingOptions.Required("--prediction", "COLUMN",
            "The column of what was predicted, with the values of the label.");
        var score = CsvReadingOptions.Optional("--score", "COLUMN",
            "The column of what the predictions were made from: probabilities from 0 to 1, or other numbers.");
        var weight = CsvReadingOptions.Optional("--weight", "COLUMN", "The column with the weight of each row in every rate.");
        var report = CsvReadingOptions.Optional("--report", "FILE.html", "Where a page for people is written.");
        var includeMissing = new Option<bool>("--include-missing")
        {
            Description = "Compares the rows without a value in a group column as a group of their own.",
        };

        var command = new Command("audit",
            "Audits the predictions in a table by group, whatever model made them, and judges constraints on them.")
        {
            prediction, score, weight, includeMissing, report,
        };
        table.AddTo(command);
        command.SetAction(arguments => new AuditJob(
            table.Read(arguments) with
            {
                MissingGroups = arguments.GetValue(includeMissing) ? GroupPolicy.Include : GroupPolicy.Exclude,
                Weight = arguments.GetValue(weight)?.Trim(),
                ReportPath = arguments.GetValue(report),
            },
            arguments.GetRequiredValue(prediction).Trim(), arguments.GetValue(score)?.Trim(), output).Run());
        return command;
    }
}
