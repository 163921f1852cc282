using System.Diagnostics;
using System.Globalization;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Torch;
using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Benchmarks.Scale;

/// <summary>
/// The time of a step by one and by two workers, in turn: epochs of the trainer's loop by their number of steps. Beside it what this
/// machine allows: two processes that share nothing, each with half of the batch on a processor of its own.
/// </summary>
internal static class WorkerSteps
{
    /// <summary>The command of a process of its own: one worker on half of a batch.</summary>
    internal const string OfOne = "half-batch";

    private const int Turns = 3;
    private const int Epochs = 3;
    private const int EpochsOfOne = 9;

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
            var (alone, apart) = (Halves(batch, steps, 1), Halves(batch, steps, 2));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"batch {batch,5}: {one,8:0} us by one, {two,8:0} us by two workers; {one / two:0.00} times as fast; half of it takes a "
                + $"process {alone,8:0} us alone, {apart,8:0} us beside another that does the same; {one / apart:0.00} is the most"));
        }

        return 0;
    }

    internal static int RunOne(string[] args)
    {
        var (batch, steps) = (Measurement.Option(args, "--batch", 512), Measurement.Option(args, "--steps", 200));
        double[] times = [.. Steps(Rows(steps * batch), batch, 1, steps, EpochsOfOne).Order()];
        Console.WriteLine(times[times.Length / 2].ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    // The median: at the ends of a process the other may be at something else.
    private static double Halves(int batch, int steps, int processes)
        => OwnProcess.RunApart(processes, "scale", OfOne, "--batch", $"{batch / 2}", "--steps", $"{steps}")
            .Max(printed => double.Parse(printed, CultureInfo.InvariantCulture));

    // The first epoch is warm-up.
    private static IEnumerable<double> Steps(TrainingRows rows, int batch, int workers, int steps, int epochs = Epochs)
    {
        var options = new ConstrainedBinaryClassificationTrainer.Options();
        var settings = new TrainingSettings
        {
            Network = options.Network,
            DualOptimizer = options.DualOptimizer,
            NumberOfEpochs = epochs,
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
        return Enumerable.Range(2, epochs - 1).Select(epoch => Stopwatch.GetElapsedTime(ends[epoch - 1], ends[epoch]).TotalMicroseconds
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
