using System.Globalization;
using HumanCompatible.ML.Samples;
using HumanCompatible.ML.Samples.Display;

namespace HumanCompatible.ML.Tests.Samples;

[TestClass]
public sealed class AuditCommandTests
{
    // 300 rows a group; of A, 200 are predicted positive, of B, 100.
    private static readonly string Table = "true,said,group\n" + string.Concat(Enumerable.Range(0, 600).Select(row => string.Create(
        CultureInfo.InvariantCulture,
        $"{(row % 2 == 0 ? "yes" : "no")},{(row % 3 < (row < 300 ? 2 : 1) ? "yes" : "no")},{(row < 300 ? "A" : "B")}\n")));

    [TestMethod]
    public async Task Run_PredictionsInATable_AuditsAndJudgesThem()
    {
        using var folder = new CsvFolder();

        var (exitCode, output, error) = await Run("--file", folder.Write("scored.csv", Table), "--label", "true", "--positive", "yes",
            "--prediction", "said", "--group", "group", "--constraint", "dp:0.1", "--constraint", "eopp:0.9");

        Assert.AreEqual(0, exitCode, error);
        Assert.MatchesRegex(@"(?m)^A +300 +0\.5000 +0\.6667 ", output);
        Assert.MatchesRegex(@"(?m)^B +300 +0\.5000 +0\.3333 ", output);
        Assert.MatchesRegex(@"DemographicParity\(group\): 0\.3333 \[.*\] on 600 rows, bound 0\.1000: missed", output);
        Assert.MatchesRegex(@"EqualOpportunity\(group\): 0\.3333 \[.*\] on 300 rows, bound 0\.9000: shown", output);
    }

    [TestMethod]
    public async Task Run_ScoresAndAReport_WritesThePage()
    {
        using var folder = new CsvFolder();
        var lines = Table.TrimEnd().Split('\n');
        var scored = string.Join('\n', [lines[0] + ",score", .. lines.Skip(1).Select(line
            => line + (line.Split(',')[1] == "yes" ? ",0.75" : ",0.25"))]);
        var report = folder.Write("report.html", "what was there before");

        var (exitCode, output, error) = await Run("--file", folder.Write("scored.csv", scored), "--label", "true", "--positive", "yes",
            "--prediction", "said", "--score", "score", "--group", "group", "--constraint", "dp:0.1", "--report", report);

        Assert.AreEqual(0, exitCode, error);
        StringAssert.Contains(output, $"Wrote {report}.");
        var page = await File.ReadAllTextAsync(report);
        Assert.DoesNotContain("what was there before", page);
        StringAssert.Contains(page, "Missed by 23.33 points");
        StringAssert.Contains(page, "calibration");
        StringAssert.Contains(page, "scored.csv");
    }

    [TestMethod]
    public async Task Run_AScoreThatIsNoNumber_SaysWhich()
    {
        using var folder = new CsvFolder();

        var (exitCode, _, error) = await Run("--file", folder.Write("scored.csv", "true,said,group,note\nyes,yes,A,high\nno,no,B,0.5\n"),
            "--label", "true", "--positive", "yes", "--prediction", "said", "--score", "note", "--group", "group");

        Assert.AreEqual(1, exitCode);
        StringAssert.Contains(error, "scored.csv, line 2, column 'note': 'high' is no number.");
    }

    [TestMethod]
    public async Task Run_AReportInNoFolder_SaysSoFirst()
    {
        using var folder = new CsvFolder();

        var (exitCode, output, error) = await Run("--file", folder.Write("scored.csv", Table), "--label", "true", "--positive", "yes",
            "--prediction", "said", "--group", "group", "--report", folder.Write("x.csv", "") + "/report.html");

        Assert.AreEqual(1, exitCode);
        StringAssert.Contains(error, "--report ");
        Assert.AreEqual("", output);
    }

    [TestMethod]
    [DataRow("said", "group", "dp:0.1", "scored.csv, line 3, column 'said': 'maybe' is no value of the label 'true' ('no', 'yes').")]
    [DataRow("true", "group", "dp:0.1", "--prediction true: that is the label.")]
    [DataRow("group", "group", "dp:0.1", "--prediction group: that is a group column.")]
    [DataRow("other", "group", "dp:0.1", "--prediction other: ")]
    [DataRow("said", "groups", "dp:0.1", "--group groups: ")]
    [DataRow("said", "group", "loss:0.1", "--constraint loss:0.1: the log loss is that of probabilities, which --score names.")]
    public async Task Run_WhatCannotBeAudited_SaysWhy(string prediction, string group, string constraint, string expected)
    {
        using var folder = new CsvFolder();
        var file = folder.Write("scored.csv", Table.Replace("no,yes,A", "no,maybe,A", StringComparison.Ordinal));

        var (exitCode, _, error) = await Run("--file", file, "--label", "true", "--positive", "yes", "--prediction", prediction,
            "--group", group, "--constraint", constraint);

        Assert.AreEqual(1, exitCode);
        StringAssert.Contains(error, expected);
    }

