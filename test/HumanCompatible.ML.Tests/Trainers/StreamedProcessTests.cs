using System.Diagnostics;
using HumanCompatible.ML.Tests.Docs;
using Microsoft.CodeAnalysis;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>A program whose rows stream from a file, killed, and out of room on its disk.</summary>
[TestClass]
public sealed class StreamedProcessTests
{
    // The arguments are the folder of the file, and whether the rows never end.
    private const string Program = """
        using HumanCompatible.ML;
        using HumanCompatible.ML.Constraints;
        using HumanCompatible.ML.Trainers;
        using Microsoft.ML;
        using Microsoft.ML.Data;

        var ml = new MLContext(1);
        try
        {
            ml.Constrained().Trainers.BinaryClassification(new ConstrainedBinaryClassificationTrainer.Options
            {
                Constraints = [Fairness.DemographicParity("Sex", 0.05)],
                MaximumMemory = 8_000_000,
                TemporaryFolder = args[0],
            }).Fit(ml.Data.LoadFromEnumerable(Rows()));
        }
        catch (IOException problem)
        {
            Console.WriteLine(problem.Message);
        }

        IEnumerable<Row> Rows()
        {
            for (var row = 0; row < 100_000; row++)
            {
                yield return new Row
                {
                    Features = [.. Enumerable.Repeat((float)row + 1, 20)],
                    Label = row % 2 == 0,
                    Sex = row % 3 == 0 ? "a" : "b",
                };
            }

            Console.WriteLine("read");
            Console.Out.Flush();
            while (args.Length > 1)
                Thread.Sleep(10);
        }

        class Row
        {
            [VectorType(20)]
            public float[] Features { get; set; } = [];

            public bool Label { get; set; }

            public string Sex { get; set; } = "";
        }
        """;

    private static readonly Lazy<string> Compiled = new(Compile);

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    [ClassCleanup]
    public static void DeleteProgram()
    {
        if (Compiled.IsValueCreated)
            File.Delete(Compiled.Value);
    }

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Fit_KilledWithRowsInAFile_LeavesNothing()
    {
        using var process = Process.Start(MarkdownProgram.StartOf(Compiled.Value, _folder, _folder, "and waits"))!;
        var errors = process.StandardError.ReadToEndAsync();
        var line = process.StandardOutput.ReadLine();
        if (line is null)
            Assert.Fail(errors.Result);
        Assert.AreEqual("read", line);
        var maps = $"/proc/{process.Id}/maps";
        if (File.Exists(maps))
            StringAssert.Contains(File.ReadAllText(maps), _folder);

        process.Kill();
        process.WaitForExit();

        Assert.IsEmpty(Directory.GetFileSystemEntries(_folder));
    }

    [TestMethod]
    public void Fit_FileThatCannotGrow_SaysWhyAndLeavesNothing()
    {
        if (OperatingSystem.IsWindows())
            Assert.Inconclusive("The size of files is limited by ulimit.");
        var program = MarkdownProgram.StartOf(Compiled.Value, _folder, _folder);

        // 4 MiB a file. Without the signal, writing more is an error, as on a full disk.
        var start = new ProcessStartInfo("bash", ["-c", "ulimit -f 4096; trap '' XFSZ; exec \"$0\" \"$@\"", program.FileName,
            .. program.ArgumentList])
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0"; // whose memory is a large file, too
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        StringAssert.StartsWith(output, $"The temporary file of MaximumMemory in '{_folder}' cannot have more than ", errors.Result);
        StringAssert.Contains(output, " Set TemporaryFolder to a folder with more room.");
        Assert.AreEqual(0, process.ExitCode);
        Assert.IsEmpty(Directory.GetFileSystemEntries(_folder));
    }

    private static string Compile()
    {
        var compilation = MarkdownProgram.Compile("streams", [.. MarkdownProgram.ImplicitUsings.Select(name => $"global using {name};"),
            Program]);
        var assembly = Path.Combine(AppContext.BaseDirectory, compilation.AssemblyName + ".dll");
        var result = compilation.Emit(assembly);
        Assert.IsTrue(result.Success, string.Join('\n', result.Diagnostics));
        return assembly;
    }
}
