using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using HumanCompatible.ML.Benchmarks.Hold;
using HumanCompatible.ML.Experiments;
using HumanCompatible.ML.Metrics;
using Microsoft.ML;

namespace HumanCompatible.ML.Benchmarks.Tasks;

/// <summary>
/// The command "experiments [search] [compas] [small] [sweep] [speed] [--seeds N] [--seconds N]": on Adult, COMPAS and 1,000 rows of Adult
/// with demographic parity, the best run of an experiment beside the default options; a sweep of ten bounds by warm starts beside ten
/// trainings; 16 runs one by one and two at once.
/// </summary>
internal static class ExperimentsCommand
{
    private const int Cores = 2;
    private const int SpeedRuns = 16;

    // The curves are compared beneath an accuracy of 0.8 and a difference of 0.2.
    private static readonly (double, double) Reference = (-0.8, 0.2);
    private static readonly double[] Bounds = [0.01, 0.02, 0.03, 0.04, 0.05, 0.07, 0.09, 0.12, 0.15, 0.2];

    internal static int Run(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var (first, seeds) = (Measurement.Option(args, "--first", 1), Measurement.Option(args, "--seeds", 3));
        var seconds = Measurement.Option(args, "--seconds", 60);
        var folder = Measurement.Option(args, "--data");
        try
        {
            for (var seed = first; seed < first + seeds; seed++)
            {
                string[] parts = [.. new[] { "search", "compas", "small", "sweep", "speed" }.Where(args.Contains)];
                foreach (var part in parts.Length > 0 ? parts : ["search", "compas", "small", "sweep", "speed"])
                {
                    var ml = new MLContext(seed);
                    switch (part)
                    {
                        case "search": Search("Adult", ml, seed, seconds, TaskTable.Income(ml, folder)); break;
                        case "compas": Search("COMPAS", ml, seed, seconds, TaskTable.Recidivism(ml, folder, seed)); break;
                        case "small":
                            Search("1,000 rows of Adult", ml, seed, seconds, TaskTable.Income(ml, folder).Some(ml, 1000, seed));
                            break;
                        case "speed": Speed(seed, folder); break;
                        default: Sweep(seed, folder); break;
                    }
                }
            }

            return 0;
        }
        catch (HoldInputException problem)
        {
            Console.Error.WriteLine(problem.Message);
            return 2;
        }
    }

    // The time is that of the processor, as if two cores were at hand: other programs do not change it.
    private static void Search(string name, MLContext ml, int seed, int seconds, TaskTable table)
    {
        var clock = Environment.CpuUsage.TotalTime;
        var result = ml.Constrained().Experiments.CreateBinaryClassificationExperiment(new()
        {
            Options = new() { Constraints = [table.Constraint] },
            Seed = seed,
            MaxExperimentTimeInSeconds = (uint)seconds,
            NumberOfParallelTrials = Cores,
            Time = new ProcessorTime(Cores),
        }).Execute(table.Train, testData: table.Test, preFeaturizer: table.Features);
        var whole = (Environment.CpuUsage.TotalTime - clock).TotalSeconds;
        var features = table.Features.Fit(table.Train);
        var model = ml.Constrained().Trainers.BinaryClassification(new() { Constraints = [table.Constraint], Seed = seed })
            .Fit(features.Transform(table.Train));
        var scored = model.Transform(features.Transform(table.Test));
        var audit = ml.Constrained().Audit.BinaryClassification(scored, table.Constraint.GroupColumnNames);
        Console.WriteLine($"{name}, seed {seed}: best of {result.RunDetails.Count} runs ("
            + $"{result.RunDetails.Count(run => run.Status == RunStatus.Finished)} to the end) in {whole:0} s of the processor, run "
            + $"{result.BestRun.Number}: test accuracy "
            + $"{result.Test!.Metrics["Accuracy"]:0.0000} at {result.Test.Verdicts[0].Value:0.0000}; defaults "
            + $"{audit.Overall[GroupMetric.Accuracy]:0.0000} at {audit.ValueOf(table.Constraint):0.0000}");
        Console.WriteLine($"  {result.Choice} {string.Join(", ", result.BestRun.Parameters.Select(one => $"{one.Key} {one.Value}"))}");
        foreach (var run in result.RunDetails.Where(run => run.IsFinalist))
        {
            Console.WriteLine($"  finalist {run.Number}: tuning {run.Objective:0.0000} at "
                + $"{run.ConstraintValues.Values.Single():0.0000}, judged {run.JudgedMetrics!["Accuracy"]:0.0000} at "
                + $"{run.JudgedVerdicts[0].Value:0.0000}, limit {run.JudgedVerdicts[0].Interval.Upper:0.0000}");
        }
    }

    // 16 runs one by one and two at once, and what this machine allows: two processes, each with all runs on a core of its own. Of one
    // core, as by taskset -c 0, one by one only.
    private static void Speed(int seed, string? folder)
    {
        var ml = new MLContext(seed);
        var table = TaskTable.Income(ml, folder);
        double Of(int atOnce, int models)
        {
            var (clock, before, allocated, pauses) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(),
                GC.GetTotalPauseDuration());
            _ = ml.Constrained().Experiments.CreateBinaryClassificationExperiment(new()
            {
                Options = new() { Constraints = [table.Constraint] },
                Seed = seed,
                MaxModels = models,
                NumberOfParallelTrials = atOnce,
            }).Execute(table.Train, testData: table.Test, preFeaturizer: table.Features);
            var seconds = clock.Elapsed.TotalSeconds;
            if (models == SpeedRuns)
            {
                Console.WriteLine($"seed {seed}: {models} runs, {atOnce} at once, take {seconds:0.0} s; "
                    + $"{(Environment.CpuUsage.TotalTime - before).TotalSeconds:0.0} s of the processor, "
                    + $"{(GC.GetTotalAllocatedBytes() - allocated) / 1e9:0.0} GB allocated, stopped for collections for "
                    + $"{(GC.GetTotalPauseDuration() - pauses).TotalSeconds:0.00} s");
            }

            return seconds;
        }

        _ = Of(Math.Min(Cores, Environment.ProcessorCount), 2); // what happens once in a process
        var one = Of(1, SpeedRuns);
        if (Environment.ProcessorCount == 1)
            return;
        var two = Of(Cores, SpeedRuns);
        double Apart(int processes) => OwnProcess.RunApart(processes,
            ["experiments", "speed", "--first", $"{seed}", "--seeds", "1", .. folder is null ? [] : new[] { "--data", folder }])
            .Max(printed => double.Parse(Regex.Match(printed, "take ([0-9.]+) s").Groups[1].Value));
        var (alone, beside) = (Apart(1), Apart(2));
        Console.WriteLine($"seed {seed}: two at once {one / two:0.00} times as fast, {alone / two:0.00} times as fast as on one core "
            + $"({alone:0.0} s); of two processes that share nothing, each with all runs on a core of its own, each takes {beside:0.0} s: "
            + $"{2 * alone / beside:0.00} is the most");
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
