using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public interface IMultiStreamSource
{
    int Count { get; }

    string GetPathOrNull(int index);

    Stream Open(int index);

    TextReader OpenTextReader(int index);
}

public sealed class MultiFileSource : IMultiStreamSource
{
    private readonly string[] _paths;

    public MultiFileSource(params string[] paths)
    {
        string[] given = paths is null or [null] ? [] : paths;
        string[] expanded = [.. given.SelectMany(ExpandWildCards)];
        _paths = expanded.Length > 0 ? expanded : given;
    }

    public int Count => _paths.Length;

    public string GetPathOrNull(int index)
    {
        Contracts.CheckParam(index >= 0 && index < Count, nameof(index));
        return _paths[index];
    }

    public Stream Open(int index)
    {
        var path = GetPathOrNull(index);
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception exception)
        {
            throw Contracts.Process(new IOException($"Could not open file '{path}'. Error is: {exception.Message}", exception));
        }
    }

    public TextReader OpenTextReader(int index) => new StreamReader(Open(index));

    /// <summary>The files of a path, which may hold * and ? in its file name and several paths joined by '+'.</summary>
    internal static string[] ExpandWildCards(string path)
    {
        if (string.IsNullOrEmpty(path))
            return [];
        if (File.Exists(path))
            return [path];
        if (path.AsSpan().IndexOfAny('*', '?') < 0)
            return path.Contains('+') ? [.. path.Split('+', StringSplitOptions.RemoveEmptyEntries).SelectMany(ExpandWildCards)] : [];
        var folder = Path.GetDirectoryName(path);
        folder = string.IsNullOrEmpty(folder) ? "." : folder;
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, Path.GetFileName(path)).Order(StringComparer.Ordinal)] : [];
    }
}
