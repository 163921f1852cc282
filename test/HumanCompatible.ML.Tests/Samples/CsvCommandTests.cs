using System.Text.Json;
using HumanCompatible.ML.Samples.Csv;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Samples;

[TestClass]
public sealed class CsvCommandTests
{
    private static readonly string[] Parts = ["train", "validation", "test"];

    [TestMethod]
    public async Task Run_Report_ShowsTheBestSeedOnItsTestRows()
    {
        using var folder = new CsvFolder();
        var report = folder.PathOf("report.html");

        var (exitCode, output, error) = await CsvFolder.Run("--file", folder.WritePeople("people.csv"), "--label", "hired", "--positive",
            "yes", "--group", "sex", "--constraint", "dp:0.1", "--report", report);

        Assert.AreEqual(0, exitCode, error);
        StringAssert.Contains(output, $"Wrote {report}: the model of seed 1 on its test rows.");
        var page = await File.ReadAllTextAsync(report);
        foreach (var expected in new[] { "What drives the score", ">hours: ", ">sex: ", "column Probability" })
            StringAssert.Contains(page, expected);
        Assert.DoesNotContain("(one-hot)", page);
        foreach (var part in new[] { "180 test rows of people.csv, seed 1", "Without constraints", "Multipliers", "calibration" })
            StringAssert.Contains(page, part);
    }

    [TestMethod]
    [DataRow(',', "")]
    [DataRow(';', "?")]
    [DataRow('\t', "NA")]
    public async Task Run_Table_ReportsEveryMemberOfTheForm(char separator, string missing)
    {
        using var folder = new CsvFolder();
        string file = folder.WritePeople("people.csv", separator: separator, missing: missing), json = folder.PathOf("out.json");

        var (exitCode, output, error) = await CsvFolder.Run("--file", file, "--label", "hired", "--positive", "yes", "--group", "sex",
            "--constraint", "dp:0.1", "--constraint", "eo:0.2", "--seeds", "1,3", "--json", json);

        Assert.AreEqual(0, exitCode, error);
        StringAssert.Contains(output, "Numeric: age, hours. Categorical: job, code, sex, city.");
        StringAssert.Contains(output, "The network sees the group column sex");
        StringAssert.Contains(output, "Mean of 2 seed(s) on test rows: accuracy ");
        using var report = JsonDocument.Parse(File.ReadAllText(json));
        Assert.AreEqual("people.csv", report.RootElement.GetProperty("dataset").GetString());
        CollectionAssert.AreEqual(
            new[] { "DemographicParity(sex)", "EqualizedOdds(sex)" },
            report.RootElement.GetProperty("constraints").EnumerateArray().Select(constraint => constraint.GetProperty("name").GetString())
                .ToArray());
        var runs = report.RootElement.GetProperty("runs").EnumerateArray().ToList();
        CollectionAssert.AreEqual(new[] { 1, 3 }, runs.Select(run => run.GetProperty("seed").GetInt32()).ToArray());
        foreach (var run in runs)
        {
            Assert.IsGreaterThan(0, run.GetProperty("seconds").GetDouble());
            Assert.HasCount(2 + 4, run.GetProperty("duals").EnumerateObject().ToList()); // both directions of one rate, and of two
            Assert.AreEqual(600, Parts.Sum(part => run.GetProperty(part).GetProperty("rows").GetInt32()));
            Assert.AreEqual(180, run.GetProperty("test").GetProperty("rows").GetInt32(), 3);
            foreach (var part in Parts)
                CheckPart(run.GetProperty(part));
            Assert.AreEqual(2, run.GetProperty("verdicts").GetProperty("test").GetArrayLength());
            Assert.IsInRange(run.GetProperty("validation").GetProperty("rows").GetInt32(), 423,
                run.GetProperty("verdicts").GetProperty("model")[0].GetProperty("rows").GetInt32(), "training rows count less");
        }
    }

