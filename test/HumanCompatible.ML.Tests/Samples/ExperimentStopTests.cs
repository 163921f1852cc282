using HumanCompatible.ML.Experiments;
using HumanCompatible.ML.Samples;
using HumanCompatible.ML.Samples.Csv;
using HumanCompatible.ML.Samples.Display;
using HumanCompatible.ML.Samples.Experiments;

namespace HumanCompatible.ML.Tests.Samples;

/// <summary>The command <c>experiment</c> that is stopped, and goes on.</summary>
[TestClass]
public sealed class ExperimentStopTests
{
    [TestMethod]
    public void Run_StoppedWithACache_SaysWhatIsKeptAndLooksAtTheTestRowsOnceItHasEnded()
    {
        using var folder = new CsvFolder();
        var cache = folder.PathOf("cache");
        string page = folder.PathOf("page.html"), json = folder.PathOf("out.json");
        var options = Options(folder) with { ReportPath = page, JsonPath = json };

        var (exitCode, output, error) = Stopped(options, cache);
        var stoppedPage = File.ReadAllText(page);
        var stoppedJson = File.ReadAllText(json);
        using var rest = new StringWriter();
        var endCode = ExperimentJob.Run(options, Settings(cache, default), SampleOutput.Plain(rest, TextWriter.Null));

        Assert.AreEqual(130, exitCode);
        Assert.AreEqual($"Stopping: the best of the runs that ended is chosen; the runs are kept in {cache}.{Environment.NewLine}"
            + $"Stopped: 1 run ended and is kept in {cache}. The same command goes on from there. What is shown is the best so far; it was "
            + "not trained on all rows, and the test rows have not been looked at.", error.TrimEnd());
        Assert.Contains("test: none, for it was stopped and can go on; no test row was looked at", output);
        Assert.DoesNotContain("test: Accuracy", output);
        Assert.Contains("The test rows are not looked at before it has ended.", stoppedPage);
        Assert.Contains("judging rows of people.csv", stoppedPage);
        Assert.DoesNotContain("\"test\":", stoppedJson);
        Assert.AreEqual(0, endCode);
        Assert.Contains("found again", rest.ToString());
        Assert.Contains("test: Accuracy", rest.ToString());
        Assert.DoesNotContain("look at these rows", rest.ToString());
        Assert.Contains("\"looks\": 1", File.ReadAllText(json));
    }

    [TestMethod]
    public void Run_StoppedWithoutACache_SaysThatTheTestRowsWereLookedAt()
    {
        using var folder = new CsvFolder();

        var (exitCode, output, error) = Stopped(Options(folder), cache: null);

        Assert.AreEqual(130, exitCode);
        Assert.Contains("test: Accuracy", output);
        Assert.StartsWith($"Stopping: the best of the runs that ended is chosen.{Environment.NewLine}Stopped: 1 run ended. What is shown "
            + "is the best of them; it was not trained on all rows, and the test rows have been looked at. The runs are not kept, for no "
            + "--cache was named:", error);
    }

    [TestMethod]
    public void Run_StoppedBeforeARunHasEnded_SaysSoAndWhatIsKept()
    {
        using var folder = new CsvFolder();
        var cache = folder.PathOf("cache");
        using var error = new StringWriter();

        string Stopped(string? cache) => Assert.ThrowsExactly<OperationCanceledException>(() => ExperimentJob.Run(Options(folder),
            Settings(cache, new CancellationToken(true)), SampleOutput.Plain(TextWriter.Null, error))).Message;

        Assert.AreEqual("Stopped before a run had ended: nothing is chosen, and no test row was looked at. The same command goes on from "
            + $"what {cache} holds.", Stopped(cache));
        Assert.AreEqual("Stopped before a run had ended: nothing is chosen, and no test row was looked at. Nothing is kept.",
            Stopped(null));
        Assert.DoesNotContain("is chosen;", error.ToString());
        Assert.Contains("Stopping before a run has ended.", error.ToString());
    }

    [TestMethod]
    public void Run_CacheOfOtherTestData_IsRefusedByWhatDiffers()
    {
        using var folder = new CsvFolder();
        var cache = folder.PathOf("cache");
        var settings = Settings(cache, default) with { MaxModels = 1 };
        var options = Options(folder) with { TestFile = folder.WritePeople("test.csv", 200, seed: 2) };
        ExperimentJob.Run(options, settings, SampleOutput.Plain(TextWriter.Null, TextWriter.Null));

        var problem = Assert.ThrowsExactly<SampleInputException>(() => ExperimentJob.Run(
            options with { TestFile = folder.WritePeople("other.csv", 200, seed: 3) }, settings,
            SampleOutput.Plain(TextWriter.Null, TextWriter.Null)));

        Assert.AreEqual($"The journal '{Path.Combine(cache, "runs.jsonl")}' is of another experiment, with other test data: name another "
            + "folder.", problem.Message);
    }

    [TestMethod]
    public void Run_CacheThatIsAForeignFolder_IsRefusedBeforeAnythingIsRead()
    {
        using var folder = new CsvFolder();
        var options = Options(folder);
        using var output = new StringWriter();

        var problem = Assert.ThrowsExactly<SampleInputException>(() => ExperimentJob.Run(options,
            Settings(Path.GetDirectoryName(options.File)!, default), SampleOutput.Plain(output, TextWriter.Null)));

        Assert.EndsWith("- CacheDirectory must be a new or empty folder or that of an experiment, got "
            + $"'{Path.GetDirectoryName(options.File)}', which holds 'people.csv'.", problem.Message);
        Assert.AreEqual("", output.ToString());
        Assert.HasCount(1, Directory.GetFileSystemEntries(Path.GetDirectoryName(options.File)!));
    }

    private static (int ExitCode, string Output, string Error) Stopped(CsvOptions options, string? cache)
    {
        using var stop = new CancellationTokenSource();
        using var output = new StoppingWriter(stop, "0 | finished");
        using var error = new StringWriter();
        var exitCode = ExperimentJob.Run(options, Settings(cache, stop.Token), SampleOutput.Plain(output, error));
        return (exitCode, output.ToString(), error.ToString());
    }

    private static BinaryExperimentSettings Settings(string? cache, CancellationToken cancellation) => new()
    {
        MaxModels = 2,
        NumberOfParallelTrials = 1,
        CacheDirectory = cache,
        CancellationToken = cancellation,
    };

    private static CsvOptions Options(CsvFolder folder) => new()
    {
        File = folder.WritePeople("people.csv", rows: 300),
        Label = "hired",
        Positive = "yes",
        Groups = ["sex"],
        Constraints = [CsvConstraint.Parse("dp:0.3")],
    };
}
