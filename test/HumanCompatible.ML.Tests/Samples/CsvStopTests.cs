using System.Text.Json;
using HumanCompatible.ML.Samples.Csv;
using HumanCompatible.ML.Samples.Display;

namespace HumanCompatible.ML.Tests.Samples;

[TestClass]
public sealed class CsvStopTests
{
    [TestMethod]
    public void Run_StoppedAfterTheFirstSeed_KeepsItAndSaysSo()
    {
        using var folder = new CsvFolder();
        using var stop = new CancellationTokenSource();
        using var output = new StoppingWriter(stop, "Seed 4");
        using var error = new StringWriter();
        string json = folder.PathOf("out.json"), model = folder.PathOf("model.zip");

        var options = Options(folder) with { JsonPath = json, ModelPath = model };
        var exitCode = CsvJob.Run(options, SampleOutput.Plain(output, error), stop.Token);

        Assert.AreEqual(130, exitCode);
        Assert.AreEqual("Stopped in seed 5: 1 of 3 seeds are finished (4). What is shown and written is of these alone.",
            error.ToString().TrimEnd());
        StringAssert.Contains(output.ToString(), "Mean of 1 seed(s) on test rows: accuracy ");
        using var report = JsonDocument.Parse(File.ReadAllText(json));
        Assert.AreEqual(4, report.RootElement.GetProperty("runs").EnumerateArray().Single().GetProperty("seed").GetInt32());
        Assert.IsTrue(File.Exists(model));
    }

    [TestMethod]
    public void Run_StoppedInTheFirstSeed_WritesNothing()
    {
        using var folder = new CsvFolder();
        using var stop = new CancellationTokenSource();
        using var output = new StoppingWriter(stop, "rows of");
        var json = folder.PathOf("out.json");

        Assert.Throws<OperationCanceledException>(()
            => CsvJob.Run(Options(folder) with { JsonPath = json }, SampleOutput.Plain(output, TextWriter.Null), stop.Token));

        Assert.IsFalse(File.Exists(json));
    }

    private static CsvOptions Options(CsvFolder folder) => new()
    {
        File = folder.WritePeople("people.csv", rows: 200),
        Label = "hired",
        Positive = "yes",
        Groups = ["sex"],
        Seeds = [4, 5, 6],
    };
}
