using System.Reflection;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Tests.Docs;
using NetArchTest.Rules;

namespace HumanCompatible.ML.Tests;

/// <summary>A folder is an idea, and arrows between folders point one way: from a folder to those that stand before it here.</summary>
[TestClass]
public sealed class ArchitectureTests
{
    private const string Root = "HumanCompatible.ML.";

    // The mathematics first; ML.NET enters with Data, MLNet and what stands after them.
    private static readonly (string Folder, string[] Uses)[] Folders =
    [
        ("Torch", []),
        ("Collectives", []),
        ("Metrics", []),
        ("Groups", ["Metrics"]),
        ("Duals", ["Torch"]),
        ("Features", ["Collectives", "Groups", "Metrics"]),
        ("Constraints", ["Groups", "Metrics", "Torch"]),
        ("Confidence", ["Constraints", "Features", "Groups", "Metrics"]),
        ("Networks", ["Features", "Torch"]),
        ("Training", ["Collectives", "Confidence", "Constraints", "Duals", "Features", "Groups", "Metrics", "Networks",
            "Torch"]),
        ("Data", ["Collectives", "Confidence", "Constraints", "Features", "Groups", "Metrics"]),
        ("Persistence", ["Confidence", "Constraints", "Duals", "Features", "Groups", "Metrics", "Networks", "Training"]),
        ("MLNet", ["Metrics", "Training"]),
        ("Scoring", ["Constraints", "Duals", "Features", "MLNet", "Networks", "Persistence", "Torch", "Training"]),
        ("Auditing", ["Confidence", "Constraints", "Data", "Groups", "Metrics", "Scoring", "Training"]),
        ("Reporting", ["Auditing", "Confidence", "Constraints", "Data", "Groups", "Metrics", "Scoring", "Training"]),
        ("Trainers", ["Collectives", "Confidence", "Constraints", "Data", "Duals", "Features", "Groups", "MLNet", "Metrics", "Networks",
            "Persistence",
            "Scoring", "Torch", "Training"]),
        ("Experiments", ["Auditing", "Confidence", "Constraints", "Data", "Duals", "Features", "Groups", "MLNet", "Metrics", "Networks",
            "Reporting", "Scoring", "Torch", "Trainers", "Training"]),
    ];

    private static readonly string[] KnowNoMLNet =
    [
        "Torch", "Collectives", "Metrics", "Groups", "Duals", "Features", "Constraints", "Confidence", "Networks", "Training",
        "Persistence",
    ];

    private static Assembly Library => typeof(Fairness).Assembly;

    public static IEnumerable<object[]> Names => Folders.Select(folder => new object[] { folder.Folder });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Folder_UsesOnlyThoseItMay(string name)
    {
        var (folder, uses) = Folders.Single(row => row.Folder == name);
        var forbidden = Folders.Select(row => row.Folder).Where(other => other != folder && !uses.Contains(other))
            .Select(other => Root + other + ".").Concat(CatalogTypes()).ToArray();

        var result = Types.InAssembly(Library).That().ResideInNamespace(Root + folder).ShouldNot().HaveDependencyOnAny(forbidden)
            .GetResult();

        Assert.IsTrue(result.IsSuccessful, $"{folder} must use only [{string.Join(", ", uses)}]; these use more: {Offenders(result)}");
    }

    [TestMethod]
    public void Folders_StandBeforeThoseThatUseThem()
    {
        for (var index = 0; index < Folders.Length; index++)
        {
            foreach (var used in Folders[index].Uses)
                Assert.IsLessThan(index, Array.FindIndex(Folders, row => row.Folder == used), $"{Folders[index].Folder} uses {used}");
        }
    }

    [TestMethod]
    public void Folders_AreAllThereAre()
        => CollectionAssert.AreEquivalent(
            Folders.Select(row => row.Folder).ToList(),
            Library.GetTypes().Select(type => type.Namespace).OfType<string>()
                .Where(name => name.StartsWith(Root, StringComparison.Ordinal))
                .Select(name => name[Root.Length..].Split('.')[0]).Distinct().ToList());

    [TestMethod]
    public void Mathematics_KnowsNoMLNet()
    {
        foreach (var folder in KnowNoMLNet)
        {
            var result = Types.InAssembly(Library).That().ResideInNamespace(Root + folder).ShouldNot().HaveDependencyOn("Microsoft.ML")
                .GetResult();

            Assert.IsTrue(result.IsSuccessful, $"{folder}: {Offenders(result)}");
        }
    }

    [TestMethod]
    public void SourceFiles_AreShortAndNarrow()
    {
        if (Checkout.Folder is not { } checkout)
        {
            Assert.Inconclusive("The tests do not run inside a checkout: there are no sources to look at.");
            return;
        }

        var problems = new List<string>();
        foreach (var path in new[] { "src", "test" }.SelectMany(root => Directory.EnumerateFiles(Path.Combine(checkout, root), "*.cs",
            SearchOption.AllDirectories)).Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")))
        {
            var lines = File.ReadAllLines(path);
            if (lines.Length > 400)
                problems.Add($"{path} has {lines.Length} lines, more than 400");
            problems.AddRange(lines.Index().Where(line => line.Item.Length > 140 && !IsText(path, line.Item))
                .Select(line => $"{path}:{line.Index + 1} has {line.Item.Length} characters, more than 140"));
        }

        Assert.IsEmpty(problems, string.Join('\n', problems));
    }

    // A file in a test is text as it stands.
    private static bool IsText(string path, string line) => path.Contains("HumanCompatible.ML.Tests", StringComparison.Ordinal)
        && (line.Contains("\"\"\"", StringComparison.Ordinal) || (line.TrimStart().StartsWith('"') && !line.TrimStart().Contains(' ')));

    private static IEnumerable<string> CatalogTypes()
        => Library.GetTypes().Where(type => type.Namespace + "." == Root && type.IsPublic).Select(type => type.FullName!);

    private static string Offenders(NetArchTest.Rules.TestResult result) => string.Join(", ", (result.FailingTypeNames ?? []).Order());
}
