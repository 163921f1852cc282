using System.Diagnostics;

namespace HumanCompatible.ML.Benchmarks;

/// <summary>This program once more, in a process of its own.</summary>
internal static class OwnProcess
{
    /// <summary>Runs it to its end and gives what it printed.</summary>
    /// <exception cref="InvalidOperationException">Its exit code is not 0.</exception>
    internal static string Run(params IReadOnlyList<string> arguments) => Run(Start(arguments), arguments);

    /// <summary>Runs several at once, each on a processor of its own (by taskset, of Linux), and gives what each printed.</summary>
    /// <inheritdoc cref="Run(IReadOnlyList{string})" path="/exception"/>
    internal static string[] RunApart(int processes, params IReadOnlyList<string> arguments)
        => Task.WhenAll(Enumerable.Range(0, processes).Select(core => Task.Run(() =>
        {
            var start = Start(arguments);
            string[] pinned = ["-c", $"{core}", start.FileName, .. start.ArgumentList];
            return Run(new("taskset", pinned) { RedirectStandardOutput = true }, arguments);
        }))).GetAwaiter().GetResult();

    private static string Run(ProcessStartInfo start, IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output
            : throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output}");
    }

    // Started as "dotnet program.dll", the process is dotnet, which does not know of which program it is.
    private static ProcessStartInfo Start(IReadOnlyList<string> arguments)
    {
        var path = Environment.ProcessPath!;
        var isDotNet = Path.GetFileNameWithoutExtension(path).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        return new(path, isDotNet ? [typeof(OwnProcess).Assembly.Location, .. arguments] : arguments) { RedirectStandardOutput = true };
    }
}
