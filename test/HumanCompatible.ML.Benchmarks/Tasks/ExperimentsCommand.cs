using System.Diagnostics;
using System.Globalization;
using HumanCompatible.ML.Benchmarks.Hold;
using HumanCompatible.ML.Experiments;
using HumanCompatible.ML.Metrics;
using Microsoft.ML;

namespace HumanCompatible.ML.Benchmarks.Tasks;

/// <summary>
/// The command "experiments": on Adult with demographic parity, the best run of an experiment beside the default options, and a sweep of
/// ten bounds by warm starts beside ten trainings.
/// </summary>
internal static class ExperimentsCommand
{
    // The curves are compared beneath an accuracy of 0.8 and a difference of 0.2.
    private static readonly (double, double) Reference = (-0.8, 0.2);
    private static readonly double[] Bounds = [0.01, 0.02, 0.03, 0.04, 0.05, 0.07, 0.09, 0.12, 0.15, 0.2];

    internal static int Run(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        int Number(string name, int otherwise) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length
            ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
        var folder = Array.IndexOf(args, "--data") is >= 0 and var place && place + 1 < args.Length ? args[place + 1] : null;
        try
        {
            for (var seed = 1; seed <= Number("--seeds", 3); seed++)
            {
                if (!args.Contains("sweep"))
                    Search(seed, Number("--seconds", 60), folder);
                if (!args.Contains("search"))
                    Sweep(seed, folder);
            }

            return 0;
        }
        catch (HoldInputException problem)
        {
            Console.Error.WriteLine(problem.Message);
            return 2;
        }
    }

    private static void Search(int seed, int seconds, string? folder)
    {
        var ml = new MLContext(seed);
        var table = TaskTable.Income(ml, folder);
        var clock = Stopwatch.StartNew();
        var result = ml.Constrained().Experiments.CreateBinaryClassificationExperiment(new()
        {
            Options = new() { Constraints = [table.Constraint] },
            Seed = seed,
            MaxExperimentTimeInSeconds = (uint)seconds,
        }).Execute(table.Train, testData: table.Test, preFeaturizer: table.Features);
        var whole = clock.Elapsed.TotalSeconds;
        var features = table.Features.Fit(table.Train);
        var model = ml.Constrained().Trainers.BinaryClassification(new() { Constraints = [table.Constraint], Seed = seed })
            .Fit(features.Transform(table.Train));
        var scored = model.Transform(features.Transform(table.Test));
        var audit = ml.Constrained().Audit.BinaryClassification(scored, ["sex"]);
        Console.WriteLine($"seed {seed}: best of {result.RunDetails.Count} runs in {whole:0} s, run {result.BestRun.Number}: test accuracy "
            + $"{result.Test!.Metrics["Accuracy"]:0.0000} at {result.Test.Verdicts[0].Value:0.0000}; defaults "
            + $"{audit.Overall[GroupMetric.Accuracy]:0.0000} at {audit.ValueOf(table.Constraint):0.0000}");
        Console.WriteLine($"  {result.Choice} {string.Join(", ", result.BestRun.Parameters.Select(one => $"{one.Key} {one.Value}"))}");
        foreach (var run in result.RunDetails.Where(run => run.IsFinalist))
        {
            Console.WriteLine($"  finalist {run.Number}: tuning {run.Objective:0.0000}, judged {run.JudgedMetrics!["Accuracy"]:0.0000}, "
                + $"{run.JudgedVerdicts[0].Value:0.0000}, limit {run.JudgedVerdicts[0].Interval.Upper:0.0000}");
        }
    }

    private static void Sweep(int seed, string? folder)
    {
        var ml = new MLContext(seed);
        var table = TaskTable.Income(ml, folder);
        var experiment = ml.Constrained().Experiments.CreateBinaryClassificationExperiment(new()
        {
            Options = new() { Constraints = [table.Constraint] },
            Seed = seed,
        });

        // The time of the processor, which other programs do not change; the first point reads the data.
        (TradeOff Curve, List<double> Seconds) Of(bool isWarm)
        {
            var (seconds, before) = (new List<double>(), Environment.CpuUsage.TotalTime);
            var curve = experiment.Sweep(Bounds, table.Train, table.Test, table.Features, new Listener(_ =>
            {
                var now = Environment.CpuUsage.TotalTime;
                seconds.Add((now - before).TotalSeconds);
                before = now;
            }), isWarm);
            return (curve, seconds);
        }

        _ = Of(true); // what happens once in a process
        var ((warm, warmSeconds), (cold, coldSeconds)) = (Of(true), Of(false));
        Console.WriteLine($"seed {seed}: ten bounds by warm starts take {warmSeconds.Sum() / coldSeconds[0]:0.00} times as long as one "
            + $"training, both with the reading of the data, ten trainings {coldSeconds.Sum() / coldSeconds[0]:0.00} times; hypervolume "
            + $"{Volume(warm) / Volume(cold):0.0000} of that of ten trainings");
        foreach (var (index, (one, other)) in warm.Points.Zip(cold.Points).Index())
        {
            Console.WriteLine($"  bound {one.Constraints[0].Bound}: warm {one.Objective:0.0000} at {one.Verdicts[0].Value:0.0000} in "
                + $"{warmSeconds[index]:0.00} s, "
                + $"cold {other.Objective:0.0000} at {other.Verdicts[0].Value:0.0000} in {coldSeconds[index]:0.00} s");
        }
    }

    private static double Volume(TradeOff curve)
        => Dominance.Hypervolume(curve.Points.Select(point => (-point.Objective, point.Verdicts[0].Value)), Reference);

    private sealed class Listener(Action<TradeOffPoint> onReport) : IProgress<TradeOffPoint>
    {
        public void Report(TradeOffPoint value) => onReport(value);
    }
}
