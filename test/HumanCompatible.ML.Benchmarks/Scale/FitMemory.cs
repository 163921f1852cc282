using System.Diagnostics;
using System.Globalization;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using TorchSharp;

namespace HumanCompatible.ML.Benchmarks.Scale;

/// <summary>The memory of a fit in a process of its own, so that its peak is that of one fit.</summary>
internal static class FitMemory
{
    internal const string OfOne = "memory-of-fit";

    private const double Bound = 0.05;
    private const int TestRows = 100_000;
    private const string Module = "scale-module";
    private const int MillisecondsBetweenLooks = 10;

    internal static int Run(string[] args)
    {
        Console.Write(OwnProcess.Run(["scale", OfOne, .. args]));
        return 0;
    }

    internal static int Fit(string[] args)
    {
        var (rows, budget) = (Measurement.Option(args, "--rows", 500_000), Measurement.Option(args, "--budget", 0));
        var module = args.Contains("--module");
        var ml = new MLContext(1);
        var options = new ConstrainedBinaryClassificationTrainer.Options
        {
            Seed = 1,
            NumberOfEpochs = Measurement.Option(args, "--epochs", 1),
            Constraints = [Fairness.DemographicParity(nameof(ScaleRow.Group), Bound)],
            MaximumMemory = budget == 0 ? null : budget * 1_000_000L,
            TemporaryFolder = Measurement.Option(args, "--folder"),
            Network = module ? NetworkRegistry.Register(Module, (inputs, outputs) => torch.nn.Sequential(
                torch.nn.Linear(inputs, 64), torch.nn.ReLU(), torch.nn.Linear(64, outputs))) : new ConstrainedBinaryClassificationTrainer
                .Options().Network,
        };
        var data = ml.Data.LoadFromEnumerable(ScaleRows.Stream(0, rows));
        ml.Constrained().Trainers.BinaryClassification(options).Fit(ml.Data.LoadFromEnumerable(ScaleRows.Stream(0, 2_000))).Dispose();

        var (before, beforePrivate) = (Peak(), Private());
        var clock = Stopwatch.StartNew();
        double read = 0;
        ml.Log += (_, log) =>
        {
            if (log.RawMessage.StartsWith("Training on", StringComparison.Ordinal))
                read = clock.Elapsed.TotalSeconds;
        };
        using var watch = new PrivatePeak();
        using var model = ml.Constrained().Trainers.BinaryClassification(options).Fit(data);
        var (seconds, peak, peakPrivate) = (clock.Elapsed.TotalSeconds, Peak(), watch.Megabytes);

        var bytes = (double)rows * ScaleRow.FeatureCount * sizeof(float);
        var scored = model.Transform(ml.Data.LoadFromEnumerable(ScaleRows.Stream(1L << 40, TestRows)));
        var parity = ml.Constrained().Audit.BinaryClassification(scored, [nameof(ScaleRow.Group)]).Intersection
            .DemographicParityDifference;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{rows} rows, {bytes / 1e6:0} MB of floats{(module ? ", own module" : "")}"
            + $"{(budget > 0 ? $", budget {budget} MB" : "")}: private peak {peakPrivate:0} MB ({beforePrivate / 1e6:0} MB before); peak "
            + $"with mapped files {peak / 1e6:0} MB, {peak / bytes:0.0} times the data ({before / 1e6:0} MB before); {read:0.0} s reading, "
            + $"{seconds - read:0.0} s training, {1e6 * seconds / rows:0.00} us a row"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"accuracy {ml.BinaryClassification.Evaluate(scored).Accuracy:0.0000}, parity difference {parity:0.0000} on {TestRows} new "
            + $"rows; last loss {model.Model.History[^1].TrainingLoss:R}, {model.Model.History[^1].ValidationLoss:R}"));
        return 0;
    }

    private static long Peak()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    // Memory that no file stands behind: what the system cannot take back. Other systems than Linux do not tell it apart.
    private static long Private()
    {
        const string Name = "RssAnon:";
        const string Status = "/proc/self/status";
        if (!File.Exists(Status))
            return Environment.WorkingSet;
        var line = File.ReadLines(Status).First(line => line.StartsWith(Name, StringComparison.Ordinal));
        return 1024 * long.Parse(line[Name.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
    }

    // The largest private memory since it was made, looked at all the time.
    private sealed class PrivatePeak : IDisposable
    {
        private readonly Thread _thread;
        private volatile bool _ends;
        private long _peak;

        public PrivatePeak()
        {
            _thread = new Thread(() =>
            {
                while (!_ends)
                {
                    _peak = Math.Max(_peak, Private());
                    Thread.Sleep(MillisecondsBetweenLooks);
                }
            })
            { IsBackground = true };
            _thread.Start();
        }

        public double Megabytes => Volatile.Read(ref _peak) / 1e6;

        public void Dispose()
        {
            _ends = true;
            _thread.Join();
        }
    }
}
