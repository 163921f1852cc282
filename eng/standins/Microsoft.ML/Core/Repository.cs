using System.IO.Compression;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Named streams of a model file, a zip archive.</summary>
internal abstract class Repository(IExceptionContext ectx, ZipArchive archive) : IDisposable
{
    public IExceptionContext ExceptionContext { get; } = ectx;

    protected ZipArchive Archive { get; } = archive;

    protected bool Disposed { get; private set; }

    public void Dispose()
    {
        if (!Disposed)
            Archive.Dispose();
        Disposed = true;
    }

    protected static string PathOf(IExceptionContext ectx, string dir, string name)
    {
        ectx.CheckParam(dir == null || !dir.Contains(".."), nameof(dir));
        ectx.CheckParam(!string.IsNullOrWhiteSpace(name), nameof(name));
        ectx.CheckParam(!name.Contains(".."), nameof(name));
        return Path.Combine(dir ?? "", name).Replace('/', Path.DirectorySeparatorChar);
    }

    internal sealed class Entry(string path, Stream stream, Action<Entry> onDispose) : IDisposable
    {
        private Action<Entry> _onDispose = onDispose;

        public string Path { get; } = path;

        public Stream Stream { get; } = stream;

        public void Dispose()
        {
            _onDispose?.Invoke(this);
            _onDispose = null;
        }
    }
}

internal sealed class RepositoryWriter : Repository
{
    private readonly HashSet<string> _paths = [];
    private readonly List<Entry> _open = [];

    private RepositoryWriter(Stream stream, IExceptionContext ectx)
        : base(ectx, new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
    {
    }

    public static RepositoryWriter CreateNew(Stream stream, IExceptionContext ectx = null, bool useFileSystem = true)
    {
        ectx.CheckValue(stream, nameof(stream));
        var repository = new RepositoryWriter(stream, ectx);
        using var entry = repository.CreateEntry("TrainingInfo", "Version.txt");
        using var writer = new StreamWriter(entry.Stream, leaveOpen: true);
        writer.WriteLine(typeof(RepositoryWriter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>().InformationalVersion);
        return repository;
    }

    public Entry CreateEntry(string name) => CreateEntry(null, name);

    public Entry CreateEntry(string dir, string name)
    {
        ExceptionContext.Check(!Disposed);
        var path = PathOf(ExceptionContext, dir, name);
        if (!_paths.Add(path))
            throw ExceptionContext.ExceptParam(nameof(name), "Duplicate entry: '{0}'", path);
        var entry = new Entry(path, new MemoryStream(), Write);
        _open.Add(entry);
        return entry;
    }

    public void Commit()
    {
        ExceptionContext.Check(!Disposed);
        while (_open.Count > 0)
            _open[^1].Dispose();
        Dispose();
    }

    private void Write(Entry entry)
    {
        _open.Remove(entry);
        if (Disposed)
            return;
        using var target = Archive.CreateEntry(entry.Path).Open();
        entry.Stream.Position = 0;
        entry.Stream.CopyTo(target);
    }
}

internal sealed class RepositoryReader : Repository
{
    private readonly Dictionary<string, ZipArchiveEntry> _entries;

    private RepositoryReader(IExceptionContext ectx, ZipArchive archive)
        : base(ectx, archive)
        => _entries = archive.Entries.ToDictionary(entry => entry.FullName.Replace('\\', '/'));

    public static RepositoryReader Open(Stream stream, IExceptionContext ectx = null, bool useFileSystem = true)
    {
        ectx.CheckValue(stream, nameof(stream));
        try
        {
            return new RepositoryReader(ectx, new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true));
        }
        catch (InvalidDataException exception)
        {
            throw ectx.ExceptDecode(exception, "Failed to open a zip archive");
        }
    }

    public Entry OpenEntry(string name) => OpenEntry(null, name);

    public Entry OpenEntry(string dir, string name)
        => OpenEntryOrNull(dir, name) ?? throw ExceptionContext.Except("Repository doesn't contain entry {0}", PathOf(ExceptionContext, dir, name));

    public Entry OpenEntryOrNull(string name) => OpenEntryOrNull(null, name);

    public Entry OpenEntryOrNull(string dir, string name)
    {
        ExceptionContext.Check(!Disposed);
        if (!_entries.TryGetValue(PathOf(ExceptionContext, dir, name).Replace('\\', '/'), out var source))
            return null;
        var stream = new MemoryStream();
        using (var content = source.Open())
            content.CopyTo(stream);
        stream.Position = 0;
        return new Entry(source.FullName, stream, _ => { });
    }
}
