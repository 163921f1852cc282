using System.Diagnostics;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Torch;
using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;
using TorchSharp;

namespace HumanCompatible.ML.Benchmarks;

/// <summary>
/// The command "step": the training step without and with a constraint, its parts, the trainer's own loop, and what the step spends outside
/// libtorch,
/// one thread, in microseconds. python/training_step.py and native/training_step.cpp print the same lines.
/// </summary>
internal static class StepCommand
{
    private const int EpochSteps = 51;
    private const int Epochs = 12;

    internal static int Run(string[] args)
    {
        var warmUp = Measurement.Option(args, "--warmup", 500);
        var steps = Measurement.Option(args, "--steps", 2000);
        using var threads = new TorchThreads(1);
        var rows = SyntheticRows.Create(EpochSteps * TrainingStep.BatchSize, 1);
        Console.WriteLine(Measurement.Describe());
        Measurement.PrintHeading();

        using (var plain = new TrainingStep(rows, isConstrained: false))
            Measurement.Print("step/unconstrained", Measurement.Time(warmUp, steps, 1, () => plain.Run(StepClock.Off)));
        using var constrained = new TrainingStep(rows, isConstrained: true);
        Measurement.Print("step/demographic-parity", Measurement.Time(warmUp, steps, 1, () => constrained.Run(StepClock.Off)));
        Measurement.Print("trainer/unconstrained", TrainerSteps(rows, []));
        Measurement.Print("trainer/demographic-parity",
            TrainerSteps(rows, [Fairness.DemographicParity(SyntheticRows.GroupColumnName, TrainingStep.Bound)]));
        PrintParts(constrained, warmUp, steps);
        PrintOutside(constrained, steps);
        return 0;
    }

    /// <summary>
    /// The steps of the trainer's own loop: each epoch's time by its number of steps, with the epoch's candidate on few rows. The first two
    /// epochs are warm-up.
    /// </summary>
    private static double[] TrainerSteps(TrainingRows rows, IReadOnlyList<FairnessConstraint> constraints)
    {
        var options = new ConstrainedBinaryClassificationTrainer.Options();
        var settings = new TrainingSettings
        {
            Network = options.Network,
            DualOptimizer = options.DualOptimizer,
            NumberOfEpochs = Epochs,
            BatchSize = TrainingStep.BatchSize,
            LearningRate = TrainingStep.LearningRate,
            MarginShare = options.MarginShare,
            WeightAveragingEpochs = 1,
            DampsDuals = options.DampDuals,
            EarlyStoppingPatience = null,
            Seed = 1,
            Device = "cpu",
        };
        using var training = new TrainingLoop(settings, constraints, rows, SyntheticRows.Create(TrainingStep.BatchSize, 2),
            CancellationToken.None);
        var ends = new List<long>();
        training.Run((_, _) => ends.Add(Stopwatch.GetTimestamp()));
        return [.. Enumerable.Range(2, Epochs - 2)
            .Select(epoch => Stopwatch.GetElapsedTime(ends[epoch - 1], ends[epoch]).TotalMicroseconds / EpochSteps)];
    }

    private static void PrintParts(TrainingStep step, int warmUp, int steps)
    {
        var clock = new StepClock(true);
        for (var index = 0; index < warmUp; index++)
            step.Run(clock);
        var parts = Enum.GetValues<StepPart>();
        var times = parts.Select(_ => new double[steps]).ToArray();
        for (var index = 0; index < steps; index++)
        {
            step.Run(clock);
            foreach (var part in parts)
                times[(int)part][index] = clock.Microseconds(part);
        }

        foreach (var part in parts)
            Measurement.Print("part/" + part.ToString().ToLowerInvariant(), times[(int)part]);
    }

    /// <summary>
    /// Estimates from inside the process: the tensors that a step wraps, times the cheapest call that makes and frees one (detach of one
    /// element, which has
    /// libtorch's own part of that call in it). Calls that give no tensor are not in it. The time of native/training_step.cpp is the better
    /// measure, where it can be built.
    /// </summary>
    private static void PrintOutside(TrainingStep step, int steps)
    {
        var statistics = DisposeScopeManager.Statistics.TensorStatistics;
        var (before, bytes) = (Created(statistics), GC.GetAllocatedBytesForCurrentThread());
        for (var index = 0; index < steps; index++)
            step.Run(StepClock.Off);
        var tensors = (double)(Created(statistics) - before) / steps;
        var allocated = (double)(GC.GetAllocatedBytesForCurrentThread() - bytes) / steps;

        using var one = torch.zeros(1);
        var wrapping = Measurement.Time(50, 200, 1000, () =>
        {
            using var scope = torch.NewDisposeScope();
            one.detach();
        });
        Measurement.Print("outside/one-tensor", wrapping);
        Measurement.Print("outside/tensors-times-one", tensors * wrapping[wrapping.Length / 2], tensors * wrapping[0]);
        Console.WriteLine(FormattableString.Invariant(
            $"# a step under the constraint wraps {tensors:0.0} tensors and allocates {allocated:0} managed bytes"));
    }

    private static long Created(LifetimeStatistics statistics) => statistics.CreatedInScopeCount + statistics.CreatedOutsideScopeCount;
}
