using System.Text.Json;
using HumanCompatible.ML.Samples.Csv;

namespace HumanCompatible.ML.Tests.Samples;

/// <summary>What the csv command says of the constraints, on the screen and in the report.</summary>
[TestClass]
public sealed class CsvVerdictTests
{
    private static readonly string[] Words = ["shown", "kept", "missed", "notMeasurable"];
    private static readonly string[] Parts = ["train", "validation", "test"];

    // Two rows of one group are positive, and one of the other.
    private static readonly string FewPositives = "hour,shift,valid\n" + string.Concat(Enumerable.Range(0, 33).Select(row
        => $"{8 + row % 9},{(row % 2 == 0 ? "early" : "late")},{(row is 4 or 15 or 16 ? 1 : 0)}\n"));

    [TestMethod]
    public async Task Run_Constraints_AreJudgedOnTheRowsOfTheModelAndOnTestRows()
    {
        using var folder = new CsvFolder();
        var file = folder.WritePeople("people.csv");

        var (run, output) = await Run(folder, file, "hired", "yes", "sex", "--constraint", "dp:0.1", "--constraint", "di:0.6");

        foreach (var rows in new[] { "model", "test" })
        {
            var verdicts = run.GetProperty("verdicts").GetProperty(rows).EnumerateArray().ToList();
            CollectionAssert.AreEqual(new[] { "DemographicParity(sex)", "DemographicParityRatio(sex)" },
                verdicts.Select(verdict => verdict.GetProperty("name").GetString()).ToArray());
            Assert.AreEqual(0.1, verdicts[0].GetProperty("bound").GetDouble());
            foreach (var verdict in verdicts)
                CheckVerdict(verdict, rows == "model" ? 84 : 180, rows == "model" ? 420 : 180); // training rows count less
        }
        var test = run.GetProperty("test");
        Assert.AreEqual(test.GetProperty("demographicParityDifference").GetDouble(),
            run.GetProperty("verdicts").GetProperty("test")[0].GetProperty("value").GetDouble(), 1e-12);
        Assert.AreEqual(run.GetProperty("verdicts").GetProperty("model").EnumerateArray().All(IsWithinBound),
            run.GetProperty("feasible").GetBoolean());
        StringAssert.Contains(output,
            "Promise: the share of positive predictions differs between the groups of sex by at most 0.1 (DemographicParity(sex)).");
        StringAssert.Contains(output, "Promise: no group of sex has less than 0.6 times the share of positive predictions of another "
            + "(DemographicParityRatio(sex)).");
        StringAssert.Matches(output, new("test rows +(shown|kept|missed|not measurable) +[01][.][0-9]{4} +[01][.][0-9]{4} to [01][.]"));
    }

    [TestMethod]
    public async Task Run_BesideConstraints_IsTheRunWithoutThem()
    {
        using var folder = new CsvFolder();
        var file = folder.WritePeople("people.csv", rows: 400);

        var (run, output) = await Run(folder, file, "hired", "yes", "sex", "--constraint", "dp:0.02", "--seeds", "3");
        var (alone, aloneOutput) = await Run(folder, file, "hired", "yes", "sex", "--seeds", "3");

        var beside = run.GetProperty("unconstrained");
        foreach (var part in Parts)
        {
            Assert.AreEqual(alone.GetProperty(part).GetRawText().ReplaceLineEndings("").Replace(" ", ""),
                beside.GetProperty(part).GetRawText().ReplaceLineEndings("").Replace(" ", ""));
        }
        Assert.AreNotEqual(run.GetProperty("train").GetRawText(), beside.GetProperty("train").GetRawText());
        Assert.AreEqual(beside.GetProperty("test").GetProperty("demographicParityDifference").GetDouble(),
            beside.GetProperty("verdicts").GetProperty("test")[0].GetProperty("value").GetDouble(), 1e-12);
        Assert.AreEqual("missed", beside.GetProperty("verdicts").GetProperty("model")[0].GetProperty("verdict").GetString());
        Assert.IsFalse(beside.GetProperty("feasible").GetBoolean());
        Assert.AreEqual(JsonValueKind.Null, alone.GetProperty("unconstrained").ValueKind);
        StringAssert.Contains(output, FormattableString.Invariant(
            $"{beside.GetProperty("test").GetProperty("accuracy").GetDouble():0.0000} without constraints, "));
        Assert.IsFalse(aloneOutput.Contains("without constraints", StringComparison.Ordinal));
    }

