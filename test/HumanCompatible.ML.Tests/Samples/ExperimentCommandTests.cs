using System.Text.Json;
using Microsoft.ML;

namespace HumanCompatible.ML.Tests.Samples;

/// <summary>The commands <c>experiment</c> and <c>sweep</c> on a table.</summary>
[TestClass]
public sealed class ExperimentCommandTests
{
    [TestMethod]
    public async Task Experiment_Table_ShowsRunsAndSavesTheBest()
    {
        using var folder = new CsvFolder();
        string file = folder.WritePeople("people.csv"), test = folder.WritePeople("test.csv", 300, seed: 2);
        string json = folder.PathOf("out.json"), model = folder.PathOf("model.zip");

        var (exitCode, output, error) = await CsvFolder.RunCommand("experiment", "--file", file, "--test", test, "--label", "hired",
            "--positive", "yes", "--group", "sex", "--constraint", "dp:0.3", "--models", "2", "--json", json, "--model", model,
            "--journal", folder.PathOf("runs.jsonl"));

        Assert.AreEqual(0, exitCode, error);
        Assert.Contains("run | ended | Accuracy | DemographicParity(sex) | s | options", output);
        Assert.Contains("0 | finished | ", output);
        Assert.Contains("on 300 rows", output);
        using var report = JsonDocument.Parse(File.ReadAllText(json));
        Assert.AreEqual(2, report.RootElement.GetProperty("runs").GetArrayLength());
        Assert.HasCount(3, File.ReadAllLines(folder.PathOf("runs.jsonl")));
        var loaded = new MLContext().Model.Load(model, out var schema);
        Assert.IsNotNull(loaded.GetOutputSchema(schema).GetColumnOrNull("Score"));
    }

    [TestMethod]
    public async Task Sweep_Table_ShowsEveryBound()
    {
        using var folder = new CsvFolder();
        string file = folder.WritePeople("people.csv"), json = folder.PathOf("out.json");

        var (exitCode, output, error) = await CsvFolder.RunCommand("sweep", "--file", file, "--label", "hired", "--positive", "yes",
            "--group", "sex", "--constraint", "dp:0.3", "--bounds", "0.1,0.4", "--json", json);

        Assert.AreEqual(0, exitCode, error);
        Assert.Contains("bound | accuracy | DemographicParity(sex) | verdict | s", output);
        Assert.IsLessThan(output.IndexOf("\n0.1 |", StringComparison.Ordinal), output.IndexOf("\n0.4 |", StringComparison.Ordinal));
        using var report = JsonDocument.Parse(File.ReadAllText(json));
        Assert.AreEqual(2, report.RootElement.GetProperty("points").GetArrayLength());
    }

    [TestMethod]
    [DataRow("sweep", "--bounds", "0.1,x", "must be numbers between commas, got 'x'")]
    [DataRow("sweep", "--bounds", "2", "Bound must be a number from 0 to 1, got 2")]
    [DataRow("experiment", "--parallel", "0", "--parallel must be at least 1, got 0")]
    public async Task Commands_BadArgument_SayWhich(string command, string option, string value, string message)
    {
        using var folder = new CsvFolder();

        var (exitCode, _, error) = await CsvFolder.RunCommand(command, "--file", folder.WritePeople("people.csv", 100), "--label", "hired",
            "--positive", "yes", "--group", "sex", "--constraint", "dp:0.3", option, value);

        Assert.AreEqual(1, exitCode);
        Assert.Contains(message, error);
    }
}
