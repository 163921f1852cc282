using System.CommandLine;
using HumanCompatible.ML.Experiments;
using HumanCompatible.ML.Samples.Display;
using HumanCompatible.ML.Samples.Experiments;

namespace HumanCompatible.ML.Samples.Commands;

/// <summary><c>experiment</c>: searches for the options that do best on any table.</summary>
internal static class ExperimentCommand
{
    public static Command Create(SampleOutput output)
    {
        var table = new CsvTableOptions();
        var seconds = NumberOptions.Whole("--seconds", "The time of the search; the final training comes on top.", 60);
        var models = NumberOptions.WholeOrNone("--models", "The most runs. The default is as many as there is time for.");
        var parallel = NumberOptions.WholeOrNone("--parallel", "Runs at once. The default is the processors.");
        var seed = NumberOptions.Whole("--seed", "The seed.", 1, int.MinValue);
        var metric = ChoiceOptions.Of("--metric", "What is to be best among the runs that keep the bounds.",
            BinaryClassificationMetric.Accuracy);
        var cache = CsvReadingOptions.Optional("--cache", "FOLDER",
            "Where runs and the best models are kept as they end, and found again after a stop: a new folder, or that of the same data and "
            + "options. What goes on looks at the test rows once it has ended; every further look at them is counted and said.");
        var report = CsvReadingOptions.Optional("--report", "FILE.html",
            "Where a page for people is written: the choice, all runs, and how the chosen model does on the test rows.");
        var model = CsvReadingOptions.Optional("--model", "FILE", "Where the best model is saved.");
        var command = new Command("experiment",
            "Searches for the trainer's options that do best on any table under the constraints, and tests the final model once.")
        {
            seconds, models, parallel, seed, metric, cache, report, model,
        };
        table.AddTo(command);
        command.SetAction((arguments, cancellation) =>
        {
            var options = table.Read(arguments) with
            {
                ModelPath = arguments.GetValue(model),
                ReportPath = arguments.GetValue(report),
            };
            var settings = new BinaryExperimentSettings
            {
                MaxExperimentTimeInSeconds = (uint)arguments.GetValue(seconds),
                MaxModels = arguments.GetValue(models),
                NumberOfParallelTrials = arguments.GetValue(parallel),
                Seed = arguments.GetValue(seed),
                OptimizingMetric = arguments.GetValue(metric),
                CacheDirectory = arguments.GetValue(cache),
                TestFraction = options.TestFraction,
                CancellationToken = cancellation,
            };
            return Task.Run(() => ExperimentJob.Run(options, settings, output), CancellationToken.None);
        });
        return command;
    }
}
