using System.Diagnostics;
using System.Globalization;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;
using Microsoft.ML;

namespace HumanCompatible.ML.Benchmarks.Scale;

/// <summary>The same fits on the processor and on a GPU: rows a second of the epochs after the first, and what the models reach.</summary>
internal static class DeviceFits
{
    private const int Epochs = 3;
    private const int TestRows = 100_000;

    private static readonly (int[] Widths, int Batch)[] Cases =
        [([64, 64], 0), ([64, 64], 4_096), ([64, 64], 65_536), ([512, 512], 4_096), ([512, 512], 65_536), ([2048, 2048, 2048], 65_536)];

    internal static int Run(int count, string devices)
    {
        var ml = new MLContext(1);
        IDataView train = ml.Data.LoadFromEnumerable(ScaleRows.Stream(0, count).ToList()),
            test = ml.Data.LoadFromEnumerable(ScaleRows.Stream(1L << 40, TestRows).ToList());
        Console.WriteLine(Measurement.Describe());
        foreach (var (widths, batch) in Cases)
        {
            foreach (var device in devices.Split(','))
            {
                // Of the processor the largest network is not worth the wait.
                if (device != "cpu" || widths[0] <= 512)
                    Report(widths, batch, device);
            }
        }

        return 0;

        void Report(int[] widths, int batch, string device)
        {
            var ends = new List<long>();
            var options = new ConstrainedBinaryClassificationTrainer.Options
            {
                Seed = 1,
                NumberOfEpochs = Epochs,
                BatchSize = batch > 0 ? batch : null,
                Network = Network.MultilayerPerceptron(widths),
                Device = device,
                NumberOfWorkers = device == "cpu" ? Environment.ProcessorCount : 1,
                Constraints = [Fairness.DemographicParity(nameof(ScaleRow.Group), 0.05)],
            };
            var clock = Stopwatch.StartNew();
            using var model = ml.Constrained().Trainers
                .BinaryClassification(options, new() { Progress = new Ends(ends) }).Fit(train);
            var seconds = clock.Elapsed.TotalSeconds;
            var epoch = Stopwatch.GetElapsedTime(ends[0], ends[^1]).TotalSeconds / (ends.Count - 1);
            var scored = model.Transform(test);
            var parity = ml.Constrained().Audit.BinaryClassification(scored, [nameof(ScaleRow.Group)]).Intersection
                .DemographicParityDifference;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{string.Join('-', widths),-15} batch {(batch > 0 ? batch : "as usual"),8} {device,-5} "
                + $"{model.Model.Summary.TrainingRows / epoch,12:0} rows/s, fit of {Epochs} epochs {seconds,6:0.0} s; accuracy "
                + $"{ml.BinaryClassification.Evaluate(scored).Accuracy:0.0000}, parity {parity:0.0000}, last loss "
                + $"{model.Model.History[^1].TrainingLoss:0.000000}"));
        }
    }

    private sealed class Ends(List<long> ends) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => ends.Add(Stopwatch.GetTimestamp());
    }
}
