using System.CommandLine;
using HumanCompatible.ML.Samples.Data;
using HumanCompatible.ML.Samples.Demo;
using HumanCompatible.ML.Samples.Display;

namespace HumanCompatible.ML.Samples.Commands;

/// <summary><c>demo</c>: the main job, end to end.</summary>
internal static class DemoCommand
{
    public static Command Create(SampleOutput output)
    {
        var data = new Option<string?>("--data")
        {
            Description = "The folder that holds adult.data and adult.test, itself or in its subfolder 'adult'.",
            HelpName = "DIR",
        };
        var constraint = new Option<string>("--constraint")
        {
            Description = "dp: demographic parity, eo: equalized odds.",
            DefaultValueFactory = _ => "dp",
        };
        constraint.AcceptOnlyFromAmong("dp", "eo");
        var group = new Option<string>("--group")
        {
            Description = "The column of the groups to compare.",
            DefaultValueFactory = _ => CensusColumns.Sex,
        };
        group.AcceptOnlyFromAmong(CensusColumns.Sex, CensusColumns.Race);
        var bound = NumberOptions.Number("--bound", "0.05", "a number from 0 to 1", value => value is >= 0 and <= 1,
            "The largest difference between the groups that is allowed, from 0 to 1. The default is 0.05.");
        var epochs = NumberOptions.Whole("--epochs", "Passes over the training rows.", 20);
        var seed = NumberOptions.Whole("--seed", "The seed: the same seed trains the same model.", 1, int.MinValue);
        var model = new Option<string>("--out")
        {
            Description = "Where the model is saved.",
            HelpName = "FILE",
            DefaultValueFactory = _ => "model.zip",
        };
        var report = new Option<string>("--report")
        {
            Description = "Where a page for people is written: how the constrained model does on the test rows.",
            HelpName = "FILE.html",
            DefaultValueFactory = _ => "report.html",
        };

        var command = new Command("demo",
            "Trains without and with a fairness constraint, compares, writes a report, saves the model, loads it and predicts.")
        {
            data, constraint, group, bound, epochs, seed, model, report,
        };
        command.SetAction((arguments, cancellation) =>
        {
            var options = new DemoOptions(
                arguments.GetValue(data),
                arguments.GetValue(constraint) == "eo" ? DemoConstraint.EqualizedOdds : DemoConstraint.DemographicParity,
                arguments.GetValue(bound) ?? 0.05,
                arguments.GetRequiredValue(group),
                arguments.GetValue(epochs),
                arguments.GetValue(seed),
                arguments.GetRequiredValue(model),
                arguments.GetRequiredValue(report));
            return Task.Run(() => DemoJob.Run(options, output, cancellation), cancellation);
        });
        return command;
    }
}