    [TestMethod]
    public async Task Run_GroupsLeftOut_AreLeftOutOfTheTestRowsToo()
    {
        using var folder = new CsvFolder();
        var file = folder.WritePeople("people.csv");

        var (run, output) = await Run(folder, file, "hired", "yes", "city", "--constraint", "dp:0.3", "--min-group", "50");

        foreach (var rows in new[] { "model", "test" })
        {
            var excluded = run.GetProperty("verdicts").GetProperty(rows)[0].GetProperty("excludedGroups").EnumerateArray().Single();
            StringAssert.Matches(excluded.GetString(), new("^Rome \\([0-9]+ rows?, fewer than 50\\)$"));
        }
        var groups = run.GetProperty("test").GetProperty("byGroup");
        double RateOf(string group) => groups.GetProperty(group).GetProperty("selectionRate").GetDouble();
        Assert.AreEqual(Math.Abs(RateOf("Oslo") - RateOf("Bonn")),
            run.GetProperty("verdicts").GetProperty("test")[0].GetProperty("value").GetDouble(), 1e-12);
        StringAssert.Contains(output, "rows it was made of, left out of the promise: Rome (");
        StringAssert.Contains(output, "one-sided 95% limits on new rows");
        StringAssert.Contains(output, "in the verdict");
        StringAssert.Matches(output, new(@"(?m)^ *Oslo +[0-9]+ +yes "));
        StringAssert.Matches(output, new(@"(?m)^ *Rome +[0-9]+ +no: [0-9]+ rows, fewer than 50 "));
    }

