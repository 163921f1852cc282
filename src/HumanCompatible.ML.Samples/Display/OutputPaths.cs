namespace HumanCompatible.ML.Samples.Display;

/// <summary>Checks the files that a command writes, before its work.</summary>
internal static class OutputPaths
{
    /// <param name="inputs">The files that are read, and what they are; null for none.</param>
    /// <param name="outputs">The files that are written, and the options that name them; null for none.</param>
    /// <exception cref="SampleInputException">One cannot be written, is read, or is written twice.</exception>
    public static void Check(IEnumerable<(string? Path, string What)> inputs, params IEnumerable<(string Option, string? Path)> outputs)
    {
        var taken = inputs.Where(input => !string.IsNullOrWhiteSpace(input.Path)).Select(input => (Real(input.Path!), input.What)).ToList();
        foreach (var (option, path) in outputs)
        {
            if (path is null)
                continue;
            if (string.IsNullOrWhiteSpace(path))
                throw new SampleInputException($"{option}: the path is empty.");
            var folder = Path.GetDirectoryName(Path.GetFullPath(path));
            if (!Directory.Exists(folder))
                throw new SampleInputException($"{option} {path}: there is no folder {folder}.");
            if (Directory.Exists(path))
                throw new SampleInputException($"{option} {path}: that is a folder.");
            var real = Real(path);
            if (taken.Find(other => other.Item1.Equals(real, Comparison)) is { What: { } what })
                throw new SampleInputException($"{option} {path}: that is {what}.");
            taken.Add((real, $"the file of {option}"));
            CheckWritable(option, path);
        }
    }

    private static StringComparison Comparison
        => OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    // What is there stays; what is not there is not left behind.
    private static void CheckWritable(string option, string path)
    {
        var isThere = File.Exists(path);
        try
        {
            new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite).Dispose();
            if (!isThere)
                File.Delete(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SampleInputException($"{option} {path}: there no file can be written.", problem);
        }
    }

    // The path without links.
    private static string Real(string path)
    {
        var full = Path.GetFullPath(path);
        var real = Path.GetPathRoot(full)!;
        foreach (var part in full[real.Length..].Split(Path.DirectorySeparatorChar))
        {
            real = Path.Combine(real, part);
            if (new FileInfo(real).LinkTarget is not null)
                real = File.ResolveLinkTarget(real, returnFinalTarget: true)?.FullName ?? real;
        }

        return real;
    }
}