    [TestMethod]
    public async Task Run_ScoresThatArePartlyNoProbabilities_SaysWhereWhenALossIsAskedFor()
    {
        using var folder = new CsvFolder();
        var file = folder.Write("scored.csv", "true,said,group,p\nyes,yes,A,0.5\nno,no,B,3.5\nno,yes,A,1\nyes,no,B,0\n");
        string[] arguments = ["--file", file, "--label", "true", "--positive", "yes", "--prediction", "said", "--group", "group",
            "--score", "p"];

        Assert.AreEqual($"Error: --constraint loss:0.1: the log loss is that of probabilities from 0 to 1, and line 3 of {file} has 3.5 in "
            + $"column 'p'.{Environment.NewLine}", (await Run([.. arguments, "--constraint", "loss:0.1"])).Error);
        Assert.AreEqual(0, (await Run(arguments)).ExitCode);
    }

    [TestMethod]
    public async Task Run_DecisionsThatTheScoreContradicts_AreNotSaidToFollowFromIt()
    {
        using var folder = new CsvFolder();
        var report = folder.PathOf("report.html");
        string[] arguments = ["--label", "true", "--positive", "yes", "--prediction", "said", "--group", "group", "--score", "chance",
            "--report", report];
        string TableOf(double low, double high) => "true,said,group,chance\n" + string.Concat(Enumerable.Range(0, 200).Select(row
            => string.Create(CultureInfo.InvariantCulture, $"{(row % 3 == 0 ? "yes" : "no")},{(row % 2 == 0 ? "yes" : "no")},"
                + $"{(row % 5 == 0 ? "A" : "B")},{(row == 0 ? low : row % 2 == 0 ? 0.9 : row == 1 ? high : 0.2)}\n")));

        var (_, agreeing, _) = await Run(["--file", folder.Write("a.csv", TableOf(0.7, 0.65)), .. arguments]);
        var agreeingPage = await File.ReadAllTextAsync(report);
        var (_, contrary, _) = await Run(["--file", folder.Write("b.csv", TableOf(0.65, 0.7)), .. arguments]);
        var contraryPage = await File.ReadAllTextAsync(report);

        StringAssert.Contains(agreeing, "The predictions agree with the threshold 0.675 of 'chance'.");
        StringAssert.Contains(agreeingPage, "agree with the threshold 0.675");
        Assert.DoesNotContain("agree", contrary);
        StringAssert.Contains(contrary, "Warning: No threshold of column 'chance' gives these predictions: it goes down to 0.65 where the "
            + "prediction is positive, and up to 0.7 where it is negative.");
        Assert.DoesNotContain("agree with the threshold", contraryPage);
        foreach (var page in new[] { agreeingPage, contraryPage })
        {
            StringAssert.Contains(page, "column chance");
            Assert.DoesNotContain("Probability</", page);
        }
    }

    [TestMethod]
    public async Task Run_LabelsOfOneKind_AreAudited()
    {
        using var folder = new CsvFolder();
        var file = folder.Write("scored.csv", "true,said,group\nyes,yes,A\nyes,no,B\nyes,yes,A\nyes,no,B\n");

        var (exitCode, output, error) = await Run("--file", file, "--label", "true", "--positive", "yes", "--prediction", "yes said",
            "--group", "group");
        var (exitCodeOfOther, outputOfOther, _) = await Run("--file", file, "--label", "true", "--positive", "no", "--prediction", "said",
            "--group", "group");

        Assert.AreEqual(1, exitCode, output);
        StringAssert.Contains(error, "--prediction yes said: ");
        Assert.AreEqual(0, exitCodeOfOther);
        StringAssert.Contains(outputOfOther,
            "TPR: not defined in 'A' (no positive rows), 'B' (no positive rows); there is nothing to compare.");
    }

