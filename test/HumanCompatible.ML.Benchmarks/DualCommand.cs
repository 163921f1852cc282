using HumanCompatible.ML.Torch;

namespace HumanCompatible.ML.Benchmarks;

/// <summary>
/// The command "dual": the dual part of a step alone, in microseconds a call, and the managed bytes a call allocates. python/dual_step.py
/// prints the same lines.
/// </summary>
internal static class DualCommand
{
    private const int CallsPerRepetition = 50;
    private static readonly int[] ConstraintCounts = [2, 12, 132];

    internal static int Run(string[] args)
    {
        var warmUp = Measurement.Option(args, "--warmup", 40);
        var repetitions = Measurement.Option(args, "--steps", 400);
        using var threads = new TorchThreads(1);
        Console.WriteLine(Measurement.Describe());
        Measurement.PrintHeading();
        WarmUp();
        foreach (var count in ConstraintCounts)
        {
            using var step = new DualStep(count);
            Print($"dual/update-numbers/m={count}", step.UpdateNumbers, warmUp, repetitions);
            Print($"dual/update/m={count}", step.Update, warmUp, repetitions);
            Print($"dual/forward/m={count}", step.Forward, warmUp, repetitions);
            Print($"dual/forward-update/m={count}", step.ForwardUpdate, warmUp, repetitions);
        }

        return 0;
    }

    /// <summary>
    /// Calls all of it until the just-in-time compiler is done with it, so that the first line is no worse off than the last.
    /// </summary>
    private static void WarmUp()
    {
        using var step = new DualStep(ConstraintCounts[0]);
        foreach (var action in (Action[])[step.UpdateNumbers, step.Update, step.Forward, step.ForwardUpdate, step.UpdateNumbers])
            Measurement.Time(1, 1, 1, action);
    }

    private static void Print(string name, Action action, int warmUp, int repetitions)
    {
        Measurement.Print(name, Measurement.Time(warmUp, repetitions, CallsPerRepetition, action));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var index = 0; index < CallsPerRepetition; index++)
            action();
        Console.WriteLine(
            $"# {name} allocates {(GC.GetAllocatedBytesForCurrentThread() - before) / CallsPerRepetition} managed bytes a call");
    }
}
