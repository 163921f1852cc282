using System.Diagnostics;
using System.Globalization;
using HumanCompatible.ML.Constraints;
using Microsoft.ML;

namespace HumanCompatible.ML.Benchmarks.Scale;

/// <summary>
/// The command "scale": a fit of many rows beside ML.NET's trainers, workers side by side, and the memory of a fit in a process of its own.
/// </summary>
internal static class ScaleCommand
{
    private const double Bound = 0.05;
    private const int TestRows = 100_000;

    internal static int Run(string[] args)
    {
        var rows = Measurement.Option(args, "--rows", 500_000);
        switch (args)
        {
            case ["fit", ..]:
                return Fit(rows, Measurement.Option(args, "--repetitions", 1), Measurement.Option(args, "--epochs", 0));
            case ["workers", ..]:
                return WorkerSteps.Run(Measurement.Option(args, "--steps", 200), Measurement.Option(args, "--batches") ?? "512,1024,4096");
            case ["devices", ..]:
                return DeviceFits.Run(rows, Measurement.Option(args, "--devices") ?? "cpu,cuda");
            case ["memory", .. var rest]:
                return FitMemory.Run(rest);
            case [FitMemory.OfOne, ..]:
                return FitMemory.Fit(args);
            default:
                Console.Error.WriteLine("scale fit | workers | devices | memory; see README.md.");
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
}
