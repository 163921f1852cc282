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
        var epochs = DemoCommand.PositiveNumber("--epochs", "Passes over the training rows.", 10);
        var seed = new Option<int>("--seed") { Description = "The seed.", DefaultValueFactory = _ => 1 };
        var run = new Command("run", "Runs one scenario.") { name, data, epochs, seed };
        run.SetAction((arguments, cancellation) => Task.Run(() =>
        {
            using var tables = CensusTables.Find(arguments.GetValue(data), arguments.GetValue(seed), output.Say);
            output.Say($"Data: {tables.Description}.");
            var context = new ScenarioContext(tables, output, arguments.GetValue(epochs), arguments.GetValue(seed), cancellation);
            ScenarioCatalog.All.Single(scenario => scenario.Name == arguments.GetRequiredValue(name)).Run(context);
        }, cancellation));

        return new Command("scenarios", "Smaller things to do with the library, one file each.") { list, run };
    }
}