    [TestMethod]
    public async Task Run_SameSeed_GivesTheSameNumbers()
    {
        using var folder = new CsvFolder();
        string file = folder.WritePeople("people.csv", rows: 400), json = folder.PathOf("out.json");
        async Task<string> Test(string seed)
        {
            var (exitCode, _, error) = await CsvFolder.Run("--file", file, "--label", "hired", "--positive", "yes", "--group", "sex",
                "--constraint", "dp:0.1", "--seeds", seed, "--json", json);
            Assert.AreEqual(0, exitCode, error);
            using var report = JsonDocument.Parse(File.ReadAllText(json));
            var run = report.RootElement.GetProperty("runs")[0];
            return run.GetProperty("test").GetRawText() + run.GetProperty("duals").GetRawText();
        }

        string first = await Test("2"), again = await Test("2"), other = await Test("3");

        Assert.AreEqual(first, again);
        Assert.AreNotEqual(first, other);
    }

    [TestMethod]
    public async Task Run_TestFileWithFullStops_IsAuditedAndTheSavedModelScoresIt()
    {
        using var folder = new CsvFolder();
        string file = folder.WritePeople("people.csv"), test = folder.WritePeople("test.csv", rows: 300, seed: 2, stop: "."),
            model = folder.PathOf("model.zip"), json = folder.PathOf("out.json");
        File.WriteAllText(test, "|a comment\n" + File.ReadAllText(test));

        var (exitCode, output, error) = await CsvFolder.Run("--file", file, "--test", test, "--skip-test-lines", "1", "--label", "hired",
            "--positive", "yes", "--group", "sex", "--constraint", "dp:0.1", "--json", json, "--model", model);

        Assert.AreEqual(0, exitCode, error);
        StringAssert.Contains(output, $"{test}: every label ends with a full stop, which is not read.");
        using var report = JsonDocument.Parse(File.ReadAllText(json));
        var audited = report.RootElement.GetProperty("runs")[0].GetProperty("test");
        Assert.AreEqual(300, audited.GetProperty("rows").GetInt32());

        var data = CsvData.Load(new CsvOptions
        {
            File = file,
            TestFile = test,
            SkippedTestLines = 1,
            Label = "hired",
            Positive = "yes",
            Groups = ["sex"]
        }, _ => { });
        var loaded = new MLContext().Model.Load(model, out var schema);
        Assert.IsNotNull(schema.GetColumnOrNull("age"));
        var scored = loaded.Transform(data.Take(data.TestRows!));
        var accuracy = scored.GetColumn<bool>("PredictedLabel")
            .Zip(scored.GetColumn<bool>("hired"), (predicted, actual) => predicted == actual ? 1.0 : 0).Average();
        Assert.AreEqual(audited.GetProperty("accuracy").GetDouble(), accuracy, 1e-12);
        Assert.IsGreaterThan(0.7, accuracy);
    }

