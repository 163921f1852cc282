namespace HumanCompatible.ML.Tests.Samples;

[TestClass]
public sealed class ReadmeTests
{
    [TestMethod]
    public void PipelineOfReadme_IsTheCompiledQuickStart()
    {
        var checkout = Checkout();
        var source = File.ReadAllLines(Path.Combine(checkout, "src", "HumanCompatible.ML.Samples", "Scenarios", "QuickStart.cs"));
        int begin = Array.FindIndex(source, line => line.Trim() == "// README: begin"),
            end = Array.FindIndex(source, line => line.Trim() == "// README: end");
        Assert.IsTrue(begin >= 0 && end > begin);
        var indentation = source[begin].Length - source[begin].TrimStart().Length;
        var compiled = source[(begin + 1)..end].Select(line => line.Length == 0 ? "" : line[indentation..]).ToList();

        var readme = File.ReadAllLines(Path.Combine(checkout, "README.md"));
        var open = Array.IndexOf(readme, "```csharp");
        var close = Array.IndexOf(readme, "```", open);
        var shown = readme[(open + 1)..close].SkipWhile(line => line.StartsWith("using ", StringComparison.Ordinal) || line.Length == 0)
            .ToList();

        CollectionAssert.AreEqual(compiled, shown);
    }

    private static string Checkout()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "HumanCompatible.ML.slnx")))
            folder = Path.GetDirectoryName(folder);
        if (folder is null)
            Assert.Inconclusive("The tests do not run inside a checkout: there is no README.md to compare with.");
        return folder;
    }
}
