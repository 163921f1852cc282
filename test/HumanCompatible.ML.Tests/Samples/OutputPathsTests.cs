using HumanCompatible.ML.Samples;
using HumanCompatible.ML.Samples.Display;

namespace HumanCompatible.ML.Tests.Samples;

/// <summary>No command overwrites what it reads, writes two things to one file, or works first and fails then.</summary>
[TestClass]
public sealed class OutputPathsTests
{
    private const string People = "age,sex,hired\n1,a,yes\n2,b,no\n";

    public static IEnumerable<object[]> Outputs =>
    [
        ["csv", "--json"], ["csv", "--report"], ["csv", "--model"],
        ["experiment", "--json"], ["experiment", "--report"], ["experiment", "--model"],
        ["sweep", "--json"], ["sweep", "--report"],
        ["audit", "--report"],
    ];

    private static IEnumerable<object[]> OutputsWithTest => Outputs.Where(one => one[0] is not "audit");

    private static async Task<string> ErrorOf(string command, params string[] arguments)
    {
        string[] rest = command == "audit" ? ["--prediction", "age"] : command == "csv" ? [] : ["--constraint", "dp:0.1"];
        var (exitCode, output, error) = await CsvFolder.RunCommand(command,
            ["--label", "hired", "--positive", "yes", "--group", "sex", .. rest, .. arguments]);
        Assert.AreEqual((1, ""), (exitCode, output));
        return error;
    }

    [TestMethod]
    [DynamicData(nameof(Outputs))]
    public async Task Run_AnOutputThatIsTheTable_IsRefusedAndTheTableStays(string command, string option)
    {
        using var folder = new CsvFolder();
        var table = folder.Write("people.csv", People);
        var other = folder.PathOf("../" + Path.GetFileName(Path.GetDirectoryName(table)!) + "/people.csv");

        Assert.AreEqual($"Error: {option} {other}: that is the table itself.{Environment.NewLine}",
            await ErrorOf(command, "--file", table, option, other));
        Assert.AreEqual(People, File.ReadAllText(table));
    }

    [TestMethod]
    [DynamicData(nameof(OutputsWithTest))]
    public async Task Run_AnOutputThatIsTheTestTable_IsRefusedAndTheTableStays(string command, string option)
    {
        using var folder = new CsvFolder();
        string table = folder.Write("people.csv", People), test = folder.Write("test.csv", People + "3,a,no\n");

        Assert.AreEqual($"Error: {option} {test}: that is the table of --test.{Environment.NewLine}",
            await ErrorOf(command, "--file", table, "--test", test, option, test));
        Assert.AreEqual(People + "3,a,no\n", File.ReadAllText(test));
    }

    [TestMethod]
    [DynamicData(nameof(Outputs))]
    public async Task Run_AnOutputThatIsTheTableByAnotherName_IsRefused(string command, string option)
    {
        using var folder = new CsvFolder();
        string table = folder.Write("people.csv", People), link = folder.Write("other.html", People);

        Assert.AreEqual($"Error: {option} {link}: that is the table itself.{Environment.NewLine}",
            await ErrorOf(command, "--file", table, option, link));
        Assert.AreEqual(People, File.ReadAllText(link));
    }

    [TestMethod]
    [DataRow("csv")]
    [DataRow("experiment")]
    [DataRow("sweep")]
    public async Task Run_ATestTableThatIsTheTableOrACopyOfIt_IsRefused(string command)
    {
        using var folder = new CsvFolder();
        string table = folder.Write("people.csv", People), copy = folder.Write("copy.csv", People);

        foreach (var test in new[] { table, copy })
        {
            Assert.AreEqual($"Error: {test}: the table of --test is the table itself, or a copy of it. Rows that a model was made of do "
                + $"not test it.{Environment.NewLine}", await ErrorOf(command, "--file", table, "--test", test));
        }
    }

    [TestMethod]
    [DataRow("--json")]
    [DataRow("--report")]
    [DataRow("--model")]
    public async Task Run_AnOutputInTheCache_IsRefused(string option)
    {
        using var folder = new CsvFolder();
        string table = folder.Write("people.csv", People), runs = folder.Write("runs.jsonl", "kept");
        var cache = Path.GetDirectoryName(runs)!;

        Assert.AreEqual($"Error: {option} {runs}: the folder of --cache keeps the runs, and nothing else.{Environment.NewLine}",
            await ErrorOf("experiment", "--file", table, "--cache", cache, option, runs));
        Assert.AreEqual("kept", File.ReadAllText(runs));
    }

    [TestMethod]
    [DynamicData(nameof(Outputs))]
    public async Task Run_AnEmptyPath_IsRefused(string command, string option)
    {
        using var folder = new CsvFolder();
        var table = folder.Write("people.csv", People);

        foreach (var path in new[] { "", "  " })
        {
            Assert.AreEqual($"Error: {option}: the path is empty.{Environment.NewLine}",
                await ErrorOf(command, "--file", table, option, path));
        }

        Assert.AreEqual($"Error: The path of the table is empty.{Environment.NewLine}", await ErrorOf(command, "--file", ""));
    }

    [TestMethod]
    [DataRow("csv", "--json", "--model")]
    [DataRow("csv", "--report", "--model")]
    [DataRow("csv", "--json", "--report")]
    [DataRow("experiment", "--json", "--report")]
    [DataRow("experiment", "--report", "--model")]
    public async Task Run_TwoOutputsOnOnePath_AreRefused(string command, string first, string second)
    {
        using var folder = new CsvFolder();
        var path = folder.PathOf("out");

        Assert.AreEqual($"Error: {second} {path}: that is the file of {first}.{Environment.NewLine}",
            await ErrorOf(command, "--file", folder.Write("people.csv", People), second, path, first, path));
        Assert.IsFalse(File.Exists(path), "a check leaves nothing behind");
    }

    [TestMethod]
    public void Check_ALinkToAnInput_IsTheInput()
    {
        using var folder = new CsvFolder();
        string table = folder.Write("people.csv", People), link = folder.PathOf("link"), linkedFolder = folder.PathOf("folder");
        File.CreateSymbolicLink(link, table);
        Directory.CreateSymbolicLink(linkedFolder, Path.GetDirectoryName(table)!);

        foreach (var path in new[] { link, Path.Combine(linkedFolder, "people.csv") })
        {
            Assert.AreEqual($"--json {path}: that is the table itself.", Assert.ThrowsExactly<SampleInputException>(
                () => OutputPaths.Check([(table, "the table itself")], ("--json", path))).Message);
        }
    }

    [TestMethod]
    public void Check_WhereNoFileCanBe_SaysSo()
    {
        if (!Directory.Exists("/proc/self"))
        {
            Assert.Inconclusive("There is no folder here in which even root can write no file.");
            return;
        }

        Assert.AreEqual("--report /proc/x.html: there no file can be written.", Assert.ThrowsExactly<SampleInputException>(
            () => OutputPaths.Check([], ("--report", "/proc/x.html"))).Message);
    }

    [TestMethod]
    public void Check_AFileThatIsThere_StaysAsItIs()
    {
        using var folder = new CsvFolder();
        var path = folder.Write("out.json", "what was there before");

        OutputPaths.Check([], ("--json", path), ("--model", null));

        Assert.AreEqual("what was there before", File.ReadAllText(path));
    }
}
