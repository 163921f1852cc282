using System.Globalization;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Experiments;
using HumanCompatible.ML.Reporting;
using HumanCompatible.ML.Samples.Csv;
using HumanCompatible.ML.Samples.Display;
using Microsoft.ML;

namespace HumanCompatible.ML.Samples.Experiments;

/// <summary>Follows the trade-off between accuracy and bound on any table.</summary>
internal static class SweepJob
{
    /// <summary>The bounds of differences where none are named.</summary>
    public static readonly double[] UsualDifferences = [0.2, 0.15, 0.1, 0.07, 0.05, 0.03, 0.02, 0.01];

    /// <summary>The bounds of ratios where none are named.</summary>
    public static readonly double[] UsualRatios = [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95];

    /// <param name="options">The table and the constraints.</param>
    /// <param name="named">The bounds; null for the usual ones.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="output">Where it is shown.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="SampleInputException">The files or the options are not usable.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static int Run(CsvOptions options, double[]? named, int seed, SampleOutput output, CancellationToken cancellation)
    {
        OutputPaths.Check([(options.File, "the table itself"), (options.TestFile, "the table of --test")], ("--json", options.JsonPath),
            ("--report", options.ReportPath));
        var bounds = Check(options, named);
        var (ml, data) = (new MLContext(seed), CsvData.Load(options, output.Say));
        FairnessConstraint[] constraints = [.. options.Constraints.Select(constraint => constraint.Declare(options.Groups))];
        var settings = new BinaryExperimentSettings
        {
            Options = CsvTraining.OptionsOf(data, options, constraints, seed),
            Seed = seed,
            CancellationToken = cancellation,
        };
        var split = CsvSplit.Of(data, options.TestFraction, seed);
        int[] rest = [.. split.Train.Concat(split.Validation).Order()];
        output.Say($"Each bound is trained on {rest.Length} rows and measured on {split.Test.Length} others"
            + $"{(data.TestRows is null ? "" : $", those of {options.TestFile}")}, which train nothing.");
        var sweep = LiveTable.Show(output, ["bound", "accuracy", .. constraints.SelectMany(one => new[] { one.Name, "verdict" }), "s"],
            add => CsvTraining.Refusing(null, () => ml.Constrained().Experiments.CreateBinaryClassificationExperiment(settings)
                .SweepBounds(bounds, data.Take(rest), data.Take(split.Test), CsvTraining.Featurize(ml, data),
                    new LiveTable.Receiver<TradeOffPoint>(point => add(Row(point))))));
        Conclude(sweep, output);
        if (options.JsonPath is not null)
        {
            File.WriteAllText(options.JsonPath, sweep.ToJson());
            output.Say($"Wrote {options.JsonPath}.");
        }

        if (options.ReportPath is not null)
        {
            sweep.SaveReport(options.ReportPath, new FairnessReportOptions
            {
                Title = "What the bounds cost",
                ModelName = $"Models for {options.Label}",
                DataName = $"{split.Test.Length:N0} rows of {Path.GetFileName(options.TestFile ?? options.File)}, seed {seed}",
            });
            output.Say($"Wrote {options.ReportPath}.");
        }

        return 0;
    }

    // Before the work, not after it.
    private static double[] Check(CsvOptions options, double[]? named)
    {
        if (options.Constraints.Count == 0)
            throw new SampleInputException("sweep needs at least one --constraint.");
        if (options.Constraints.GroupBy(constraint => constraint.IsLowerBound).ToList() is [var some, var others])
        {
            string Words(IEnumerable<CsvConstraint> ones) => string.Join(", ", ones.Select(one => one.Word));
            var (less, more) = some.Key ? (others, some) : (some, others);
            throw new SampleInputException($"sweep gives one bound to all constraints, but with {Words(less)} less is fairer, with "
                + $"{Words(more)} more: sweep them one by one.");
        }

        var bounds = named ?? (options.Constraints[0].IsLowerBound ? UsualRatios : UsualDifferences);
        foreach (var constraint in options.Constraints)
            constraint.CheckBounds("--bounds", bounds);
        if (bounds.CountBy(bound => bound).FirstOrDefault(same => same.Value > 1) is { Value: > 1 } twice)
        {
            throw new SampleInputException(string.Create(CultureInfo.InvariantCulture,
                $"--bounds: {twice.Key} is named more than once."));
        }

        return bounds;
    }

    private static void Conclude(TradeOff sweep, SampleOutput output)
    {
        var verdicts = sweep.Points.SelectMany(point => point.Verdicts).Select(verdict => verdict.Verdict).ToHashSet();
        var meanings = new[]
        {
            (Verdict.Kept, "kept is within the bound on these rows"),
            (Verdict.Missed, "missed is beyond it"),
            (Verdict.NotMeasurable, "not measurable: a group has too few rows to tell"),
        };
        output.Say($"Verdicts: {string.Join("; ", meanings.Where(one => verdicts.Contains(one.Item1)).Select(one => one.Item2))}. "
            + "Who chooses a bound by these rows should test the model on others.");
        var unmeasured = sweep.Points.Where(point => !point.IsMeasured).ToList();
        if (sweep.Front.Count > 0)
        {
            var dominated = sweep.Points.Except(sweep.Front).Except(unmeasured).ToList();
            output.Say(dominated.Count == 0 ? "No measured point is worse than another in everything."
                : $"Not better than another point in anything: bound {Bounds(dominated)}.");
        }

        if (unmeasured.Count > 0)
            output.Say($"Not compared, for they cannot be measured: bound {Bounds(unmeasured)}.");
    }

    private static string Bounds(IEnumerable<TradeOffPoint> points)
        => string.Join(", ", points.Select(point => Text(point.Constraints[0].Bound, "0.####")));

    private static string[] Row(TradeOffPoint point) =>
    [
        Text(point.Constraints[0].Bound, "0.####"),
        Text(point.Objective, "0.0000"),
        .. point.Verdicts.SelectMany(verdict => new[] { Text(verdict.Value, "0.0000"), VerdictText.Of(verdict.Verdict) }),
        Text(point.Seconds, "0.0"),
    ];

    private static string Text(double value, string format)
        => double.IsNaN(value) ? "-" : value.ToString(format, CultureInfo.InvariantCulture);
}
