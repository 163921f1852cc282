using System.CommandLine;
using HumanCompatible.ML.Samples.Data;
using HumanCompatible.ML.Samples.Display;
using HumanCompatible.ML.Samples.Scenarios;

namespace HumanCompatible.ML.Samples.Commands;

/// <summary><c>scenarios list</c> and <c>scenarios run NAME</c>.</summary>
internal static class ScenariosCommand
{
    public static Command Create(SampleOutput output)
    {
        var list = new Command("list", "Names the scenarios.");
        list.SetAction(_ =>
        {
            var width = ScenarioCatalog.All.Max(scenario => scenario.Name.Length);
            foreach (var scenario in ScenarioCatalog.All)
                output.Say($"{scenario.Name.PadRight(width)}  {scenario.Description}");
        });

        var name = new Argument<string>("name") { Description = "What 'scenarios list' calls it." };
        name.AcceptOnlyFromAmong([.. ScenarioCatalog.All.Select(scenario => scenario.Name)]);
        var data = new Option<string?>("--data") { Description = "The folder that holds Adult.", HelpName = "DIR" };
        var epochs = NumberOptions.Whole("--epochs", "Passes over the training rows.", 10);
        var run = new Command("run", "Runs one scenario.") { name, data, epochs };
        run.SetAction((arguments, cancellation) => Task.Run(() =>
        {
            using var tables = CensusTables.Find(arguments.GetValue(data), seed: 1, output.Say);
            output.Say($"Data: {tables.Description}.");
            ScenarioCatalog.All.Single(scenario => scenario.Name == arguments.GetRequiredValue(name))
                .Run(tables.TrainingPath, tables.TestPath, output.Console.Profile.Out.Writer, arguments.GetValue(epochs));
        }, cancellation));

        return new Command("scenarios", "Smaller things to do with the library, each a file that can be added to a program.") { list, run };
    }
}
