using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace HumanCompatible.ML.Tests.Docs;

/// <summary>The program that the C# blocks of a Markdown file make: usings first, then the statements, then the types.</summary>
internal sealed class MarkdownProgram
{
    /// <summary>What a new console project has without saying so.</summary>
    public static readonly IReadOnlyList<string> ImplicitUsings =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Threading", "System.Threading.Tasks"];

    private readonly string _name;
    private readonly string _source;

    private MarkdownProgram(string name, string source) => (_name, _source) = (name, source);

    /// <summary>The program of a file, or null where it has no C# block.</summary>
    public static MarkdownProgram? Read(string path)
    {
        var blocks = Blocks(File.ReadAllLines(path)).Select(block => CSharpSyntaxTree.ParseText(block).GetCompilationUnitRoot()).ToList();
        if (blocks.Count == 0)
            return null;
        string[] parts =
        [
            .. ImplicitUsings.Select(name => $"using {name};"),
            .. blocks.SelectMany(block => block.Usings).Select(directive => directive.ToString()).Distinct(),
            .. blocks.SelectMany(block => block.Members).OfType<GlobalStatementSyntax>().Select(statement => statement.ToFullString()),
            .. blocks.SelectMany(block => block.Members).Where(member => member is not GlobalStatementSyntax)
                .Select(member => member.ToFullString()),
        ];
        return new MarkdownProgram(Path.GetFileNameWithoutExtension(path), string.Join('\n', parts));
    }

    /// <summary>Compiles against what the tests reference, and runs in a process of its own in the given folder.</summary>
    public (int ExitCode, string Output) CompileAndRun(string folder)
    {
        var compilation = Compile(_name, _source);
        var assembly = Path.Combine(AppContext.BaseDirectory, compilation.AssemblyName + ".dll");
        try
        {
            var result = compilation.Emit(assembly);
            var errors = result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
            return result.Success ? Run(assembly, folder) : (-1, string.Join('\n', errors) + "\n" + _source);
        }
        finally
        {
            File.Delete(assembly);
        }
    }

    /// <summary>A program of some sources in an assembly of its own, which sees what the tests reference, but nothing internal.</summary>
    public static CSharpCompilation Compile(string name, params IEnumerable<string> sources) => CSharpCompilation.Create(
        $"Blocks-{name}-{Guid.NewGuid():N}",
        sources.Select(source => CSharpSyntaxTree.ParseText(source)),
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
        new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>How a process of its own is started with an assembly that lies beside the tests and runs in a folder.</summary>
    public static ProcessStartInfo StartOf(string assembly, string folder, params IEnumerable<string> arguments)
    {
        var host = Path.Combine(AppContext.BaseDirectory, "HumanCompatible.ML.Tests");
        return new ProcessStartInfo(Environment.ProcessPath!,
            ["exec", "--runtimeconfig", host + ".runtimeconfig.json", "--depsfile", host + ".deps.json", assembly, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    private static (int ExitCode, string Output) Run(string assembly, string folder)
    {
        using var process = Process.Start(StartOf(assembly, folder))!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    private static IEnumerable<string> Blocks(string[] lines)
    {
        for (var start = Array.IndexOf(lines, "```csharp"); start >= 0;)
        {
            var end = Array.IndexOf(lines, "```", start);
            yield return string.Join('\n', lines[(start + 1)..end]);
            start = Array.IndexOf(lines, "```csharp", end);
        }
    }
}