    [TestMethod]
    public async Task Run_Intersection_LeavesSmallGroupsOutOfTheConstraintsAndSaysSo()
    {
        using var folder = new CsvFolder();
        string file = folder.WritePeople("people.csv"), json = folder.PathOf("out.json");

        var (exitCode, output, error) = await CsvFolder.Run(
            "--file", file, "--label", "hired", "--positive", "yes", "--group", "sex,city", "--min-group", "50", "--drop", "city",
                "--constraint", "dp:0.2@sex", "--constraint", "di:0.5", "--json", json);

        Assert.AreEqual(0, exitCode, error);
        StringAssert.Contains(output, "left out of the promise: Female, Rome (");
        StringAssert.Contains(output, "rows, fewer than 50)");
        StringAssert.Contains(output, "The network sees the group column sex;");
        StringAssert.Contains(output, "differs between the groups of sex by at most 0.2 (DemographicParity(sex)).");
        StringAssert.Contains(output, "(DemographicParityRatio(sex, city)).");
        using var report = JsonDocument.Parse(File.ReadAllText(json));
        var run = report.RootElement.GetProperty("runs")[0];
        Assert.AreEqual(600, Parts.Sum(part => run.GetProperty(part).GetProperty("rows").GetInt32()));
        Assert.IsFalse(run.GetProperty("duals").EnumerateObject().Any(dual => dual.Name.Contains("Rome", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task Run_AGroupWithoutPositiveRows_SaysThatItIsNotBound()
    {
        using var folder = new CsvFolder();
        var lines = File.ReadAllLines(folder.WritePeople("people.csv"));
        var file = folder.Write("rome.csv", string.Join('\n',
            lines.Where(line => !(line.Contains(",Rome,", StringComparison.Ordinal) && line.EndsWith("yes", StringComparison.Ordinal)))));

        var (exitCode, output, error) = await CsvFolder.Run("--file", file, "--label", "hired", "--positive", "yes", "--group", "city",
            "--constraint", "eopp:0.2");

        Assert.AreEqual(0, exitCode, error);
        StringAssert.Contains(output, "rows it was made of, left out of the promise: Rome (no positive rows)");
    }

    [TestMethod]
    public void Load_WhereAndLabelsOfManyValues_KeepsTheNamedRows()
    {
        using var folder = new CsvFolder();
        var file = folder.Write("t.csv", "x,g,y\n1,a,low\n2,b,high\n3,c,high\n4,a,?\n5.5,b,middle\n6,a,high\n");
        var notes = new List<string>();

        var data = CsvData.Load(new CsvOptions
        {
            File = file,
            Label = "y",
            Positive = "high",
            Groups = ["g"],
            Filters = [CsvArguments.Filter("g=a|b")]
        }, notes.Add);

        CollectionAssert.AreEqual(new[] { ("a", false), ("b", true), ("b", false), ("a", true) }, data.Strata.ToArray());
        var rows = data.Take(data.TrainingRows);
        CollectionAssert.AreEqual(new[] { false, true, false, true }, rows.GetColumn<bool>("y").ToArray());
        CollectionAssert.AreEqual(new[] { 1f, 2f, 5.5f, 6f }, rows.GetColumn<float>("x").ToArray());
        CollectionAssert.AreEqual(new[] { "a", "b", "b", "a" }, rows.GetColumn<string>("g").ToArray());
        CollectionAssert.Contains(notes,
            $"{file}: left out without a label: 1 row of 5 ('?'; --not-missing takes such a text for a value).");
        CollectionAssert.Contains(notes, $"{file}: the label has 3 values ('high', 'low', 'middle'); all but 'high' are negative.");
    }

    [TestMethod]
    public void Split_EverySeed_IsAPartitionInProportion()
    {
        using var folder = new CsvFolder();
        var data = CsvData.Load(new CsvOptions
        {
            File = folder.WritePeople("people.csv"),
            Label = "hired",
            Positive = "yes",
            Groups = ["sex"]
        }, _ => { });

        var split = CsvSplit.Of(data, 0.3, seed: 4);

        CollectionAssert.AreEqual(data.TrainingRows, split.Train.Concat(split.Validation).Concat(split.Test).Order().ToArray());
        double Share(int[] rows) => rows.Average(row => data.Strata[row] == ("Female", true) ? 1.0 : 0);
        Assert.AreEqual(Share(data.TrainingRows), Share(split.Test), 0.01);
        Assert.AreEqual(Share(data.TrainingRows), Share(split.Validation), 0.01);
        CollectionAssert.AreEqual(split.Test, CsvSplit.Of(data, 0.3, seed: 4).Test);
        CollectionAssert.AreNotEqual(split.Test, CsvSplit.Of(data, 0.3, seed: 5).Test);
    }

    private static void CheckPart(JsonElement part)
    {
        foreach (var name in new[] { "accuracy", "majorityAccuracy", "auc", "demographicParityDifference", "equalOpportunityDifference",
            "equalizedOddsDifference", "lossParityDifference" })
        {
            Assert.IsTrue(part.GetProperty(name).GetDouble() is >= 0 and < 5, name);
        }

        var groups = part.GetProperty("byGroup").EnumerateObject().ToDictionary(group => group.Name, group => group.Value);
        CollectionAssert.AreEqual(new[] { "Female", "Male" }, groups.Keys.ToArray());
        Assert.AreEqual(part.GetProperty("rows").GetInt32(), groups.Values.Sum(group => group.GetProperty("rows").GetInt32()));
        Assert.AreEqual(
            part.GetProperty("demographicParityDifference").GetDouble(),
            Math.Abs(groups["Female"].GetProperty("selectionRate").GetDouble() - groups["Male"].GetProperty("selectionRate").GetDouble()),
            1e-12);
    }
}
