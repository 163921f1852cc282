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
    [DataRow("said", "group", "dp:0.1", "is no value of the label 'true' ('no', 'yes').")]
    [DataRow("true", "group", "dp:0.1", "--prediction true: that is the label.")]
    [DataRow("group", "group", "dp:0.1", "--prediction group: that is a group column.")]
    [DataRow("other", "group", "dp:0.1", "--prediction other: ")]
    [DataRow("said", "groups", "dp:0.1", "--group groups: ")]
    [DataRow("said", "group", "loss:0.1", "--constraint loss:0.1: predictions without probabilities have no loss.")]
    public async Task Run_WhatCannotBeAudited_SaysWhy(string prediction, string group, string constraint, string expected)
    {
        using var folder = new CsvFolder();
        var file = folder.Write("scored.csv", Table.Replace("no,no,A", "no,maybe,A", StringComparison.Ordinal));

        var (exitCode, _, error) = await Run("--file", file, "--label", "true", "--positive", "yes", "--prediction", prediction,
            "--group", group, "--constraint", constraint);

        Assert.AreEqual(1, exitCode);
        StringAssert.Contains(error, expected);
    }

    private static async Task<(int ExitCode, string Output, string Error)> Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await Program.RunAsync(["audit", .. arguments], SampleOutput.Plain(output, error));
        return (exitCode, output.ToString(), error.ToString());
    }
}
