using System.IO.Compression;
using System.Reflection;
using HumanCompatible.ML.Tests.Docs;

namespace HumanCompatible.ML.Tests.Package;

/// <summary>The library, packed from what was built into a folder that serves as a feed; beside it, projects that restore it.</summary>
internal sealed class PackedLibrary : IDisposable
{
    private const string Suffix = "test.1";

    private readonly string _root;
    private readonly string _packages;

    private PackedLibrary(string root, string packages) => (_root, _packages) = (root, packages);

    /// <summary>The version of the package.</summary>
    public static string Version { get; } = $"{Metadata("VersionPrefix")}-{Suffix}";

    private string Feed => Path.Combine(_root, "feed");

    /// <summary>Packs, or says in a skipped test why that cannot be.</summary>
    public static PackedLibrary Create()
    {
        var sources = Path.Combine(Checkout.Folder ?? "", "src");
        string configuration = Metadata("Configuration"), packages = Metadata("NuGetPackageRoot");
        if (Checkout.Folder is null)
            Assert.Inconclusive("The tests do not run inside a checkout: there is nothing to pack.");
        foreach (var framework in new[] { "net10.0", "net8.0" })
        {
            if (!File.Exists(Path.Combine(sources, "HumanCompatible.ML", "bin", configuration, framework, "HumanCompatible.ML.dll")))
                Assert.Inconclusive($"The library was not built for {framework}: build the whole solution.");
        }

        var library = new PackedLibrary(Directory.CreateTempSubdirectory("hcml-package-").FullName, packages);
        foreach (var project in new[] { "HumanCompatible.ML", "HumanCompatible.ML.Mpi" })
        {
            DotNet.Run(Path.Combine(sources, project), "pack", "-c", configuration, "--no-build", "--version-suffix", Suffix, "-o",
                library.Feed, "-v:q", "-nologo");
        }

        return library;
    }

    /// <summary>The package or its symbols, to be read.</summary>
    public ZipArchive Open(string extension = "nupkg", string name = "HumanCompatible.ML")
        => ZipFile.OpenRead(Path.Combine(Feed, $"{name}.{Version}.{extension}"));

    /// <summary>
    /// Builds a program in a folder of its own that references packages only. They come from the feed and from what the machine has
    /// restored before: nothing is asked of the network, nor for packages whose content is part of .NET.
    /// </summary>
    /// <returns>Its assembly.</returns>
    public string Build(string name, string framework, string program, string properties, params IEnumerable<string> packages)
    {
        var folder = Path.Combine(_root, name);
        Directory.CreateDirectory(folder);
        var references = packages.Prepend($"HumanCompatible.ML/{Version}").Select(package => package.Split('/'))
            .Select(package => $"""    <PackageReference Include="{package[0]}" Version="{package[1]}" />""");
        File.WriteAllText(Path.Combine(folder, name + ".csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>{framework}</TargetFramework>
                <RollForward>Major</RollForward>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <InvariantGlobalization>true</InvariantGlobalization>
                <UseAppHost>false</UseAppHost>
                <NuGetAudit>false</NuGetAudit>
                <RestoreEnablePackagePruning>true</RestoreEnablePackagePruning>
                <RestoreSources>{Feed}</RestoreSources>
                <RestorePackagesPath>{Path.Combine(_root, "packages")}</RestorePackagesPath>
                <RestoreFallbackFolders>{_packages}</RestoreFallbackFolders>
                <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
                {properties}
              </PropertyGroup>
              <ItemGroup>
            {string.Join('\n', references)}
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), program);
        DotNet.Run(folder, "build", "-c", "Release", "-o", "out", "-v:q", "-nologo");
        return Path.Combine(folder, "out", name + ".dll");
    }

    /// <summary>A file in the folder beside the projects.</summary>
    public string PathOf(string file) => Path.Combine(_root, file);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>A property of the build, such as the version of a package that it uses.</summary>
    public static string Metadata(string key) => typeof(PackedLibrary).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}
