using System.Diagnostics;
using System.Runtime.InteropServices;
using HumanCompatible.ML.Tests.Docs;

namespace HumanCompatible.ML.Tests.Package;

/// <summary>The command line as a .NET tool: packed, installed from the package, and used.</summary>
[TestClass]
public sealed class ToolPackageTests
{
    private const string Id = "HumanCompatible.ML.Tool";

    // libtorch is in it, and is compressed.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(9);

    private readonly string _root = Directory.CreateTempSubdirectory("hcml-tool-").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_root, recursive: true);

    [TestMethod]
    public void Tool_InstalledFromItsPackage_TrainsAndAudits()
    {
        if (Checkout.Folder is not { } checkout)
        {
            Assert.Inconclusive("The tests do not run inside a checkout: there is nothing to pack.");
            return;
        }

        var (feed, tools) = (Path.Combine(_root, "feed"), Path.Combine(_root, "tools"));
        DotNet.Run(Path.Combine(checkout, "src", "HumanCompatible.ML.Samples"), Limit, "pack", "-c",
            PackedLibrary.Metadata("Configuration"), "--no-restore", "-p:BuildProjectReferences=false", "-p:RunAnalyzers=false", "-o", feed,
            "-v:q", "-nologo");
        var version = PackedLibrary.Metadata("VersionPrefix");
        Assert.Contains($"{Id}.{version}.nupkg", Directory.GetFiles(feed).Select(Path.GetFileName).ToList());
        var sources = Path.Combine(_root, "nuget.config");
        File.WriteAllText(sources,
            $"""<configuration><packageSources><clear /><add key="feed" value="{feed}" /></packageSources></configuration>""");

        DotNet.Run(_root, Limit, "tool", "install", Id, "--version", version, "--tool-path", tools, "--configfile", sources);

        File.WriteAllLines(Path.Combine(_root, "people.csv"), ["age,hours,sex,income", .. Census.People(600).Select(person
            => FormattableString.Invariant($"{person.Features[2]},{person.Features[1]},{person.Sex},{(person.Label ? 1 : 0)}"))]);
        var trained = Hcml(tools, "csv", "--file", "people.csv", "--label", "income", "--positive", "1", "--group", "sex", "--constraint",
            "dp:0.1");
        StringAssert.Contains(trained, "DemographicParity(sex)");
        File.WriteAllLines(Path.Combine(_root, "scored.csv"), ["sex,income,predicted", .. Census.People(600).Select(person
            => $"{person.Sex},{(person.Label ? 1 : 0)},{(person.Features[0] > 0 ? 1 : 0)}")]);
        var audited = Hcml(tools, "audit", "--file", "scored.csv", "--label", "income", "--positive", "1", "--prediction", "predicted",
            "--group", "sex", "--constraint", "dp:0.1");
        StringAssert.Contains(audited, "DemographicParity(sex)");
    }

    private string Hcml(string tools, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(tools, OperatingSystem.IsWindows() ? "hcml.exe" : "hcml"), arguments)
        {
            WorkingDirectory = _root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, output + error.Result);
        return output;
    }
}
