using System.Diagnostics;
using System.Globalization;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Torch;
using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Benchmarks.Scale;

/// <summary>The time of a step by one and by two workers, in turn: epochs of the trainer's loop by their number of steps.</summary>
internal static class WorkerSteps
{
    private const int Turns = 3;
    private const int Epochs = 3;

    internal static int Run(int steps, string batches)
    {
        Console.WriteLine(Measurement.Describe());
        foreach (var batch in batches.Split(',').Select(int.Parse))
        {
            var rows = Rows(steps * batch);
            var times = new Dictionary<int, List<double>> { [1] = [], [2] = [] };
            for (var turn = 0; turn < Turns; turn++)
            {
                foreach (var (workers, all) in times)
                    all.AddRange(Steps(rows, batch, workers, steps));
            }

            var (one, two) = (times[1].Min(), times[2].Min());
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"batch {batch,5}: {one,8:0} us by one, {two,8:0} us by two workers; {one / two:0.00} times as fast"));
        }

        return 0;
    }

    // The first epoch is warm-up.
    private static IEnumerable<double> Steps(TrainingRows rows, int batch, int workers, int steps)
    {
        var options = new ConstrainedBinaryClassificationTrainer.Options();
        var settings = new TrainingSettings
        {
            Network = options.Network,
            DualOptimizer = options.DualOptimizer,
            NumberOfEpochs = Epochs,
            BatchSize = batch,
            LearningRate = TrainingStep.LearningRate,
            MarginShare = options.MarginShare,
            WeightAveragingEpochs = 1,
            DampsDuals = options.DampDuals,
            EarlyStoppingPatience = null,
            Seed = 1,
            Device = "cpu",
            Workers = workers,
        };
        using var threads = new TorchThreads(1);
        var ends = new List<long>();
        var heldOut = Rows(64);
        TrainingTeam.Run(settings, [Fairness.DemographicParity(nameof(ScaleRow.Group), 0.05)], rows,
            heldOut with { Encoder = rows.Encoder }, 1, () => ends.Add(Stopwatch.GetTimestamp()),
            (_, _) => ends.Add(Stopwatch.GetTimestamp()), null, CancellationToken.None);
        return Enumerable.Range(2, Epochs - 1).Select(epoch => Stopwatch.GetElapsedTime(ends[epoch - 1], ends[epoch]).TotalMicroseconds
            / steps);
    }

    private static TrainingRows Rows(int count)
    {
        var table = new FeatureTable(ScaleRow.FeatureCount);
        var (labels, codes) = (new float[count], new int[count]);
        foreach (var (number, row) in ScaleRows.Stream(0, count).Index())
        {
            table.Add(FeatureRow.Dense(row.Features));
            (labels[number], codes[number]) = (row.Label ? 1 : 0, row.Group == "a" ? 0 : 1);
        }

        table.Complete();
        int[] numbers = [.. Enumerable.Range(0, count)];
        var column = new GroupColumn(nameof(ScaleRow.Group), codes, ["a", "b"]);
        return new TrainingRows(FeatureEncoder.Fit(new(), table, numbers), table, numbers, labels, null,
            [GroupPartition.Intersect([column])]);
    }
}
