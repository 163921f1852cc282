using System.Diagnostics;
using System.Globalization;

namespace HumanCompatible.ML.Tests.Mpi;

/// <summary>The sample of several processes, run by mpiexec.</summary>
[TestClass]
public sealed class MpiTests
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("hcml-mpi-").FullName;

    [ClassCleanup]
    public static void Remove() => Directory.Delete(Folder, recursive: true);

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    public void Fit_BySeveralProcesses_IsThatOfOneProcessOnAllRows_AndTheSameForAll(int count)
    {
        var files = Files();
        var one = Run(1, [Path.Combine(Folder, "one.zip"), .. files]).Lines.Single();
        var several = Run(count, [Path.Combine(Folder, "several.zip"), .. files]).Lines;

        Assert.HasCount(count, several);
        Assert.HasCount(1, several.Select(line => line[(line.IndexOf(';', StringComparison.Ordinal) + 1)..]).Distinct().ToList(),
            "All have the same scores, multipliers and losses, bit by bit.");
        var (expected, actual) = (Numbers(one), Numbers(several[0]));
        Assert.HasCount(expected.Length, actual);
        foreach (var (first, second) in expected.Zip(actual))
            Assert.AreEqual(first, second, 5e-3, one);
        Assert.IsTrue(File.Exists(Path.Combine(Folder, "several.zip")));
    }

    [TestMethod]
    public void Fit_OneProcessFails_EndsAllWithItsMessage()
    {
        var bad = Path.Combine(Folder, "bad.csv");
        File.WriteAllText(bad, "Label,Group,a,b,c\n1,a,0.5,?,1\n0,b,1,1,1\n");

        var run = Run(2, [Path.Combine(Folder, "none.zip"), Files()[0], bad]);

        Assert.AreNotEqual(0, run.ExitCode);
        StringAssert.Contains(run.Error, "Process 1 of 2 cannot go on: ");
        Assert.IsFalse(File.Exists(Path.Combine(Folder, "none.zip")));
    }

    [TestMethod]
    public void Fit_BySeveralProcessesThatStream_IsThatFromMemory_BitByBit()
    {
        var expected = Run(2, [Path.Combine(Folder, "memory.zip"), .. Files()]).Lines;

        // What the rows of both processes take without their features.
        var bytes = Files().Sum(file => File.ReadLines(file).Count() - 1) * (44 + 12);
        var streamed = Run(2, [Path.Combine(Folder, "file.zip"), .. Files()], ("MAXIMUM_MEMORY", $"{bytes}"));
        Assert.HasCount(2, streamed.Lines, streamed.Error);
        CollectionAssert.AreEquivalent(expected, streamed.Lines);

        var tooLittle = Run(2, [Path.Combine(Folder, "none.zip"), .. Files()], ("MAXIMUM_MEMORY", $"{bytes - 1}"));
        Assert.AreNotEqual(0, tooLittle.ExitCode);
        StringAssert.Contains(tooLittle.Error, "rows take");
    }

    [TestMethod]
    public void Fit_BySeveralProcessesThatAreKilled_GoesOn_BitByBit()
    {
        var expected = Run(2, [Path.Combine(Folder, "whole.zip"), .. Files()]).Lines;
        var checkpoint = Path.Combine(Folder, "run.checkpoint");

        var killed = Run(2, [Path.Combine(Folder, "killed.zip"), .. Files()], ("CHECKPOINT", checkpoint), process =>
        {
            while (!File.Exists(checkpoint) && !process.HasExited)
                Thread.Sleep(5);
            process.Kill(entireProcessTree: true);
        });
        Assert.AreNotEqual(0, killed.ExitCode);
        Assert.IsTrue(File.Exists(checkpoint));
        var resumed = Run(2, [Path.Combine(Folder, "resumed.zip"), .. Files()], ("CHECKPOINT", checkpoint));

        Assert.HasCount(2, resumed.Lines, resumed.Error);
        CollectionAssert.AreEquivalent(expected, resumed.Lines);
        Assert.IsFalse(File.Exists(checkpoint), "It is deleted once there is a model.");
    }

    [TestMethod]
    public void Search_BySeveralProcesses_IsThatOfOne_BitByBit()
    {
        string[] Lines(int count) => [.. Run(count, [Path.Combine(Folder, $"search-{count}.zip"), .. Files()[..2]], ("RUNS", "2")).Lines
            .Select(line => line[line.IndexOf(';', StringComparison.Ordinal)..])];
        var expected = Lines(1).Single();

        CollectionAssert.AreEqual(new[] { expected, expected }, Lines(2));
        Assert.IsTrue(File.Exists(Path.Combine(Folder, "search-2.zip")));
    }

    // Six parts of a table of three numbers, of which the last has groups that the others lack.
    private static string[] Files()
    {
        string[] files = [.. Enumerable.Range(0, 6).Select(part => Path.Combine(Folder, $"rows-{part}.csv"))];
        if (File.Exists(files[^1]))
            return files;
        var random = new Random(3);
        foreach (var (part, file) in files.Index())
        {
            using var writer = new StreamWriter(file);
            writer.WriteLine("Label,Group,a,b,c");
            for (var row = 0; row < 200 + (10 * part); row++)
            {
                var group = random.Next(3) == 0 ? part == 5 ? "c" : "a" : "b";
                double a = random.NextDouble(), b = random.NextDouble(), c = group == "b" ? 1 : 0;
                var label = (2 * a * b) + (0.5 * c) + (0.4 * random.NextDouble()) > 0.9 ? 1 : 0;
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{label},{group},{a:R},{b:R},{c}"));
            }
        }

        return files;
    }

    private static double[] Numbers(string line) => [.. line.Split([' ', ';'])
        .Where(part => double.TryParse(part, CultureInfo.InvariantCulture, out _))
        .Skip(2).Select(part => double.Parse(part, CultureInfo.InvariantCulture))];

    private static (int ExitCode, List<string> Lines, string Error) Run(int count, IEnumerable<string> arguments,
        (string Name, string Value)? variable = null, Action<Process>? meanwhile = null)
    {
        var start = new ProcessStartInfo("mpiexec") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["-n", $"{count}", "dotnet", Program, .. arguments])
            start.ArgumentList.Add(argument);
        if (variable is { } set)
            start.Environment[set.Name] = set.Value;
        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            meanwhile?.Invoke(process);
            var lines = process.StandardOutput.ReadToEnd().Split('\n').Where(line => line.Contains("; scores ", StringComparison.Ordinal))
                .ToList();
            process.WaitForExit();
            return (process.ExitCode, lines, error.Result);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Inconclusive("mpiexec is not installed: on Debian it is in the package mpich.");
            throw;
        }
    }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "HumanCompatible.ML.Samples.Mpi.dll");
}
