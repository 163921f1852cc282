using System.CommandLine;
using HumanCompatible.ML.Samples.Csv;
using HumanCompatible.ML.Samples.Display;

namespace HumanCompatible.ML.Samples.Commands;

/// <summary><c>csv</c>: trains on any table.</summary>
internal static class CsvCommand
{
    public static Command Create(SampleOutput output)
    {
        var table = new CsvTableOptions();
        var seeds = new Option<string>("--seeds") { Description = "A run for each, such as 1-5 or 1,3,7.", DefaultValueFactory = _ => "1" };
        var confidence = NumberOptions.Number("--confidence", "0.95", "above 0.5 and below 1", level => level is > 0.5 and < 1,
            "With which confidence the bounds are to hold on unseen rows (ConfidenceLevel), above 0.5 and below 1.");
        var report = CsvReadingOptions.Optional("--report", "FILE.html",
            "Where a page for people is written: how the model of the best seed (on its validation rows) does on its test rows.");
        var model = CsvReadingOptions.Optional("--model", "FILE", "Where the model of the best seed (on its validation rows) is saved.");

        var command = new Command("csv",
            "Trains on any table with the default options, once for each seed, and audits train, validation and test rows.")
        {
            seeds, confidence, report, model,
        };
        table.AddTo(command);
        command.SetAction((arguments, cancellation) =>
        {
            var options = table.Read(arguments) with
            {
                Seeds = CsvArguments.Seeds(arguments.GetRequiredValue(seeds)),
                Confidence = arguments.GetValue(confidence),
                ReportPath = arguments.GetValue(report),
                ModelPath = arguments.GetValue(model),
            };
            return Task.Run(() => CsvJob.Run(options, output, cancellation), cancellation);
        });
        return command;
    }
}