    [TestMethod]
    [DataRow("y,p,g\n0,1,A\n0,0,A\n0,1,B\n0,0,B\n", "all labels are negative: none is '1', which only predictions are.", true)]
    [DataRow("y,p,g\n1,1,A\n1.0,0,A\n0,1.0,B\n0.0,0,B\n", "the label has", false)]
    public async Task Run_LabelsOfOneValueOrInTwoForms_SaysWhatTheyAre(string table, string note, bool isSaid)
    {
        using var folder = new CsvFolder();

        var (exitCode, output, error) = await Run("--file", folder.Write("scored.csv", table), "--label", "y", "--positive", "1",
            "--prediction", "p", "--group", "g");

        Assert.AreEqual(0, exitCode, error);
        Assert.AreEqual(isSaid, output.Contains(note, StringComparison.Ordinal), output);
    }

    [TestMethod]
    public async Task Run_LabelsThatAreAllPositive_MeasuresWhatIsDefinedAndNamesWhatIsNot()
    {
        using var folder = new CsvFolder();
        var file = folder.Write("scored.csv", Table.Replace("\nno,", "\nyes,", StringComparison.Ordinal));

        var (exitCode, output, error) = await Run("--file", file, "--label", "true", "--positive", "yes", "--prediction", "said",
            "--group", "group", "--constraint", "dp:0.1", "--constraint", "fpr:0.1");

        Assert.AreEqual(0, exitCode, error);
        StringAssert.Contains(output, $"{file}: all labels are positive; the prediction 'no' counts as negative.");
        Assert.MatchesRegex(@"(?m)^A +300 +1\.0000 +0\.6667 +0\.6667 +- ", output);
        StringAssert.Contains(output, "FPR: not defined in 'A' (no negative rows), 'B' (no negative rows); there is nothing to compare.");
        Assert.MatchesRegex(@"DemographicParity\(group\): 0\.3333 \[.*\] on 600 rows, bound 0\.1000: missed", output);
        Assert.MatchesRegex(@"PredictiveEquality\(group\): not defined, bound 0\.1000: not measurable", output);
    }

    [TestMethod]
    public async Task Run_LabelsThatAreAllPositiveAndTwoOtherPredictions_IsAnError()
    {
        using var folder = new CsvFolder();
        var file = folder.Write("scored.csv", "true,said,group\nyes,yes,A\nyes,no,B\nyes,nein,A\nyes,no,B\n");

        var (exitCode, _, error) = await Run("--file", file, "--label", "true", "--positive", "yes", "--prediction", "said", "--group",
            "group");

        Assert.AreEqual(1, exitCode);
        StringAssert.Contains(error, "line 3, column 'said': 'no' is no value of the label 'true' ('yes').");
    }

    [TestMethod]
    public async Task Run_MissingPredictionsAndScores_AreCountedAndLeftOut()
    {
        using var folder = new CsvFolder();
        var lines = Table.TrimEnd().Split('\n');
        var scored = string.Join('\n', [lines[0] + ",score", .. lines.Skip(1).Select((line, row)
            => (row is 1 or 2 ? line.Replace(",yes,", ",,", StringComparison.Ordinal).Replace(",no,", ",NA,", StringComparison.Ordinal)
                : line) + (row is 7 or 301 ? ",-" : ",0.5"))]);
        var file = folder.Write("scored.csv", scored);

        var (exitCode, output, error) = await Run("--file", file, "--label", "true", "--positive", "yes", "--prediction", "said",
            "--score", "score", "--group", "group");

        Assert.AreEqual(0, exitCode, error);
        StringAssert.Contains(output, $"{file}: left out without a prediction: 2 rows of 600 ('NA', 1 empty; --not-missing takes such a "
            + "text for a value).");
        StringAssert.Contains(output, $"{file}: left out without a score: 2 rows of 598 ('-'; --not-missing takes such a "
            + "text for a value).");
        Assert.MatchesRegex(@"(?m)^A +297 ", output);
        Assert.MatchesRegex(@"(?m)^B +299 ", output);
    }

    [TestMethod]
    public async Task Run_NoPredictionAtAll_SaysThatNoRowIsLeft()
    {
        using var folder = new CsvFolder();
        var file = folder.Write("scored.csv", "true,said,group\nyes,,A\nno,,B\n");

        var (exitCode, _, error) = await Run("--file", file, "--label", "true", "--positive", "yes", "--prediction", "said", "--group",
            "group");

        Assert.AreEqual(1, exitCode);
        Assert.AreEqual($"Error: {file}: no row is left to audit.{Environment.NewLine}", error);
    }

