using System.CommandLine;
using System.Globalization;
using HumanCompatible.ML.Samples.Display;
using HumanCompatible.ML.Samples.Experiments;

namespace HumanCompatible.ML.Samples.Commands;

/// <summary><c>sweep</c>: what tighter bounds cost on any table.</summary>
internal static class SweepCommand
{
    private const string Usual = "0.2,0.15,0.1,0.07,0.05,0.03,0.02,0.01";

    public static Command Create(SampleOutput output)
    {
        var table = new CsvTableOptions();
        var bounds = new Option<string>("--bounds")
        {
            HelpName = "B1,B2",
            Description = "The bounds, which replace those of --constraint.",
            DefaultValueFactory = _ => Usual,
        };
        var seed = new Option<int>("--seed") { Description = "The seed.", DefaultValueFactory = _ => 1 };
        var command = new Command("sweep",
            "Trains under bounds from the loosest to the tightest, each from the model before, and shows what they cost.")
        {
            bounds, seed,
        };
        table.AddTo(command);
        command.SetAction((arguments, cancellation) => Task.Run(() => SweepJob.Run(table.Read(arguments),
            Bounds(arguments.GetRequiredValue(bounds)), arguments.GetValue(seed), output, cancellation), cancellation));
        return command;
    }

    private static double[] Bounds(string text) => [.. text.Split(',').Select(part
        => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var bound) ? bound
            : throw new SampleInputException($"--bounds {text}: must be numbers between commas, got '{part}'."))];
}
