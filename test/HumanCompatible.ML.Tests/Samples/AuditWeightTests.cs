namespace HumanCompatible.ML.Tests.Samples;

/// <summary>The weights of the audit command.</summary>
[TestClass]
public sealed class AuditWeightTests
{
    // Of A two rows of three are predicted positive, of B one; those of weight 3 are the second of A and the first of B.
    private const string Table = "true,said,group,score,w\nyes,yes,A,0.9,1\nno,yes,A,0.8,3\nno,no,A,0.1,1\n"
        + "yes,yes,B,0.9,3\nno,no,B,0.2,1\nyes,no,B,0.3,1\n";

    [TestMethod]
    [DataRow()]
    [DataRow("--score", "score")]
    public async Task Run_Weights_WeighEveryRate(params string[] score)
    {
        var (exitCode, output, error) = await Run(Table, ["--weight", "w", .. score]);

        Assert.AreEqual(0, exitCode, error);
        Assert.MatchesRegex(@"(?m)^A +3 +0\.2000 +0\.8000 ", output);
        Assert.MatchesRegex(@"(?m)^B +3 +0\.8000 +0\.6000 ", output);
    }

    [TestMethod]
    [DataRow("--weight w: '-1' (on line 2) is below 0.", "w", "yes,yes,A,0.9,-1")]
    [DataRow("FILE, line 2, column 'w': '' is no number.", "w", "yes,yes,A,0.9,")]
    [DataRow("--weight score: --score names it, too.", "score", "yes,yes,A,0.9,1")]
    [DataRow("--weight said: --prediction names it, too.", "said", "yes,yes,A,0.9,1")]
    [DataRow("--weight group: --group names it, too.", "group", "yes,yes,A,0.9,1")]
    [DataRow("--weight true: that is the label.", "true", "yes,yes,A,0.9,1")]
    public async Task Run_UnusableWeights_SaysWhy(string expected, string column, string first)
    {
        var (exitCode, _, error) = await Run(Table.Replace("yes,yes,A,0.9,1", first, StringComparison.Ordinal),
            ["--weight", column, "--score", "score"]);

        Assert.AreEqual(1, exitCode);
        Assert.AreEqual($"Error: {expected}", error.TrimEnd());
    }

    private static async Task<(int ExitCode, string Output, string Error)> Run(string table, string[] options)
    {
        using var folder = new CsvFolder();
        var file = folder.Write("scored.csv", table);
        var (exitCode, output, error) = await CsvFolder.RunCommand("audit", ["--file", file, "--label", "true", "--positive", "yes",
            "--prediction", "said", "--group", "group", .. options]);
        return (exitCode, output, error.Replace(file, "FILE", StringComparison.Ordinal));
    }
}