    [TestMethod]
    public async Task Run_GroupsThatAVerdictLeavesOut_AreMarkedWithTheReason()
    {
        using var folder = new CsvFolder();
        var file = folder.Write("scored.csv", Table + "yes,yes,C\nno,no,C\n");
        string[] arguments = ["--label", "true", "--positive", "yes", "--prediction", "said", "--group", "group", "--constraint",
            "dp:0.5"];

        var (_, output, _) = await Run(["--file", file, .. arguments]);
        var (_, allLarge, _) = await Run(["--file", folder.Write("large.csv", Table), .. arguments]);

        StringAssert.Contains(output, "The tables above are over all groups, the verdicts over those that are large enough to tell:");
        Assert.MatchesRegex(@"(?m)^ *A +300 +yes", output);
        Assert.MatchesRegex(@"(?m)^ *C +2 +no: 2 rows, about [0-9]+ needed", output);
        Assert.DoesNotContain("The tables above", allLarge);
    }

    [TestMethod]
    public async Task Run_MissingTextsThatOccurNowhereOrContradict_AreTold()
    {
        using var folder = new CsvFolder();
        string[] arguments = ["--file", folder.Write("scored.csv", Table), "--label", "true", "--positive", "yes", "--prediction",
            "said", "--group", "group"];

        var (exitCode, output, _) = await Run([.. arguments, "--missing", "unknown", "--not-missing", "NA"]);
        var (exitCodeOfBoth, _, error) = await Run([.. arguments, "--missing", "unknown,na", "--not-missing", "NA"]);

        Assert.AreEqual(0, exitCode);
        Assert.MatchesRegex(@"Warning: --missing 'unknown': no cell of .*scored\.csv is that text\.", output);
        Assert.MatchesRegex(@"Warning: --not-missing 'NA': no cell of .*scored\.csv is that text\.", output);
        Assert.AreEqual(1, exitCodeOfBoth);
        Assert.AreEqual($"Error: --missing na: --not-missing names it, too.{Environment.NewLine}", error);
    }

    [TestMethod]
    [DataRow("A", "FILE: all rows to audit are of the group 'A' of 'group': there is nothing to compare.")]
    [DataRow("", "FILE: no row to audit has a value in 'group': there is nothing to compare.")]
    public async Task Run_OneGroup_IsNotCalledTraining(string group, string expected)
    {
        using var folder = new CsvFolder();
        var file = folder.Write("scored.csv", $"true,said,group\nyes,yes,{group}\nno,no,{group}\n");

        var (exitCode, _, error) = await Run("--file", file, "--label", "true", "--positive", "yes", "--prediction", "said", "--group",
            "group");

        Assert.AreEqual(1, exitCode);
        Assert.AreEqual("Error: " + expected.Replace("FILE", file, StringComparison.Ordinal) + Environment.NewLine, error);
    }

    [TestMethod]
    public async Task Run_RowsWithoutAGroup_NamesTheOption()
    {
        using var folder = new CsvFolder();
        var file = folder.Write("scored.csv", Table + "yes,no,\n");
        string[] arguments = ["--file", file, "--label", "true", "--positive", "yes", "--prediction", "said", "--group", "group"];

        var (_, output, _) = await Run(arguments);
        var (_, included, _) = await Run([.. arguments, "--include-missing"]);

        StringAssert.Contains(output, "leave out 1 row(s) without a value in 'group'.");
        StringAssert.Contains(output, "--include-missing compares them, too.");
        Assert.DoesNotContain("GroupPolicy", output);
        Assert.DoesNotContain("--include-missing", included);
    }

    [TestMethod]
    public async Task Run_TextsThatLookMissing_AreNamedAndReadAsTheOptionsSay()
    {
        using var folder = new CsvFolder();
        var file = folder.Write("scored.csv", Table.Replace(",B\n", ",NA\n", StringComparison.Ordinal) + "yes,no,unknown\nNA,no,A\n");
        string[] arguments = ["--file", file, "--label", "true", "--positive", "yes", "--prediction", "said", "--group", "group"];

        var (exitCode, _, error) = await Run([.. arguments, "--include-missing"]);
        var (_, asValue, _) = await Run([.. arguments, "--not-missing", "NA", "--where", "true=yes|no"]);
        var (_, asMissing, _) = await Run([.. arguments, "--not-missing", "NA", "--missing", "unknown", "--where", "true=yes|no"]);
        var (_, twoGroups, _) = await Run([.. arguments, "--include-missing"]);

        Assert.AreEqual(0, exitCode, error);
        StringAssert.Contains(twoGroups, $"{file}: left out without a label: 1 row of 602 ('NA'; --not-missing takes such a text for a "
            + "value).");
        StringAssert.Contains(twoGroups,
            "Column 'group': 300 of its 601 cells are missing ('NA'; --not-missing takes such a text for a value).");
        Assert.MatchesRegex(@"(?m)^NA +300 ", asValue);
        Assert.MatchesRegex(@"(?m)^unknown +1 ", asValue);
        Assert.DoesNotContain("are missing", asValue);
        StringAssert.Contains(asMissing, "1 of its 601 cells are missing ('unknown'; ");
    }

