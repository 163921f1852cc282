using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Samples.Display;
using Microsoft.ML;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>Trains on any table with the trainer's default options, once for each seed, and audits every part of the rows.</summary>
internal static class CsvJob
{
    /// <summary>What the program ends with when it was told to stop, and kept what was finished.</summary>
    public const int Stopped = 130;

    /// <summary>
    /// Runs the job and shows it; 0 when it is done, <see cref="Stopped"/> where only the first of its seeds are. Whether bounds were kept
    /// is in what it shows, not in the exit code.
    /// </summary>
    /// <exception cref="SampleInputException">The files or the options are not usable.</exception>
    /// <exception cref="OperationCanceledException">It was stopped before a seed was finished.</exception>
    public static int Run(CsvOptions options, SampleOutput output, CancellationToken cancellation)
    {
        OutputPaths.Check([(options.File, "the table itself"), (options.TestFile, "the table of --test")], ("--json", options.JsonPath),
            ("--report", options.ReportPath), ("--model", options.ModelPath));
        var data = CsvData.Load(options, output.Say);
        FairnessConstraint[] constraints = [.. options.Constraints.Select(constraint => constraint.Declare(options.Groups))];
        if (constraints.GroupBy(constraint => constraint.Name).FirstOrDefault(same => same.Count() > 1) is { } repeated)
            throw new SampleInputException($"--constraint: {repeated.Key} is declared {repeated.Count()} times.");
        output.Say($"{data.TrainingRows.Length} rows of {options.File}" + (data.TestRows is null
            ? FormattableString.Invariant(
                $", of which {options.TestFraction:0.####} are test rows (each seed divides anew, every label and group in proportion)")
            : $", {data.TestRows.Length} test rows of {options.TestFile}") + "; a fifth of the rows to train on choose the epoch"
            + (options.Confidence is null ? "." : " or test the bounds once (safety rows)."));

        var display = new CsvDisplay(output, options);
        var runs = new List<CsvReport.Run>();
        CsvModel? best = null;
        try
        {
            var isStopped = false;
            foreach (var seed in options.Seeds)
            {
                if (Finish(data, options, constraints, seed, cancellation, mayStop: runs.Count > 0) is not { } result)
                {
                    isStopped = true;
                    break;
                }
                runs.Add(result.Run);
                display.Write(result.Run);
                var isBest = best is null || IsBetter(result.Run, best.Run);
                (isBest ? best : result)?.Dispose();
                best = isBest ? result : best;
            }
            display.WriteMean(runs);
            WriteFiles(options, output, data, constraints, runs, best!);
            if (!isStopped)
                return 0;
            output.Complain($"Stopped in seed {options.Seeds[runs.Count]}: {runs.Count} of {options.Seeds.Count} seeds are finished "
                + $"({string.Join(", ", runs.Select(run => run.Seed))}). What is shown{(options.JsonPath is null ? "" : " and written")} "
                + "is of these alone.");
            return Stopped;
        }
        finally
        {
            best?.Dispose();
        }
    }

    // Null where the seed was stopped, and that may be.
    private static CsvModel? Finish(CsvData data, CsvOptions options, FairnessConstraint[] constraints, int seed,
        CancellationToken cancellation, bool mayStop)
    {
        try
        {
            return CsvTraining.Run(data, options, constraints, seed, cancellation);
        }
        catch (OperationCanceledException) when (mayStop)
        {
            return null;
        }
    }

    private static void WriteFiles(CsvOptions options, SampleOutput output, CsvData data, FairnessConstraint[] constraints,
        List<CsvReport.Run> runs, CsvModel best)
    {
        if (options.JsonPath is not null)
        {
            CsvReport.Bounded[] bounded = [.. constraints.Select(constraint
                => new CsvReport.Bounded(constraint.Name, constraint.GroupColumnNames, constraint.Bound))];
            new CsvReport(Path.GetFileName(options.File), bounded, runs).Write(options.JsonPath);
            output.Say($"Wrote {options.JsonPath}.");
        }
        if (options.ReportPath is not null)
        {
            best.Page!.Write(options.ReportPath, options, CsvTraining.FeatureNames(data), best.Run.Seed);
            output.Say($"Wrote {options.ReportPath}: the model of seed {best.Run.Seed} on its test rows.");
        }
        if (options.ModelPath is not null)
        {
            new MLContext().Model.Save(best.Pipeline, best.Schema, options.ModelPath);
            output.Say($"Saved {options.ModelPath}: the model of seed {best.Run.Seed}, the best on its validation rows.");
        }
    }

    private static bool IsBetter(CsvReport.Run challenger, CsvReport.Run incumbent) => challenger.Feasible != incumbent.Feasible
        ? challenger.Feasible
        : challenger.Validation.Accuracy > incumbent.Validation.Accuracy;
}
