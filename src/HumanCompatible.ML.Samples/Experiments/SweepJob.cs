using System.Globalization;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Experiments;
using HumanCompatible.ML.Samples.Csv;
using HumanCompatible.ML.Samples.Display;
using Microsoft.ML;

namespace HumanCompatible.ML.Samples.Experiments;

/// <summary>Follows the trade-off between accuracy and bound on any table.</summary>
internal static class SweepJob
{
    /// <exception cref="SampleInputException">The files or the options are not usable.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static int Run(CsvOptions options, double[] bounds, int seed, SampleOutput output, CancellationToken cancellation)
    {
        OutputPaths.Check([(options.File, "the table itself"), (options.TestFile, "the table of --test")], ("--json", options.JsonPath));
        var (ml, data) = (new MLContext(seed), CsvData.Load(options, output.Say));
        FairnessConstraint[] constraints = [.. options.Constraints.Select(constraint => constraint.Declare(options.Groups))];
        if (constraints.Length == 0)
            throw new SampleInputException("sweep needs at least one --constraint.");
        var settings = new BinaryExperimentSettings
        {
            Options = CsvTraining.OptionsOf(data, options, constraints, seed),
            Seed = seed,
            CancellationToken = cancellation,
        };
        var sweep = LiveTable.Show(output, ["bound", "accuracy", .. constraints.SelectMany(one => new[] { one.Name, "verdict" }), "s"],
            add => CsvTraining.Refusing(seed, () => ml.Constrained().Experiments.CreateBinaryClassificationExperiment(settings)
                .SweepBounds(bounds, data.Take(data.TrainingRows), data.TestRows is null ? null : data.Take(data.TestRows),
                    CsvTraining.Featurize(ml, data), new LiveTable.Receiver<TradeOffPoint>(point => add(Row(point))))));
        var dominated = sweep.Points.Except(sweep.Front).Select(point => Text(point.Constraints[0].Bound, "0.####")).ToList();
        output.Say(dominated.Count == 0 ? "No point is dominated by another."
            : $"Dominated by another point: bound {string.Join(", ", dominated)}.");
        if (options.JsonPath is not null)
        {
            File.WriteAllText(options.JsonPath, sweep.ToJson());
            output.Say($"Wrote {options.JsonPath}.");
        }

        return 0;
    }

    private static string[] Row(TradeOffPoint point) =>
    [
        Text(point.Constraints[0].Bound, "0.####"),
        Text(point.Objective, "0.0000"),
        .. point.Verdicts.SelectMany(verdict => new[] { Text(verdict.Value, "0.0000"), Word(verdict.Verdict) }),
        Text(point.Seconds, "0.0"),
    ];

    private static string Word(Verdict verdict) => verdict == Verdict.NotMeasurable ? "not measurable" : $"{verdict}".ToLowerInvariant();

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
