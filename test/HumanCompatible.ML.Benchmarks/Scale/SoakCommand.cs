using System.Diagnostics;
using System.Globalization;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using TorchSharp;

namespace HumanCompatible.ML.Benchmarks.Scale;

/// <summary>
/// The command "soak": fits and transforms in one process, several at once, some canceled at a random moment, some from a source that
/// fails; then live tensors, torch's settings and the memory of the process must be as after the first round.
/// </summary>
internal static class SoakCommand
{
    private const int AtOnce = 3;
    private const int Rows = 3_000;
    private const int WarmUpFits = 30;
    private const double AllowedGrowth = 1.25;
    private const string Module = "soak";

    // Tensors that a fit has left alive on its thread. (torch.Tensor.TotalCount counts what becomes a parameter for ever.)
    private static long _left;

    internal static int Run(string[] args)
    {
        var fits = Measurement.Option(args, "--fits", 200);
        var transforms = Measurement.Option(args, "--transforms", 2_000);
        var minutes = Measurement.Option(args, "--minutes", 0);
        var end = Stopwatch.GetTimestamp() + (minutes * 60 * Stopwatch.Frequency);
        NetworkRegistry.Register(Module, (inputs, outputs) => torch.nn.Sequential(torch.nn.Linear(inputs, 8), torch.nn.ReLU(),
            torch.nn.Linear(8, outputs)));

        // What is loaded, compiled and cached once is there after the first rounds.
        var (outcomes, number) = (new Dictionary<string, int>(), 0);
        Round(WarmUpFits);
        var before = State.Read();
        Console.WriteLine($"after {WarmUpFits} fits: {before}");
        do
        {
            Round(fits);
            Transform(transforms);
            Console.WriteLine($"after {number} fits: {State.Read()}; {string.Join(", ", outcomes.OrderBy(one => one.Key)
                .Select(one => $"{one.Value} {one.Key}"))}");
        }
        while (Stopwatch.GetTimestamp() < end);

        var after = State.Read();
        var isSame = after with { Megabytes = 0 } == before with { Megabytes = 0 } && after.Megabytes <= AllowedGrowth * before.Megabytes;
        Console.WriteLine(isSame ? "As at the start." : "NOT as at the start.");
        return isSame ? 0 : 1;

        void Round(int count) => Parallel.For(number, number += count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, index =>
        {
            var outcome = Fit(index);
            lock (outcomes)
                outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        });
    }

    private static string Fit(int index)
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        try
        {
            return FitOnce(index);
        }
        finally
        {
            Interlocked.Add(ref _left, DisposeScopeManager.Statistics.ThreadTotalLiveCount - before);
        }
    }

    private static string FitOnce(int index)
    {
        var random = new Random(index);
        var ml = new MLContext(index);
        var data = ml.Data.LoadFromEnumerable(random.Next(5) == 0 ? Failing(random.Next(Rows)) : ScaleRows.Stream(index * Rows, Rows));
        using var source = new CancellationTokenSource();
        if (random.Next(3) == 0)
            source.CancelAfter(random.Next(400));
        try
        {
            using var model = ml.Constrained().Trainers.BinaryClassification(new()
            {
                Seed = index,
                NumberOfEpochs = 3,
                NumberOfWorkers = 1 + random.Next(3),
                Constraints = random.Next(2) == 0 ? [] : [Fairness.DemographicParity(nameof(ScaleRow.Group), 0.05)],
                Network = random.Next(4) == 0 ? Network.Module(Module) : Network.MultilayerPerceptron(16),
            }, new TrainingCallbacks { CancellationToken = source.Token }).Fit(data);
            return "trained";
        }
        catch (TrainingCanceledException problem)
        {
            problem.BestModel?.Model.Dispose();
            return "canceled";
        }
        catch (FormatException)
        {
            return "failed";
        }
    }

    private static void Transform(int count)
    {
        var ml = new MLContext(1);
        var data = ml.Data.LoadFromEnumerable(ScaleRows.Stream(0, Rows).ToList());
        using var model = ml.Constrained().Trainers.BinaryClassification(new() { Seed = 1, NumberOfEpochs = 1 }).Fit(data);
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, _ =>
        {
            var scored = model.Transform(data);
            using var cursor = scored.GetRowCursor(scored.Schema.Where(column => column.Name == "Score"));
            var read = cursor.GetGetter<float>(scored.Schema["Score"]);
            for (var (row, score) = (0, 0f); row < 100 && cursor.MoveNext(); row++)
                read(ref score);
        });
    }

    private static IEnumerable<ScaleRow> Failing(int rows)
    {
        foreach (var row in ScaleRows.Stream(0, rows))
            yield return row;
        throw new FormatException("a source that fails");
    }

    private sealed record State(long LiveTensors, int Threads, bool Gradients, string Type, double Megabytes)
    {
        public static State Read()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            using var process = Process.GetCurrentProcess();
            return new State(Interlocked.Read(ref _left), torch.get_num_threads(), torch.is_grad_enabled(), $"{torch.get_default_dtype()}",
                process.WorkingSet64 / 1e6);
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{LiveTensors} tensors left, {Megabytes:0} MB, {Threads} threads");
    }
}
