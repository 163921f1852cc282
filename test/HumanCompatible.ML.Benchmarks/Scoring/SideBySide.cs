using System.Diagnostics;
using System.Globalization;

namespace HumanCompatible.ML.Benchmarks.Scoring;

/// <summary>
/// Takes the processor time of models in turn, again and again, and compares each with the first: what slows the machine for a while slows
/// all of them.
/// </summary>
internal static class SideBySide
{
    /// <summary>Prints the heading of the lines that follow.</summary>
    /// <param name="what">What is timed.</param>
    internal static void PrintHeading(string what) => Console.WriteLine(string.Format(CultureInfo.InvariantCulture,
        "\n{0,-42} {1,10} {2,10} {3,8} {4,8} {5,6} {6,10}", what, "median_us", "min_us", "times", "of_min", "bar", "bytes"));

    /// <summary>Times and prints.</summary>
    /// <param name="models">The models; the first is what the others are compared with.</param>
    /// <param name="bar">How many times its time a model may take.</param>
    /// <param name="repetitions">How often each is timed.</param>
    /// <param name="count">What time and bytes are divided by.</param>
    /// <param name="action">What is timed.</param>
    internal static void Print(IReadOnlyList<ScoredModel> models, Func<ScoredModel, double?> bar, int repetitions, int count,
        Action<ScoredModel> action)
    {
        foreach (var model in models)
        {
            for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Measurement.LeastWarmUp;)
                action(model);
        }

        var bytes = models.ToDictionary(model => model, model =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action(model);
            return (double?)(GC.GetAllocatedBytesForCurrentThread() - before) / count;
        });
        PrintTimes(models, bar, repetitions, Time, bytes);

        double Time(ScoredModel model)
        {
            var start = Environment.CpuUsage.TotalTime;
            action(model);
            return (Environment.CpuUsage.TotalTime - start).TotalMicroseconds / count;
        }
    }

    /// <summary>Times and prints what tells its own time.</summary>
    internal static void PrintTimes(IReadOnlyList<ScoredModel> models, Func<ScoredModel, double?> bar, int repetitions,
        Func<ScoredModel, double> time, IReadOnlyDictionary<ScoredModel, double?>? bytes = null)
    {
        var times = models.ToDictionary(model => model, _ => new double[repetitions]);
        for (var repetition = 0; repetition < repetitions; repetition++)
        {
            foreach (var model in models)
                times[model][repetition] = time(model);
        }

        foreach (var list in times.Values)
            Array.Sort(list);
        var (median, least) = Of(models[0]);
        foreach (var model in models)
        {
            var (own, ownLeast) = Of(model);
            Console.WriteLine(string.Format(CultureInfo.InvariantCulture,
                "{0,-42} {1,10:0.000} {2,10:0.000} {3,8:0.00} {4,8:0.00} {5,6} {6,10:0.0}", model.Name, own, ownLeast, own / median,
                ownLeast / least, bar(model), bytes?[model]));
        }

        (double Median, double Least) Of(ScoredModel model) => (times[model][repetitions / 2], times[model][0]);
    }
}
