using System.Runtime.InteropServices;
using TorchSharp;

namespace HumanCompatible.ML.Torch;

/// <summary>The native library behind TorchSharp.</summary>
internal static class TorchLibrary
{
    // Of the package for the device, then of TorchSharp itself, which needs the first.
    private static readonly string[] Files = OperatingSystem.IsWindows() ? ["torch_cpu.dll", "LibTorchSharp.dll"]
        : OperatingSystem.IsMacOS() ? ["libtorch_cpu.dylib", "libLibTorchSharp.dylib"] : ["libtorch_cpu.so", "libLibTorchSharp.so"];

    /// <summary>Loads it where that has not happened: most of a second in a process, which may pass while data are read.</summary>
    /// <exception cref="InvalidOperationException">The program lacks it, or the system something that it needs.</exception>
    internal static void Load()
    {
        try
        {
            torch.empty(1).Dispose();
        }
        catch (Exception problem) when (problem is TypeInitializationException or NotSupportedException or DllNotFoundException
            or EntryPointNotFoundException or BadImageFormatException)
        {
            throw Explain(Folders(), NativeLibrary.Load, problem);
        }
    }

    /// <summary>Why it does not load, and what to do.</summary>
    /// <param name="folders">Where the program may have it.</param>
    /// <param name="load">Loads a library from a path.</param>
    /// <param name="problem">What TorchSharp throws: pages of what it tried, which say nothing more where the package is missing.</param>
    internal static InvalidOperationException Explain(IEnumerable<string> folders, Func<string, nint> load, Exception problem)
    {
        var version = typeof(torch).Assembly.GetName().Version!.ToString(3);
        string?[] paths = [.. Files.Select(file => folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists))];
        if (paths[0] is null)
        {
            return new($"Training needs libtorch, which this program lacks: reference the package TorchSharp-cpu {version} in its project "
                + "(for a GPU TorchSharp-cuda-linux or TorchSharp-cuda-windows).");
        }

        try
        {
            foreach (var path in paths.OfType<string>())
                load(path);
            return new($"libtorch is there but is not the one that TorchSharp {version} works with: reference TorchSharp-cpu, "
                + $"TorchSharp-cuda-linux or TorchSharp-cuda-windows of version {version}.", problem);
        }
        catch (Exception reason) when (reason is DllNotFoundException or BadImageFormatException)
        {
            // On Linux the first line is advice, and the next one says what is wrong.
            var lines = reason.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return new($"libtorch does not load on this system: {lines.ElementAtOrDefault(1) ?? reason.Message}"
                + (reason.Message.Contains("GLIBCXX_", StringComparison.Ordinal)
                    ? ". Set <TorchSharpForOlderLibstdcxx>true</TorchSharpForOlderLibstdcxx> in the project file of the program." : ""),
                reason);
        }
    }

    // Where .NET looks for the native libraries of packages.
    private static IEnumerable<string> Folders()
        => ((string?)AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") ?? "").Split(Path.PathSeparator)
            .Append(AppContext.BaseDirectory)
            .Append(Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"))
            .Where(folder => folder.Length > 0);

    /// <summary>Loads it on another thread while work is done here.</summary>
    /// <param name="work">What is done meanwhile. Where it throws, its exception counts, after the loading has ended.</param>
    internal static T LoadWhile<T>(Func<T> work) => LoadWhile(work, Load);

    internal static T LoadWhile<T>(Func<T> work, Action load)
    {
        var loading = Task.Run(load);
        T result;
        try
        {
            result = work();
        }
        catch
        {
            loading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
            throw;
        }

        loading.GetAwaiter().GetResult();
        return result;
    }
}
