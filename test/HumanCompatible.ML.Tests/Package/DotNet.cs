using System.Diagnostics;

namespace HumanCompatible.ML.Tests.Package;

/// <summary>The dotnet command, as a person calls it from a folder.</summary>
internal static class DotNet
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Runs it to its end and gives what it printed.</summary>
    /// <exception cref="AssertFailedException">Its exit code is not 0, or it took more than three minutes.</exception>
    public static string Run(string folder, params IEnumerable<string> arguments) => Run(folder, Limit, arguments);

    /// <summary>Runs it to its end and gives what it printed.</summary>
    /// <exception cref="AssertFailedException">Its exit code is not 0, or it took longer than it may.</exception>
    public static string Run(string folder, TimeSpan limit, params IEnumerable<string> arguments)
    {
        var (exitCode, output) = Try(folder, arguments, limit: limit);
        return exitCode == 0 ? output : throw new AssertFailedException($"dotnet {string.Join(' ', arguments)}: {exitCode}\n{output}");
    }

    /// <summary>Runs it to its end and gives its exit code and what it printed, errors included.</summary>
    /// <param name="folder">The folder that it is called from.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="packages">The folder that it takes for the package cache of the machine; null for the one that is.</param>
    /// <param name="limit">How long it may take; null for three minutes.</param>
    /// <param name="command">Another command that takes the arguments; the test is skipped where it is not installed.</param>
    public static (int ExitCode, string Output) Try(string folder, IEnumerable<string> arguments, string? packages = null,
        TimeSpan? limit = null, string command = "dotnet")
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // The build that runs these tests hands down where its own tools lie.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        if (packages is not null)
            start.Environment["NUGET_PACKAGES"] = packages;
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        using var process = Start(start);
        process.StandardInput.Close();
        var printed = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(limit ?? Limit))
        {
            process.Kill(entireProcessTree: true);
            throw new AssertFailedException($"dotnet {string.Join(' ', arguments)} did not end within {limit ?? Limit}.");
        }

        return (process.ExitCode, string.Concat(printed.GetAwaiter().GetResult()));
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception) when (start.FileName != "dotnet")
        {
            Assert.Inconclusive($"{start.FileName} is not installed.");
            throw;
        }
    }
}
