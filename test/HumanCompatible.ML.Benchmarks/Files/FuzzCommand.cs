using System.Diagnostics;
using System.Globalization;
using HumanCompatible.ML.Tests.Persistence;
using Microsoft.ML;

namespace HumanCompatible.ML.Benchmarks.Files;

/// <summary>
/// The command "fuzz": alters model files at random for some time, as the tests do some thousand times. Each must load as a model that
/// scores, or be refused by a FormatException of at most 500 characters, in bounded memory.
/// </summary>
internal static class FuzzCommand
{
    private const int LongestMessage = 500;
    private const long MostAllocated = 100_000_000;

    internal static int Run(string[] args)
    {
        var (seconds, seed) = (60, 1);
        for (var index = 0; index < args.Length; index += 2)
        {
            var isNumber = int.TryParse(args.ElementAtOrDefault(index + 1), CultureInfo.InvariantCulture, out var number);
            if (!isNumber || args[index] is not ("--seconds" or "--seed"))
            {
                Console.Error.WriteLine("fuzz [--seconds N] [--seed N]");
                return 2;
            }

            (seconds, seed) = args[index] == "--seconds" ? (number, seed) : (seconds, number);
        }

        var ml = new MLContext(1);
        var files = new[] { "binary", "multiclass", "regression" }.Select(name => (Name: name, File: Save(ml, name))).ToList();
        var counts = new SortedDictionary<string, (int Loaded, int Refused)>(StringComparer.Ordinal);
        var (problems, most) = (0, 0L);
        var clock = Stopwatch.StartNew();
        for (var round = seed; clock.Elapsed.TotalSeconds < seconds; round++)
        {
            foreach (var (name, file) in files)
            {
                var mutations = new FileMutations(file, round);
                foreach (var kind in Enum.GetValues<FileMutations.Kind>())
                {
                    var mutated = mutations.Next(kind);
                    var before = GC.GetAllocatedBytesForCurrentThread();
                    var problem = Try(mutated, out var loaded);
                    var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                    most = Math.Max(most, allocated);
                    if (allocated > MostAllocated)
                        problem ??= $"{allocated} bytes were allocated";
                    var (ofLoaded, ofRefused) = counts.GetValueOrDefault(kind.ToString());
                    counts[kind.ToString()] = loaded ? (ofLoaded + 1, ofRefused) : (ofLoaded, ofRefused + 1);
                    if (problem is null)
                        continue;
                    problems++;
                    var kept = Path.Combine(Path.GetTempPath(), $"fuzz-{name}-{kind}-{round}.zip");
                    File.WriteAllBytes(kept, mutated);
                    Console.WriteLine($"{name}, {kind}, round {round}: {problem}; kept as {kept}");
                }
            }
        }

        foreach (var (kind, (loaded, refused)) in counts)
            Console.WriteLine(FormattableString.Invariant($"{kind,-12} {loaded,8} loaded {refused,8} refused"));
        Console.WriteLine(FormattableString.Invariant(
            $"{counts.Values.Sum(one => one.Loaded + one.Refused)} files, {problems} problems, at most {most} bytes allocated for one"));
        return problems == 0 ? 0 : 1;
    }

    private static byte[] Save(MLContext ml, string name)
    {
        using var stream = new MemoryStream();
        ml.Model.Save(StoredModels.Train(ml, name), ml.Data.LoadFromEnumerable(StoredModels.Table).Schema, stream);
        return stream.ToArray();
    }

    private static string? Try(byte[] file, out bool loaded)
    {
        loaded = false;
        try
        {
            var ml = new MLContext();
            var model = ml.Constrained().Model.Load(new MemoryStream(file), out _);
            loaded = true;
            StoredModels.Scores(ml, model, StoredModels.Table.Take(3));
            return null;
        }
        catch (FormatException error)
        {
            return error.Message.Length <= LongestMessage ? null : $"the message has {error.Message.Length} characters";
        }
        catch (Exception error)
        {
            return $"{error.GetType().Name}: {error.Message}";
        }
    }
}
