using HumanCompatible.ML.Samples;
using HumanCompatible.ML.Samples.Display;

namespace HumanCompatible.ML.Tests.Samples;

[TestClass]
public sealed class ProgramTests
{
    [TestMethod]
    [DataRow("--bound must be a number from 0 to 1, got 1.5.", "demo", "--bound", "1.5")]
    [DataRow("--bound must be a number from 0 to 1, got -0.1.", "demo", "--bound", "-0.1")]
    [DataRow("--bound must be a number with a point before its fraction, such as 0.05, got NaN.", "demo", "--bound", "NaN")]
    [DataRow("--bound must be a number with a point before its fraction, such as 0.05, got 0,05.", "demo", "--bound", "0,05")]
    [DataRow("--epochs must be a whole number without signs between thousands, such as 1000, got 1,000.", "demo", "--epochs", "1,000")]
    [DataRow("--seed must be a whole number without signs between thousands, such as 1000, got 1.0.", "demo", "--seed", "1.0")]
    [DataRow("--epochs must be at least 1, got 0.", "demo", "--epochs", "0")]
    [DataRow("Argument 'gini' not recognized. Must be one of:", "demo", "--constraint", "gini")]
    [DataRow("Argument 'age' not recognized. Must be one of:", "demo", "--group", "age")]
    [DataRow("Argument 'nothing' not recognized. Must be one of:", "scenarios", "run", "nothing")]
    [DataRow("Unrecognized command or argument '--colour'.", "demo", "--colour")]
    public async Task Run_BadArgument_SaysWhichAndExitsWithOne(string expected, params string[] arguments)
    {
        var (exitCode, output, error) = await Run(arguments);

        Assert.AreEqual(1, exitCode, output);
        StringAssert.Contains(error, expected);
        StringAssert.EndsWith(error, $"{string.Join(' ', arguments.TakeWhile(word => word is "demo" or "scenarios" or "run"))} --help says "
            + $"what there is.{Environment.NewLine}");
        Assert.IsLessThan(1200, error.Length, "not the whole help");
        Assert.AreEqual("", output);
    }

    [TestMethod]
    [DataRow("--out", "")]
    [DataRow("--report", "")]
    [DataRow("--report", " ")]
    public async Task Run_AnEmptyPath_SaysSoBeforeTraining(string option, string path)
    {
        var (exitCode, output, error) = await Run("demo", option, path);

        Assert.AreEqual((1, ""), (exitCode, output));
        Assert.AreEqual($"Error: {option}: the path is empty.{Environment.NewLine}", error);
    }

    [TestMethod]
    public async Task Run_MissingDataFolder_SaysSoAndExitsWithOne()
    {
        var (exitCode, _, error) = await Run("demo", "--data", "no-such-folder");

        Assert.AreEqual(1, exitCode);
        Assert.AreEqual("Error: --data no-such-folder: there is no such folder." + Environment.NewLine, error);
    }

    [TestMethod]
    public async Task Run_ModelCannotBeSaved_SaysSoBeforeTraining()
    {
        string folder = Path.Combine(Path.GetTempPath(), "no-such-folder-" + Guid.NewGuid()), path = Path.Combine(folder, "model.zip");

        var (exitCode, output, error) = await Run("demo", "--out", path);

        Assert.AreEqual(1, exitCode);
        Assert.AreEqual("", output);
        Assert.AreEqual($"Error: --out {path}: there is no folder {folder}." + Environment.NewLine, error);
    }

    [TestMethod]
    public async Task Run_ScenariosList_NamesThem()
    {
        var (exitCode, output, error) = await Run("scenarios", "list");

        Assert.AreEqual(0, exitCode, error);
        StringAssert.Contains(output, "save-and-load");
        StringAssert.Contains(output, "cross-validation");
    }

    [TestMethod]
    public async Task Run_DemoHelp_NamesEveryOption()
    {
        var (exitCode, output, _) = await Run("demo", "--help");

        Assert.AreEqual(0, exitCode);
        foreach (var option in new[] { "--data", "--constraint", "--group", "--bound", "--epochs", "--seed", "--out", "--report" })
            StringAssert.Contains(output, option);
    }

    [TestMethod]
    [DataRow("csv")]
    [DataRow("audit")]
    [DataRow("experiment")]
    [DataRow("sweep")]
    public async Task Run_HelpOfATable_NamesTheEncodingsThatAreRead(string command)
    {
        var (exitCode, output, _) = await Run(command, "--help");

        Assert.AreEqual(0, exitCode);
        StringAssert.Contains(string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)),
            "text in UTF-8, or in UTF-16 with a byte order mark");
    }

    private static async Task<(int ExitCode, string Output, string Error)> Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await Program.RunAsync(arguments, SampleOutput.Plain(output, error));
        return (exitCode, output.ToString(), error.ToString());
    }
}
