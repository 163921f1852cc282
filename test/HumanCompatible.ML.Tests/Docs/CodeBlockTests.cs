using HumanCompatible.ML.Tests.Samples;

namespace HumanCompatible.ML.Tests.Docs;

/// <summary>
/// The C# blocks of a Markdown file, one after the other, are a program: it compiles and runs beside train.csv and test.csv.
/// </summary>
[TestClass]
public sealed class CodeBlockTests
{
    public static IEnumerable<object[]> Files()
        => Checkout.Folder is { } checkout
            ? Directory.EnumerateFiles(checkout, "*.md").Concat(Directory.EnumerateFiles(Path.Combine(checkout, "docs"), "*.md"))
                .Where(path => MarkdownProgram.Read(path) is not null)
                .Select(path => new object[] { Path.GetRelativePath(checkout, path) }).OrderBy(row => (string)row[0])
            : [[""]];

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void Blocks_OfTheFile_CompileAndRun(string file)
    {
        if (file.Length == 0)
            Assert.Inconclusive("The tests do not run inside a checkout: there are no documents to read.");
        var program = MarkdownProgram.Read(Path.Combine(Checkout.Folder!, file))!;
        using var runs = new SampleRuns(trainingRows: 4_000, testRows: 2_000);

        var (exitCode, output) = program.CompileAndRun(Path.GetDirectoryName(runs.Tables.TrainingPath)!);

        Assert.AreEqual(0, exitCode, output);
    }

    [TestMethod]
    public void Files_OfTheCheckout_IncludeReadmeAndDocs()
    {
        if (Checkout.Folder is null)
            Assert.Inconclusive("The tests do not run inside a checkout: there are no documents to read.");
        var files = Files().Select(row => (string)row[0]).ToList();

        CollectionAssert.Contains(files, "README.md");
        CollectionAssert.Contains(files, Path.Combine("docs", "constraints.md"));
        CollectionAssert.Contains(files, Path.Combine("docs", "dual-optimizers.md"));
    }
}
