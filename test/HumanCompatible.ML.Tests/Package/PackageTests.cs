using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace HumanCompatible.ML.Tests.Package;

/// <summary>The NuGet package: what is in it, and what a person does with it.</summary>
[TestClass]
public sealed class PackageTests
{
    private static PackedLibrary? _library;

    private static PackedLibrary Library => _library ??= PackedLibrary.Create();

    private static string[] Trains => [.. Scores, $"TorchSharp-cpu/{PackedLibrary.Metadata("TorchSharpVersion")}"];

    private static string[] Scores => [$"Microsoft.ML/{PackedLibrary.Metadata("MicrosoftMLVersion")}"];

    [ClassCleanup]
    public static void DeletePackage() => _library?.Dispose();

    [TestMethod]
    public void Package_TrainsInOneProgramAndScoresInOthers()
    {
        var model = Library.PathOf("model.zip");
        var train = Library.Build("Train", "net10.0", Programs.Train, Programs.OfThisSystem, Trains);
        var scored = DotNet.Run(Library.PathOf("."), train, model);

        foreach (var framework in new[] { "net10.0", "net8.0" })
        {
            var name = "Score-" + framework;
            var score = Library.Build(name, framework, Programs.Score, "", Scores);

            Assert.AreEqual(scored, DotNet.Run(Library.PathOf("."), score, model), framework);
            Assert.IsEmpty(Directory.GetFiles(Path.GetDirectoryName(score)!, "*torch_cpu*", SearchOption.AllDirectories), framework);
        }

        Assert.AreEqual(Programs.Rows, scored.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [TestMethod]
    public void Program_WithoutTorch_SaysWhichPackageItNeeds()
    {
        var train = Library.Build("Lacks", "net10.0", Programs.Train, "", Scores);

        // TorchSharp itself looks into the package cache, where these tests have libtorch.
        var (exitCode, output) = DotNet.Try(Library.PathOf("."), [train, Library.PathOf("none.zip")], Library.PathOf("empty"));

        Assert.AreNotEqual(0, exitCode);
        StringAssert.Contains(output, "Unhandled exception. System.InvalidOperationException: Training needs libtorch, which this "
            + $"program lacks: reference the package TorchSharp-cpu {PackedLibrary.Metadata("TorchSharpVersion")} in its project (for");
        Assert.IsFalse(output.Contains("TypeInitialization", StringComparison.Ordinal), output);
        Assert.IsFalse(File.Exists(Library.PathOf("none.zip")));
    }

    [TestMethod]
    public void Nuspec_SaysWhatThePackageIs()
    {
        using var package = Library.Open();
        var nuspec = XDocument.Parse(Text(package, "HumanCompatible.ML.nuspec")).Root!.Elements().Single();

        foreach (var (name, expected) in new[]
        {
            ("id", "HumanCompatible.ML"), ("version", PackedLibrary.Version), ("license", "MIT"), ("icon", "icon.png"),
            ("readme", "README.md"),
        })
        {
            Assert.AreEqual(expected, Value(name));
        }

        StringAssert.StartsWith(Value("projectUrl"), "https://");
        StringAssert.StartsWith(Value("releaseNotes"), "### ");
        StringAssert.Contains(Value("releaseNotes"), "mlContext.Constrained()");
        var repository = nuspec.Elements().Single(element => element.Name.LocalName == "repository");
        StringAssert.Matches((string)repository.Attribute("url")!, new Regex("^https://[^/]+/[^/]+/[^/]+$"));
        CollectionAssert.AreEquivalent(new[] { "net10.0", "net8.0" }, nuspec.Descendants().Attributes("targetFramework")
            .Select(framework => framework.Value).ToList());
        Assert.IsNotNull(package.GetEntry("icon.png"));

        string Value(string name) => nuspec.Elements().Single(element => element.Name.LocalName == name).Value;
    }

    [TestMethod]
    public void MpiPackage_SumsOverTheProcessesOfMpiexec()
    {
        using var package = Library.Open(name: "HumanCompatible.ML.Mpi");
        var nuspec = XDocument.Parse(Text(package, "HumanCompatible.ML.Mpi.nuspec"));
        CollectionAssert.IsSubsetOf(new[] { $"HumanCompatible.ML {PackedLibrary.Version}", "MPI.NET 1.4.0" }, nuspec.Descendants()
            .Where(element => element.Name.LocalName == "dependency")
            .Select(element => $"{(string)element.Attribute("id")!} {(string)element.Attribute("version")!}").ToList());
        StringAssert.Contains(Text(package, "README.md"), "](https://");
        CollectionAssert.AreEquivalent(new[] { "lib/net10.0/HumanCompatible.ML.Mpi.dll", "lib/net10.0/HumanCompatible.ML.Mpi.xml" },
            package.Entries.Select(entry => entry.FullName).Where(name => name.StartsWith("lib/", StringComparison.Ordinal)).ToList());

        var sums = Library.Build("Sums", "net10.0", Programs.Sums, "", [$"HumanCompatible.ML.Mpi/{PackedLibrary.Version}", .. Scores]);
        var (exitCode, output) = DotNet.Try(Library.PathOf("."), ["-n", "2", "dotnet", sums], command: "mpiexec");

        Assert.AreEqual(0, exitCode, output);
        CollectionAssert.Contains(output.Split('\n'), "2 processes, 3"); // beside what MPICH says of its own memory
    }

    [TestMethod]
    public void Readme_LinksNowhereOfTheCheckout()
    {
        using var package = Library.Open();
        var readme = Text(package, "README.md");

        StringAssert.Contains(readme, "](https://");
        Assert.IsFalse(Regex.IsMatch(readme, @"\]\((?!https://|#)"));
        Assert.AreEqual(File.ReadAllLines(Path.Combine(Docs.Checkout.Folder!, "README.md")).Length,
            readme.TrimEnd().Split('\n').Length);
    }

    [TestMethod]
    [DataRow("net10.0")]
    [DataRow("net8.0")]
    public void Assembly_HasTheVersionOfItsMajorVersion(string framework)
    {
        using var package = Library.Open();
        using var assembly = new PEReader(new MemoryStream(Bytes(package, $"lib/{framework}/HumanCompatible.ML.dll")));

        var version = assembly.GetMetadataReader().GetAssemblyDefinition().Version;

        Assert.AreEqual(new Version(int.Parse(PackedLibrary.Version.Split('.')[0]), 0, 0, 0), version);
    }

    [TestMethod]
    [DataRow("net10.0")]
    [DataRow("net8.0")]
    public void Documentation_IsOfThePublicMembers(string framework)
    {
        using var package = Library.Open();
        var documented = XDocument.Parse(Text(package, $"lib/{framework}/HumanCompatible.ML.xml")).Descendants("member")
            .Select(member => member.Attribute("name")!.Value).ToHashSet();
        var library = MetadataReference.CreateFromImage(Bytes(package, $"lib/{framework}/HumanCompatible.ML.dll"));
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) != "HumanCompatible.ML.dll").Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create("Reader", references: [.. references, library]);
        var types = Types(((IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(library)!).GlobalNamespace).ToList();
        var visible = types.Concat(types.SelectMany(type => type.GetMembers().Where(IsVisible)))
            .Select(symbol => symbol.GetDocumentationCommentId()!).ToHashSet();

        Assert.IsEmpty(documented.Except(visible).ToList(), string.Join('\n', documented.Except(visible)));
        var lost = types.Concat(types.SelectMany(WrittenMethods)).Select(symbol => symbol.GetDocumentationCommentId()!).Except(documented);
        Assert.IsEmpty(lost.ToList(), string.Join('\n', lost));
    }

    [TestMethod]
    [DataRow("net10.0")]
    [DataRow("net8.0")]
    public void Symbols_ShowTheSourcesOfTheRepositoryAndNoPathOfThisMachine(string framework)
    {
        using var package = Library.Open();
        using var symbols = Library.Open("snupkg");
        var bytes = Bytes(symbols, $"lib/{framework}/HumanCompatible.ML.pdb");
        using var assembly = new PEReader(new MemoryStream(Bytes(package, $"lib/{framework}/HumanCompatible.ML.dll")));
        using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(bytes));
        var reader = provider.GetMetadataReader();

        var information = assembly.ReadDebugDirectory().Single(entry => entry.Type == DebugDirectoryEntryType.CodeView);
        Assert.AreEqual(new BlobContentId(reader.DebugMetadataHeader!.Id).Guid, assembly.ReadCodeViewDebugDirectoryData(information).Guid);
        if (PackedLibrary.Metadata("Configuration") != "Release")
            Assert.Inconclusive("Only Release builds hide where they were built.");
        StringAssert.StartsWith(assembly.ReadCodeViewDebugDirectoryData(information).Path, "/_/");
        var documents = reader.Documents.Select(handle => reader.GetString(reader.GetDocument(handle).Name)).ToList();
        Assert.IsTrue(documents.Count > 100 && documents.TrueForAll(path => path.StartsWith("/_", StringComparison.Ordinal)));
        Assert.IsFalse(Encoding.UTF8.GetString(bytes).Contains(Docs.Checkout.Folder!, StringComparison.Ordinal));
        if (!Path.Exists(Path.Combine(Docs.Checkout.Folder!, ".git")))
            Assert.Inconclusive("The sources are of no commit.");
        var link = reader.GetCustomDebugInformation(EntityHandle.ModuleDefinition).Select(reader.GetCustomDebugInformation)
            .Single(entry => reader.GetGuid(entry.Kind) == new Guid("CC110556-A091-4D38-9FEC-25AB9A351A6A"));
        StringAssert.Matches(Encoding.UTF8.GetString(reader.GetBlobBytes(link.Value)),
            new Regex("""^\{"documents":\{"/_/\*":"https://[^"]+/[0-9a-f]{40}/\*"\}\}$"""));
    }

    private static bool IsVisible(ISymbol symbol)
        => symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol parent)
        => parent.GetMembers().SelectMany(member => member switch
        {
            INamespaceSymbol folder => Types(folder),
            INamedTypeSymbol type when IsVisible(type) => Types(type).Prepend(type),
            _ => [],
        });

    // Of other types the compiler writes some methods by itself.
    private static IEnumerable<ISymbol> WrittenMethods(INamedTypeSymbol type) => type.IsStatic
        ? type.GetMembers().OfType<IMethodSymbol>().Where(method => IsVisible(method) && method.MethodKind == MethodKind.Ordinary)
        : [];

    private static byte[] Bytes(ZipArchive archive, string entry)
    {
        using var stream = archive.GetEntry(entry)!.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    private static string Text(ZipArchive archive, string entry) => Encoding.UTF8.GetString(Bytes(archive, entry)).TrimStart('\uFEFF');
}
