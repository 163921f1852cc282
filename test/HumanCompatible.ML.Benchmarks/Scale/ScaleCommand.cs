using System.Diagnostics;
using System.Globalization;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using TorchSharp;

namespace HumanCompatible.ML.Benchmarks.Scale;

/// <summary>
/// The command "scale": a fit of many rows beside ML.NET's trainers, workers side by side, and the memory of a fit in a process of its own.
/// </summary>
internal static class ScaleCommand
{
    private const double Bound = 0.05;
    private const int TestRows = 100_000;
    private const string Module = "scale-module";

    internal static int Run(string[] args)
    {
        var rows = Measurement.Option(args, "--rows", 500_000);
        switch (args)
        {
            case ["fit", ..]:
                return Fit(rows, Measurement.Option(args, "--repetitions", 1), Measurement.Option(args, "--epochs", 0));
            case ["workers", ..]:
                return WorkerSteps.Run(Measurement.Option(args, "--steps", 200));
            case ["memory", ..]:
                return Memory(rows, args.Contains("--module"));
            case ["memory-of-fit", ..]:
                return MemoryOfFit(rows, args.Contains("--module"));
            default:
                Console.Error.WriteLine("scale fit | workers | memory [--rows N] [--module]; see README.md.");
                return 1;
        }
    }

    private static int Fit(int count, int repetitions, int epochs)
    {
        var ml = new MLContext(1);
        IDataView train = ml.Data.LoadFromEnumerable(ScaleRows.Stream(0, count).ToList()),
            test = ml.Data.LoadFromEnumerable(ScaleRows.Stream(1L << 40, TestRows).ToList());
        Console.WriteLine(Measurement.Describe());
        for (var repetition = 0; repetition < repetitions; repetition++)
        {
            Report("LightGbm", () => ml.BinaryClassification.Trainers.LightGbm().Fit(train));
            Report("logistic regression", () => ml.BinaryClassification.Trainers.LbfgsLogisticRegression().Fit(train));
            Report("unconstrained", () => Train([]));
            Report("demographic parity 0.05", () => Train([Fairness.DemographicParity(nameof(ScaleRow.Group), Bound)]));
        }

        return 0;

        ITransformer Train(IReadOnlyList<FairnessConstraint> constraints) => ml.Constrained().Trainers.BinaryClassification(new()
        {
            Seed = 1,
            Constraints = constraints,
            NumberOfEpochs = epochs > 0 ? epochs : null,
        }).Fit(train);

        void Report(string name, Func<ITransformer> fit)
        {
            var (clock, before) = (Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime);
            var model = fit();
            var (seconds, processor) = (clock.Elapsed.TotalSeconds, (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds);
            var scored = model.Transform(test);
            var metrics = ml.BinaryClassification.Evaluate(scored);
            var audit = ml.Constrained().Audit.BinaryClassification(scored, [nameof(ScaleRow.Group)]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-24} {seconds,6:0.00} s, processor {processor,6:0.00} s, accuracy {metrics.Accuracy:0.0000}, parity difference "
                + $"{audit.Intersection.DemographicParityDifference:0.0000}"));
        }
    }

    // A process of its own, so that its peak is that of one fit.
    private static int Memory(int rows, bool module)
    {
        string[] arguments = ["scale", "memory-of-fit", "--rows", rows.ToString(CultureInfo.InvariantCulture)];
        Console.Write(OwnProcess.Run(module ? [.. arguments, "--module"] : arguments));
        return 0;
    }

    private static int MemoryOfFit(int rows, bool module)
    {
        var ml = new MLContext(1);
        var options = new ConstrainedBinaryClassificationTrainer.Options
        {
            Seed = 1,
            NumberOfEpochs = 1,
            Constraints = [Fairness.DemographicParity(nameof(ScaleRow.Group), Bound)],
            Network = module ? NetworkRegistry.Register(Module, (inputs, outputs) => torch.nn.Sequential(
                torch.nn.Linear(inputs, 64), torch.nn.ReLU(), torch.nn.Linear(64, outputs))) : new ConstrainedBinaryClassificationTrainer
                .Options().Network,
        };
        var data = ml.Data.LoadFromEnumerable(ScaleRows.Stream(0, rows));
        ml.Constrained().Trainers.BinaryClassification(options).Fit(ml.Data.LoadFromEnumerable(ScaleRows.Stream(0, 2_000))).Dispose();
        var before = Peak();
        var clock = Stopwatch.StartNew();
        ml.Constrained().Trainers.BinaryClassification(options).Fit(data).Dispose();
        var bytes = (double)rows * ScaleRow.FeatureCount * sizeof(float);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{rows} rows, {bytes / 1e6:0} MB of floats{(module ? ", own module" : "")}: peak {Peak() / 1e6:0} MB, "
            + $"{Peak() / bytes:0.0} times the data; {before / 1e6:0} MB after a small fit, {(Peak() - before) / bytes:0.0} times more; "
            + $"{clock.Elapsed.TotalSeconds:0.0} s"));
        return 0;
    }

    private static long Peak()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
