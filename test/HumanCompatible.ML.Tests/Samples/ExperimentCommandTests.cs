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
        string json = folder.PathOf("out.json"), model = folder.PathOf("model.zip"), page = folder.PathOf("out.html");

        var (exitCode, output, error) = await CsvFolder.RunCommand("experiment", "--file", file, "--test", test, "--label", "hired",
            "--positive", "yes", "--group", "sex", "--constraint", "dp:0.3", "--models", "2", "--json", json, "--model", model,
            "--cache", folder.PathOf("cache"), "--report", page);

        Assert.AreEqual(0, exitCode, error);
        Assert.Contains("run | ended | Accuracy | DemographicParity(sex) | s | options", output);
        Assert.Contains("0 | finished | ", output);
        Assert.Contains("on 300 rows", output);
        using var report = JsonDocument.Parse(File.ReadAllText(json));
        Assert.AreEqual(2, report.RootElement.GetProperty("runs").GetArrayLength());
        Assert.HasCount(4, File.ReadAllLines(folder.PathOf("cache/runs.jsonl")), "of which experiment, two runs, one test");
        Assert.DoesNotContain("Options {", output);
        Assert.Contains("Chosen model for hired", File.ReadAllText(page));
        Assert.Contains("300 test rows of test.csv, seed 1", File.ReadAllText(page));
        var loaded = new MLContext().Model.Load(model, out var schema);
        Assert.IsNotNull(loaded.GetOutputSchema(schema).GetColumnOrNull("Score"));
    }

    [TestMethod]
    public async Task Experiment_FoundAgain_SaysOfWhatTheModelsAreGone()
    {
        using var folder = new CsvFolder();
        var cache = folder.PathOf("cache");
        string[] arguments = ["--file", folder.WritePeople("people.csv", 300), "--label", "hired", "--positive", "yes", "--group", "sex",
            "--constraint", "dp:0.3", "--models", "1", "--cache", cache];
        var (_, first, _) = await CsvFolder.RunCommand("experiment", arguments);

        var (_, found, _) = await CsvFolder.RunCommand("experiment", arguments);
        foreach (var model in Directory.GetFiles(cache, "*.zip"))
            File.Delete(model);
        var (exitCode, gone, error) = await CsvFolder.RunCommand("experiment", arguments);

        Assert.AreEqual(0, exitCode, error);
        Assert.DoesNotContain("found again", first);
        foreach (var output in new[] { found, gone })
            Assert.Contains($"found again: run before; its numbers are kept in {cache}.", output);
        Assert.DoesNotContain("Trained once more", found);
        Assert.Contains($"Trained once more, for the models in {cache} are gone or not as they were written: run 0.", gone);
    }

    [TestMethod]
    public async Task Sweep_Table_ShowsEveryBound()
    {
        using var folder = new CsvFolder();
        string file = folder.WritePeople("people.csv"), json = folder.PathOf("out.json"), page = folder.PathOf("out.html");

        var (exitCode, output, error) = await CsvFolder.RunCommand("sweep", "--file", file, "--label", "hired", "--positive", "yes",
            "--group", "sex", "--constraint", "dp:0.3", "--bounds", "0.1,0.4", "--json", json, "--report", page);

        Assert.AreEqual(0, exitCode, error);
        Assert.Contains("bound | accuracy | DemographicParity(sex) | verdict | s", output);
        Assert.IsLessThan(output.IndexOf("\n0.1 |", StringComparison.Ordinal), output.IndexOf("\n0.4 |", StringComparison.Ordinal));
        using var report = JsonDocument.Parse(File.ReadAllText(json));
        Assert.AreEqual(2, report.RootElement.GetProperty("points").GetArrayLength());
        Assert.Contains("Each bound is trained on 420 rows and measured on 180 others, which train nothing.", output);
        Assert.Contains("Who chooses a bound by these rows should test the model on others.", output);
        Assert.Contains("180 rows of people.csv, seed 1", File.ReadAllText(page));
    }

    [TestMethod]
    public async Task Sweep_OfARatio_HasBoundsOfRatios()
    {
        using var folder = new CsvFolder();

        var (exitCode, output, error) = await CsvFolder.RunCommand("sweep", "--file", folder.WritePeople("people.csv", 300), "--label",
            "hired", "--positive", "yes", "--group", "sex", "--constraint", "di:0.8");

        Assert.AreEqual(0, exitCode, error);
        CollectionAssert.AreEqual(new[] { "0.5", "0.6", "0.7", "0.8", "0.85", "0.9", "0.95" },
            output.Split('\n').Where(line => line.StartsWith("0.", StringComparison.Ordinal)).Select(line => line.Split(' ')[0]).ToArray());
    }

    [TestMethod]
    public async Task Sweep_NothingMeasurable_SaysSo()
    {
        using var folder = new CsvFolder();

        var (exitCode, output, error) = await CsvFolder.RunCommand("sweep", "--file", folder.WritePeople("people.csv", 60), "--label",
            "hired", "--positive", "yes", "--group", "sex", "--constraint", "fpr:0.05", "--bounds", "0.02,0.01");

        Assert.AreEqual(0, exitCode, error);
        Assert.Contains("Not compared, for they cannot be measured: bound 0.02, 0.01.", output);
        Assert.DoesNotContain("Not better than another", output);
        Assert.DoesNotContain("NaN", output);
    }

    [TestMethod]
    public async Task Commands_FewRows_SayThatTheyAreTooFew()
    {
        using var folder = new CsvFolder();
        var file = folder.Write("few.csv", "age,sex,hired\n30,m,yes\n40,f,no\n50,m,no\n60,f,yes\n");
        foreach (var command in new[] { "experiment", "sweep" })
        {
            var (exitCode, output, error) = await CsvFolder.RunCommand(command, "--file", file, "--label", "hired", "--positive", "yes",
                "--group", "sex", "--constraint", "dp:0.3");

            Assert.AreEqual(1, exitCode);
            Assert.StartsWith("Error: 4 rows are too few", error);
            Assert.DoesNotContain("fewer folds", error);
            Assert.DoesNotContain(" | ", output);
        }
    }

    [TestMethod]
    [DataRow("csv")]
    [DataRow("experiment")]
    [DataRow("sweep")]
    public async Task Commands_Device_IsTheTrainers(string command)
    {
        using var folder = new CsvFolder();
        async Task<string> ErrorOf(string device) => (await CsvFolder.RunCommand(command, "--file",
            folder.WritePeople("people.csv", 200), "--label", "hired", "--positive", "yes", "--group", "sex", "--constraint", "dp:0.3",
            "--device", device)).Error;

        Assert.Contains("Device must be 'auto', 'cpu', 'cuda' or 'cuda:N', got 'gpu'.", await ErrorOf("gpu"));
        Assert.Contains("Device 'cuda:99' was asked for, but torch finds", await ErrorOf("cuda:99"));
        Assert.DoesNotContain("no file", (await CsvFolder.RunCommand(command, "--file", "no-such-file.csv", "--label", "hired",
            "--positive", "yes", "--group", "sex", "--constraint", "dp:0.3", "--device", "gpu")).Error, "before the table is read");
    }

    [TestMethod]
    [DataRow("sweep", "--bounds", "0.1,x", "must be numbers between commas, with points before their fractions, such as 0.05,0.1, got 'x'")]
    [DataRow("sweep", "--bounds", "0,05,0,1", "such as 0.05,0.1, got '05'")]
    [DataRow("experiment", "--seconds", "1.5", "--seconds must be a whole number without signs between thousands, such as 1000, got 1.5")]
    [DataRow("sweep", "--bounds", "2,-1", "Error: --bounds: a bound of dp must be a number from 0 to 1, got 2, -1.")]
    [DataRow("sweep", "--bounds", "0.1,0.2,0.1", "Error: --bounds: 0.1 is named more than once.")]
    [DataRow("sweep", "--constraint", "di:0.8", "Error: sweep gives one bound to all constraints, but with dp less is fairer, with di "
        + "more: sweep them one by one.")]
    [DataRow("experiment", "--parallel", "0", "--parallel must be at least 1, got 0")]
    [DataRow("experiment", "--metric", "99", "--metric must be one of accuracy, areaUnderRocCurve, ")]
    [DataRow("experiment", "--metric", "1", ", got 1.")]
    [DataRow("experiment", "--metric", "accuracy,f1Score", ", got accuracy,f1Score.")]
    [DataRow("sweep", "--missing-groups", "0", "--missing-groups must be one of exclude, include, error, got 0.")]
    [DataRow("experiment", "--decimal", "1", "--decimal must be one of point, comma, got 1.")]
    [DataRow("experiment", "--cache", "/dev/null", "CacheDirectory must be the path of a folder, got '/dev/null'.")]
    [DataRow("experiment", "--cache", "/etc", "CacheDirectory must be a new or empty folder or that of an experiment, got '/etc', which ")]
    public async Task Commands_BadArgument_SayWhich(string command, string option, string value, string message)
    {
        using var folder = new CsvFolder();

        var (exitCode, output, error) = await CsvFolder.RunCommand(command, "--file", folder.WritePeople("people.csv", 100), "--label",
            "hired", "--positive", "yes", "--group", "sex", "--constraint", "dp:0.3", option, value);

        Assert.AreEqual(1, exitCode);
        Assert.AreEqual("", output);
        Assert.DoesNotContain("Seed", error);
        Assert.DoesNotContain("Parameter", error);
        Assert.Contains(message, error);
    }
}