    [TestMethod]
    public async Task Run_NoHeaderAndAnotherSeparator_AreReadAsTheOptionsSay()
    {
        using var folder = new CsvFolder();
        var file = folder.Write("scored.csv", string.Join('\n', Table.Split('\n').Skip(1)).Replace(',', '/'));

        var (exitCode, output, error) = await Run("--file", file, "--label", "true", "--positive", "yes", "--prediction", "said",
            "--group", "group", "--columns", "true,said,group", "--separator", "/");

        Assert.AreEqual(0, exitCode, error);
        Assert.MatchesRegex(@"(?m)^B +300 +0\.5000 +0\.3333 ", output);
    }

    [TestMethod]
    public async Task Run_FullStopsAfterLabelsAndPredictions_AreNotRead()
    {
        using var folder = new CsvFolder();
        string[] arguments = ["--label", "true", "--positive", "yes", "--prediction", "said", "--group", "group"];
        var both = Table.Replace("yes", "yes.", StringComparison.Ordinal).Replace("no", "no.", StringComparison.Ordinal);
        var labels = string.Join('\n', Table.TrimEnd().Split('\n').Select((line, row)
            => row == 0 ? line : string.Join(',', line.Split(',').Select((cell, column) => column == 0 ? cell + "." : cell))));

        foreach (var table in new[] { both, labels })
        {
            var (exitCode, output, error) = await Run(["--file", folder.Write("scored.csv", table), .. arguments]);

            Assert.AreEqual(0, exitCode, error);
            Assert.MatchesRegex(@"(?m)^A +300 +0\.5000 +0\.6667 ", output);
            StringAssert.Contains(output, "every label ends with a full stop, which is not read.");
        }
    }

    [TestMethod]
    public async Task Run_HostileNames_ReachTheConsoleShortAndSafe()
    {
        using var folder = new CsvFolder();
        string[] names = [new string('x', 5000), "abc\u202Edef", "bell\a\u001B[31m", "(all)", "max - min"];
        var file = folder.Write("scored.csv", "true,said,group\n" + string.Concat(Enumerable.Range(0, 500).Select(row
            => $"{(row % 3 == 0 ? "yes" : "no")},{(row % 2 == 0 ? "yes" : "no")},{names[row % 5]}\n")));

        var (exitCode, output, error) = await Run("--file", file, "--label", "true", "--positive", "yes", "--prediction", "said",
            "--group", "group", "--constraint", "dp:0.001");

        Assert.AreEqual(0, exitCode, error);
        Assert.IsFalse(output.Any(sign => sign is '\u202E' or '\a' or '\u001B'), output);
        Assert.IsLessThan(400, output.Split('\n').Max(line => line.Length));
        Assert.MatchesRegex(@"(?m)^'\(all\)' +100 ", output);
        Assert.MatchesRegex(@"(?m)^'max - min' +100 ", output);
        Assert.MatchesRegex(@"(?m)^\(all\) +500 ", output);
        StringAssert.Contains(output, new string('x', 59) + "…");
        StringAssert.Contains(output, "abc\uFFFDdef");
    }

    [TestMethod]
    public async Task Run_AHostileCell_ReachesTheErrorSafe()
    {
        using var folder = new CsvFolder();
        var file = folder.Write("scored.csv", "true,said,group\nyes,a\u202Eb\u001B[31m,A\nno,no,B\n");

        var (_, _, error) = await Run("--file", file, "--label", "true", "--positive", "yes", "--prediction", "said", "--group", "group");

        Assert.AreEqual($"Error: {file}, line 2, column 'said': 'a\uFFFDb\uFFFD[31m' is no value of the label 'true' ('no', 'yes').",
            error.TrimEnd());
    }

    private static async Task<(int ExitCode, string Output, string Error)> Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await Program.RunAsync(["audit", .. arguments], SampleOutput.Plain(output, error));
        return (exitCode, output.ToString(), error.ToString());
    }
}
