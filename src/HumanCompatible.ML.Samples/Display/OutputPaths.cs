using System.Security.Cryptography;

namespace HumanCompatible.ML.Samples.Display;

/// <summary>Checks the files that a command reads and writes, before its work.</summary>
internal static class OutputPaths
{
    /// <param name="inputs">The files that are read, and what they are; null for none.</param>
    /// <param name="outputs">The files that are written, and the options that name them; null for none.</param>
    /// <exception cref="SampleInputException">One cannot be written, is read, or is written twice; or two that are read are the same: rows
    /// that a model was made of do not test it.</exception>
    public static void Check(IEnumerable<(string? Path, string What)> inputs, params IEnumerable<(string Option, string? Path)> outputs)
    {
        List<(string Path, string What)> taken = [];
        foreach (var (path, what) in inputs.Where(input => !string.IsNullOrWhiteSpace(input.Path)))
        {
            var real = Real(path!);
            if (taken.Find(other => IsSame(other.Path, real)) is { What: { } twin })
                throw new SampleInputException($"{path}: {what} is {twin}, or a copy of it. Rows that a model was made of do not test it.");
            taken.Add((real, what));
        }

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
            if (taken.Find(other => IsSame(other.Path, real)) is { What: { } what })
                throw new SampleInputException($"{option} {path}: that is {what}.");
            taken.Add((real, $"the file of {option}"));
            CheckWritable(option, path);
        }
    }

    /// <param name="cache">The folder of <c>--cache</c>; null for none.</param>
    /// <param name="outputs">The files that are written, and the options that name them; null for none.</param>
    /// <exception cref="SampleInputException">One is that folder, or lies in it.</exception>
    public static void CheckApart(string? cache, params IEnumerable<(string Option, string? Path)> outputs)
    {
        if (cache is null)
            return;
        var folder = Real(cache).TrimEnd(Path.DirectorySeparatorChar);
        foreach (var (option, path) in outputs)
        {
            if (path is not null && (Real(path).Equals(folder, Comparison)
                || Real(path).StartsWith(folder + Path.DirectorySeparatorChar, Comparison)))
            {
                throw new SampleInputException($"{option} {path}: the folder of --cache keeps the runs, and nothing else.");
            }
        }
    }

    private static StringComparison Comparison
        => OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    // A hard link has another path, but what is in it is the same.
    private static bool IsSame(string path, string other)
    {
        if (path.Equals(other, Comparison))
            return true;
        var (one, two) = (new FileInfo(path), new FileInfo(other));
        return one.Exists && two.Exists && one.Length > 0 && one.Length == two.Length && Digest(path).SequenceEqual(Digest(other));
    }

    private static byte[] Digest(string path)
    {
        using var file = File.OpenRead(path);
        return SHA256.HashData(file);
    }

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
