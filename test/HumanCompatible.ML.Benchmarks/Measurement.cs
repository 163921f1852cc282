using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace HumanCompatible.ML.Benchmarks;

/// <summary>
/// Times something again and again, one at a time: on a busy machine the median and the minimum of single runs say more than a mean.
/// </summary>
internal static class Measurement
{
    /// <summary>
    /// The just-in-time compiler replaces its first, slow code in the background, a tenth of a second after the calls begin or later.
    /// </summary>
    internal static readonly TimeSpan LeastWarmUp = TimeSpan.FromSeconds(0.5);

    /// <summary>Prints the heading of the lines of <see cref="Print"/>.</summary>
    internal static void PrintHeading() => Console.WriteLine(
        string.Format(CultureInfo.InvariantCulture, "{0,-34} {1,10} {2,10}", "name", "median_us", "min_us"));

    /// <summary>Prints one line: the name, the median and the minimum.</summary>
    internal static void Print(string name, double[] microseconds)
    {
        Array.Sort(microseconds);
        Print(name, microseconds[microseconds.Length / 2], microseconds[0]);
    }

    /// <inheritdoc cref="Print(string, double[])"/>
    internal static void Print(string name, double median, double minimum)
        => Console.WriteLine(string.Format(CultureInfo.InvariantCulture, "{0,-34} {1,10:0.00} {2,10:0.00}", name, median, minimum));

    /// <summary>The microseconds of each repetition, after a warm-up.</summary>
    /// <param name="warmUp">Repetitions that are not measured; more where they take less than <see cref="LeastWarmUp"/>.</param>
    /// <param name="repetitions">Repetitions that are.</param>
    /// <param name="batch">Calls of <paramref name="action"/> per repetition; the time is divided by it.</param>
    /// <param name="action">What to time.</param>
    internal static double[] Time(int warmUp, int repetitions, int batch, Action action)
    {
        for (var (started, index) = (Stopwatch.GetTimestamp(), 0); index < warmUp * batch
            || Stopwatch.GetElapsedTime(started) < LeastWarmUp; index++)
        {
            action();
        }

        var microseconds = new double[repetitions];
        for (var repetition = 0; repetition < repetitions; repetition++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var index = 0; index < batch; index++)
                action();
            microseconds[repetition] = Stopwatch.GetElapsedTime(start).TotalMicroseconds / batch;
        }

        return microseconds;
    }

    /// <summary>The number after an option, or its default.</summary>
    internal static int Option(string[] args, string name, int otherwise)
        => Option(args, name) is { } value ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>The text after an option, or null where it is not there.</summary>
    internal static string? Option(string[] args, string name)
    {
        var index = Array.IndexOf(args, name);
        return index < 0 ? null : index + 1 < args.Length ? args[index + 1] : throw new ArgumentException($"{name} needs a value.");
    }

    /// <summary>What runs here, as a comment line.</summary>
    internal static string Describe()
        => string.Create(CultureInfo.InvariantCulture,
            $"# {RuntimeInformation.FrameworkDescription}, TorchSharp {TorchSharpVersion()}, {TorchSharp.torch.get_num_threads()} "
            + $"thread(s)");

    private static string TorchSharpVersion()
        => typeof(TorchSharp.torch).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
            ?? "of unknown version";
}