    [TestMethod]
    public async Task Run_ManyGroups_ShowsTheWarningsAndFewMultipliers()
    {
        using var folder = new CsvFolder();
        var random = new Random(1);
        var file = folder.Write("t.csv", "age,x,y\n" + string.Concat(Enumerable.Range(0, 240).Select(row
            => FormattableString.Invariant($"{20 + row % 40},{random.NextDouble():0.000},{random.Next(2)}\n"))));

        var (run, output) = await Run(folder, file, "y", "1", "age", "--constraint", "dp:0.1");

        StringAssert.Contains(output, "Warning: Groups of 'age' have fewer than 30 rows: '20' (");
        Assert.IsTrue(run.GetProperty("warnings").EnumerateArray().Any(warning
            => warning.GetString()!.StartsWith("Groups of 'age' have fewer than 30 rows: ", StringComparison.Ordinal)));
        Assert.HasCount(40 * 39, run.GetProperty("duals").EnumerateObject().ToList());
        var lines = output.Split(Environment.NewLine);
        Assert.IsLessThanOrEqualTo(10, lines.Count(line => line.Contains("multiplier of ", StringComparison.Ordinal)));
        StringAssert.Matches(output, new("[0-9]+ of 1560 multipliers are 0\\."));
        StringAssert.Contains(output, "and 20 smaller groups, which --json writes.");
        Assert.IsLessThan(5, lines.Count(line => line.StartsWith("Warning: ", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task Run_RatesThatNoTwoGroupsHave_AreNotCalledKept()
    {
        using var folder = new CsvFolder();
        var file = folder.Write("t.csv", FewPositives);

        var (run, output) = await Run(folder, file, "valid", "1", "shift", "--constraint", "eo:0.1");

        Assert.AreEqual("notMeasurable", run.GetProperty("verdicts").GetProperty("model")[0].GetProperty("verdict").GetString());
        Assert.AreEqual("notMeasurable", run.GetProperty("verdicts").GetProperty("test")[0].GetProperty("verdict").GetString());
        Assert.IsFalse(run.GetProperty("feasible").GetBoolean());
        StringAssert.Contains(output, "has no positive rows in the validation data");
        StringAssert.Contains(output, "positive row, about ");
        Assert.IsFalse(output.Contains("kept  ", StringComparison.Ordinal));
    }

    [TestMethod]
    public async Task Run_SeveralSeeds_CountsTheVerdicts()
    {
        using var folder = new CsvFolder();

        var (_, output) = await Run(folder, folder.WritePeople("people.csv", rows: 300), "hired", "yes", "sex", "--constraint", "dp:0.1",
            "--seeds", "1-3");

        StringAssert.Matches(output,
            new("DemographicParity\\(sex\\) 0[.][0-9]{4} \\(bound 0[.]1; (shown|kept|missed|not measurable) in [123]"));
    }

    [TestMethod]
    public async Task Run_Confidence_SaysWhatWasShown()
    {
        using var folder = new CsvFolder();

        var (run, output) = await Run(folder, folder.WritePeople("people.csv"), "hired", "yes", "sex", "--constraint", "dp:0.9",
            "--confidence", "0.9");

        var confidence = run.GetProperty("confidence");
        Assert.AreEqual(0.9, confidence.GetProperty("level").GetDouble());
        Assert.AreEqual(63, confidence.GetProperty("safetyRows").GetInt32(), 2);
        Assert.IsTrue(confidence.GetProperty("limits")[0].GetProperty("shown").GetBoolean());
        Assert.AreEqual("shown", run.GetProperty("verdicts").GetProperty("model")[0].GetProperty("verdict").GetString());
        StringAssert.Matches(output, new("On the [0-9]+ safety rows, held out of training for this one test: DemographicParity"));
        StringAssert.Contains(output, "DemographicParity(sex) shown with 90% confidence (--confidence), its limit on new rows is 0.");
        StringAssert.Matches(output, new(@"its limit on new rows is 0\.[0-9]+, over the groups that the verdict speaks of\."));
        StringAssert.Contains(output, "rows it was made of; shown by the safety rows");
        StringAssert.Contains(output, "with 95% confidence (90% by the safety rows) new ones");
        StringAssert.Contains(output, "a fifth of the rows to train on choose the epoch or test the bounds once (safety rows).");
    }

    [TestMethod]
    public async Task Run_ConfidenceWhereNothingCanBeCompared_SaysSoInsteadOfALimit()
    {
        using var folder = new CsvFolder();

        var file = folder.Write("t.csv", FewPositives);

        var (run, output) = await Run(folder, file, "valid", "1", "shift", "--constraint", "eo:0.1", "--confidence", "0.9");

        StringAssert.Matches(output, new(@"EqualizedOdds\(shift\) not shown with 90% confidence \(--confidence\), for there are no (safety "
            + @"rows behind a rate of (early|late) \(no positive rows\)|two groups with rows to compare)"));
        Assert.DoesNotContain("its limit on new rows is", output);
        var limit = run.GetProperty("confidence").GetProperty("limits")[0];
        Assert.AreEqual(JsonValueKind.Null, limit.GetProperty("value").ValueKind);
        StringAssert.StartsWith(limit.GetProperty("whyNone").GetString(), "there are no ");
    }

    [TestMethod]
    public async Task Run_Weights_CountInEveryRate()
    {
        using var folder = new CsvFolder();
        string Table(string name, int seed)
        {
            var lines = File.ReadAllLines(folder.WritePeople(name, rows: 200, seed: seed));
            return folder.Write(name, string.Join('\n', lines.Select((line, row) => $"{line},{(row == 0 ? "w" : $"{row % 3}")}")) + "\n");
        }
        string file = Table("people.csv", 1), test = Table("test.csv", 2);

        var (run, output) = await Run(folder, file, "hired", "yes", "sex", "--test", test, "--weight", "w", "--constraint", "dp:0.2");

        var women = File.ReadAllLines(test).Skip(1).Select(line => line.Split(',')).Where(cells => cells[^4] == "Female")
            .Select(cells => (IsHired: cells[^2] == "yes", Weight: double.Parse(cells[^1]))).ToList();
        Assert.AreEqual(women.Sum(row => row.IsHired ? row.Weight : 0) / women.Sum(row => row.Weight),
            run.GetProperty("test").GetProperty("byGroup").GetProperty("Female").GetProperty("baseRate").GetDouble(), 1e-6);
        StringAssert.Contains(output, "Numeric: age, hours. Categorical: job, code, sex, city.");
    }

    [TestMethod]
    public async Task Run_MissingGroups_AreTreatedAsTheOptionSays()
    {
        using var folder = new CsvFolder();
        var file = folder.Write("t.csv", File.ReadAllText(folder.WritePeople("people.csv")).Replace(",Bonn,", ",NA,"));
        string[] arguments = ["--constraint", "dp:0.3", "--missing-groups"];

        var (excluded, _) = await Run(folder, file, "hired", "yes", "city", [.. arguments, "exclude"]);
        var (included, _) = await Run(folder, file, "hired", "yes", "city", [.. arguments, "include"]);
        var (exitCode, _, error) = await CsvFolder.Run(["--file", file, "--label", "hired", "--positive", "yes", "--group", "city",
            .. arguments, "error"]);

        bool IsBound(JsonElement run) => run.GetProperty("duals").EnumerateObject().Any(dual => dual.Name.Contains("(missing)"));
        Assert.IsFalse(IsBound(excluded));
        Assert.IsTrue(IsBound(included));
        foreach (var rows in new[] { "model", "test" })
        {
            StringAssert.EndsWith(
                excluded.GetProperty("verdicts").GetProperty(rows)[0].GetProperty("excludedGroups").EnumerateArray().Single().GetString(),
                " rows, a missing value)");
        }
        Assert.AreEqual(1, exitCode);
        StringAssert.Contains(error, "without a value in 'city'");
    }

    [TestMethod]
    public void Fold_SameWarningOfManyGroups_IsOneWithTheNames()
    {
        var folded = CsvWarnings.Fold(["P(age): group '23' has no rows in the data.", "Another.",
            "P(age): group '2$4' has no rows in the data.", "Q(age): group '23' has no rows in the data."]);

        CollectionAssert.AreEqual(new[] { "P(age): each of the groups '23', '2$4' has no rows in the data.", "Another.",
            "Q(age): group '23' has no rows in the data." }, folded.ToArray());
    }

    [TestMethod]
    [DataRow("dp:0.05", "the share of positive predictions differs between the groups of sex and race by at most 0.05")]
    [DataRow("eopp:0.1@race", "the share of positives that are predicted positive differs between the groups of race by at most 0.1")]
    [DataRow("di:0.8", "no group of sex and race has less than 0.8 times the share of positive predictions of another")]
    public void Promise_Constraint_IsInPlainWords(string text, string expected)
        => Assert.AreEqual(expected, CsvConstraint.Parse(text).Promise(["sex", "race"]));

    private static void CheckVerdict(JsonElement verdict, int least, int most)
    {
        CollectionAssert.Contains(Words, verdict.GetProperty("verdict").GetString());
        var value = verdict.GetProperty("value").GetDouble();
        Assert.IsLessThanOrEqualTo(value, verdict.GetProperty("lower").GetDouble());
        Assert.IsGreaterThanOrEqualTo(value, verdict.GetProperty("upper").GetDouble());
        Assert.IsInRange(least - 3, most + 3, verdict.GetProperty("rows").GetInt32());
        Assert.AreEqual(0, verdict.GetProperty("excludedGroups").GetArrayLength());
    }

    private static bool IsWithinBound(JsonElement verdict) => verdict.GetProperty("verdict").GetString() is "kept" or "shown";

    private static async Task<(JsonElement Run, string Output)> Run(CsvFolder folder, string file, string label, string positive,
        string group, params string[] arguments)
    {
        var json = folder.PathOf("out.json");
        var (exitCode, output, error) = await CsvFolder.Run(
            ["--file", file, "--label", label, "--positive", positive, "--group", group, "--json", json, .. arguments]);
        Assert.AreEqual(0, exitCode, error);
        using var report = JsonDocument.Parse(File.ReadAllText(json));
        return (report.RootElement.GetProperty("runs")[0].Clone(), output);
    }
}
