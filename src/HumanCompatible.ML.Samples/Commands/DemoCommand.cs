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
        var bound = new Option<double>("--bound")
        {
            Description = "The largest difference between the groups that is allowed, from 0 to 1.",
            DefaultValueFactory = _ => 0.05,
        };
        bound.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && double.TryParse(result.Tokens[0].Value, System.Globalization.CultureInfo.InvariantCulture,
                out var value) && !(value >= 0 && value <= 1))
            {
                result.AddError($"--bound must be a number from 0 to 1, got {result.Tokens[0].Value}.");
            }
        });
        var epochs = PositiveNumber("--epochs", "Passes over the training rows.", 20);
        var seed = new Option<int>("--seed")
        {
            Description = "The seed: the same seed trains the same model.",
            DefaultValueFactory = _ => 1,
        };
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
                arguments.GetValue(bound),
                arguments.GetRequiredValue(group),
                arguments.GetValue(epochs),
                arguments.GetValue(seed),
                arguments.GetRequiredValue(model),
                arguments.GetRequiredValue(report));
            return Task.Run(() => DemoJob.Run(options, output, cancellation), cancellation);
        });
        return command;
    }

    /// <summary>An option that takes a whole number of at least 1.</summary>
    public static Option<int> PositiveNumber(string name, string description, int value)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var number) && number < 1)
                result.AddError($"{name} must be at least 1, got {number}.");
        });
        return option;
    }
}
