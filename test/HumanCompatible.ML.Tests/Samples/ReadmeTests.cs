using HumanCompatible.ML.Tests.Docs;

namespace HumanCompatible.ML.Tests.Samples;

[TestClass]
public sealed class ReadmeTests
{
    [TestMethod]
    public void PipelineOfReadme_IsTheCompiledQuickStart()
    {
        var checkout = Checkout.Folder;
        if (checkout is null)
            Assert.Inconclusive("The tests do not run inside a checkout: there is no README.md to compare with.");
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
}
