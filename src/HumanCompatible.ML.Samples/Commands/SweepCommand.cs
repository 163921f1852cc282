using System.CommandLine;
using System.Globalization;
using HumanCompatible.ML.Samples.Csv;
using HumanCompatible.ML.Samples.Display;
using HumanCompatible.ML.Samples.Experiments;

namespace HumanCompatible.ML.Samples.Commands;

/// <summary><c>sweep</c>: what tighter bounds cost on any table.</summary>
internal static class SweepCommand
{
    public static Command Create(SampleOutput output)
    {
        var table = new CsvTableOptions();
        var bounds = CsvReadingOptions.Optional("--bounds", "B1,B2",
            $"The bounds, which replace those of --constraint. The default is {List(SweepJob.UsualDifferences)}, or of ratios (di) "
            + $"{List(SweepJob.UsualRatios)}.");
        var seed = NumberOptions.Whole("--seed", "The seed.", 1, int.MinValue);
        var report = CsvReadingOptions.Optional("--report", "FILE.html", "Where a page with the trade-off curve is written.");
        var command = new Command("sweep",
            "Trains under bounds from the loosest to the tightest, each from the model before, and shows what they cost.")
        {
            bounds, seed, report,
        };
        table.AddTo(command);
        command.SetAction((arguments, cancellation) =>
        {
            var options = table.Read(arguments) with { ReportPath = arguments.GetValue(report) };
            var named = arguments.GetValue(bounds) is { } text ? Bounds(text) : null;
            return Task.Run(() => SweepJob.Run(options, named, arguments.GetValue(seed), output, cancellation), cancellation);
        });
        return command;
    }

    private static double[] Bounds(string text) => [.. text.Split(',').Select(part
        => CsvArguments.TryRead(part.Trim(), out var bound) ? bound : throw new SampleInputException(
            $"--bounds {text}: must be numbers between commas, with points before their fractions, such as 0.05,0.1, got '{part}'."))];

    private static string List(IEnumerable<double> bounds)
        => string.Join(',', bounds.Select(bound => bound.ToString(CultureInfo.InvariantCulture)));
}
