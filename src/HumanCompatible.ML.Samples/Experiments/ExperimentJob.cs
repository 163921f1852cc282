using System.Globalization;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Experiments;
using HumanCompatible.ML.Reporting;
using HumanCompatible.ML.Samples.Csv;
using HumanCompatible.ML.Samples.Display;
using Microsoft.ML;

namespace HumanCompatible.ML.Samples.Experiments;

/// <summary>Searches on any table, shows every run, and saves the best model.</summary>
internal static class ExperimentJob
{
    /// <returns>0, or <see cref="CsvJob.Stopped"/> where it was stopped and the best so far is shown.</returns>
    /// <exception cref="SampleInputException">The files or the options are not usable.</exception>
    /// <exception cref="OperationCanceledException">It was stopped before a run was finished.</exception>
    public static int Run(CsvOptions options, BinaryExperimentSettings settings, SampleOutput output)
    {
        OutputPaths.Check([(options.File, "the table itself"), (options.TestFile, "the table of --test")], ("--json", options.JsonPath),
            ("--report", options.ReportPath), ("--model", options.ModelPath));
        // What is wrong with them is said before the table is read.
        var ml = new MLContext(settings.Seed);
        _ = CsvTraining.Refusing(null, () => ml.Constrained().Experiments.CreateBinaryClassificationExperiment(settings));
        OutputPaths.CheckApart(settings.CacheDirectory, ("--json", options.JsonPath), ("--report", options.ReportPath),
            ("--model", options.ModelPath));
        var data = CsvData.Load(options, output.Say);
        FairnessConstraint[] constraints = [.. options.Constraints.Select(constraint => constraint.Declare(options.Groups))];
        settings.Options = CsvTraining.OptionsOf(data, options, constraints, settings.Seed);
        var train = data.Take(data.TrainingRows);

        // At once: what follows takes a while.
        var ended = 0;
        using var stopping = settings.CancellationToken.Register(() => output.Complain(ended == 0 ? "Stopping before a run has ended."
            : "Stopping: the best of the runs that ended is chosen"
            + (settings.CacheDirectory is null ? "." : $"; the runs are kept in {settings.CacheDirectory}.")));
        var result = StoppedEarly(settings.CacheDirectory, () => LiveTable.Show(output,
            ["run", "ended", settings.OptimizingMetric.ToString(), .. constraints.Select(constraint => constraint.Name), "s", "options"],
            add => CsvTraining.Refusing(null, () => ml.Constrained().Experiments.CreateBinaryClassificationExperiment(settings)
                .Execute(train, testData: data.TestRows is null ? null : data.Take(data.TestRows),
                    preFeaturizer: CsvTraining.Featurize(ml, data),
                    progressHandler: new LiveTable.Receiver<RunDetail>(run =>
                    {
                        ended++;
                        add(Row(run, constraints));
                    })))));
        if (result.RunDetails.Any(run => run.Status == RunStatus.Stopped))
            output.Say("stopped: in the worse half of its round after a quarter of its epochs, it went no further.");
        if (result.RunDetails.Any(run => run.IsReused))
            output.Say($"found again: run before; its numbers are kept in {settings.CacheDirectory}.");
        string[] repeated = [.. result.RunDetails.Where(run => run.IsRepeated)
            .Select(run => run.Number.ToString(CultureInfo.InvariantCulture))];
        if (repeated.Length > 0)
        {
            output.Say($"Trained once more, for the models in {settings.CacheDirectory} are gone or not as they were written: run "
                + $"{string.Join(", ", repeated)}.");
        }

        output.Say(result.ToString());
        if (result.Test?.Audit is { } audit)
            output.Say(audit.ToString());
        if (options.JsonPath is not null)
        {
            File.WriteAllText(options.JsonPath, result.ToJson());
            output.Say($"Wrote {options.JsonPath}.");
        }

        if (options.ReportPath is not null)
        {
            result.SaveReport(options.ReportPath, new FairnessReportOptions
            {
                Title = "Experiment",
                ModelName = $"Chosen model for {options.Label}",
                DataName = (result.Test is { } test ? FormattableString.Invariant($"{test.Rows:N0} test rows of ") : "judging rows of ")
                    + $"{Path.GetFileName(result.Test is null ? options.File : options.TestFile ?? options.File)}, seed {settings.Seed}",
            });
            output.Say($"Wrote {options.ReportPath}.");
        }

        if (options.ModelPath is not null)
        {
            ml.Model.Save(result.BestRun.Model!, train.Schema, options.ModelPath);
            output.Say($"Saved {options.ModelPath}: the model of run {result.BestRun.Number}.");
        }

        if (!result.IsCanceled)
            return 0;
        output.Complain(Stopped(result, settings));
        return CsvJob.Stopped;
    }

    // Where no run has ended there is nothing to show.
    private static ExperimentResult StoppedEarly(string? cache, Func<ExperimentResult> execute)
    {
        try
        {
            return execute();
        }
        catch (OperationCanceledException problem)
        {
            throw new OperationCanceledException("Stopped before a run had ended: nothing is chosen, and no test row was looked at. "
                + (cache is null ? "Nothing is kept." : $"The same command goes on from what {cache} holds."), problem);
        }
    }

    private static string Stopped(ExperimentResult result, BinaryExperimentSettings settings)
    {
        var runs = CellText.Count(result.RunDetails.Count, "run");
        return settings.CacheDirectory is { } cache
            ? $"Stopped: {runs} ended and {(result.RunDetails.Count == 1 ? "is" : "are")} kept in {cache}. The same command goes on from "
                + "there. What is shown is the best so far; it was not trained on all rows, and the test rows have not been looked at."
            : $"Stopped: {runs} ended. What is shown is the best of them; it was not trained on all rows, and the test rows have been "
                + "looked at. The runs are not kept, for no --cache was named: the same command begins anew and looks at the same test "
                + "rows once more.";
    }

    private static string[] Row(RunDetail run, FairnessConstraint[] constraints) =>
    [
        run.Number.ToString(CultureInfo.InvariantCulture),
        run.Status.ToString().ToLowerInvariant() + (run.IsReused ? ", found again" : ""),
        Number(run.Objective),
        .. constraints.Select(constraint => run.ConstraintValues.TryGetValue(constraint.Name, out var value) ? Number(value) : ""),
        run.Seconds.ToString("0.0", CultureInfo.InvariantCulture),
        run.Error ?? (run.Number == 0 ? "as they are" : string.Join(", ", run.Parameters.Select(one => $"{one.Key} {one.Value}"))),
    ];

    private static string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
