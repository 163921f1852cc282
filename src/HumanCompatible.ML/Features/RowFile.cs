using System.Globalization;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace HumanCompatible.ML.Features;

/// <summary>
/// A temporary file that nobody else can read: written to its end, then read in memory, whose pages the system takes back when it needs
/// them. On Unix it has no name any more once it is open, on Windows the system deletes it when it is closed: it goes with the process,
/// however that ends.
/// </summary>
/// <remarks>It is written by calls, not in memory: a disk that is full is an exception, not the end of the process.</remarks>
internal sealed unsafe class RowFile : IDisposable
{
    private readonly string _folder;
    private readonly FileStream _stream;
    private MemoryMappedFile? _map;
    private MemoryMappedViewAccessor? _view;
    private byte* _start;

    /// <param name="folder">Where it is made.</param>
    /// <exception cref="IOException">It cannot be made there.</exception>
    internal RowFile(string folder)
    {
        _folder = folder;
        try
        {
            _stream = Create(Path.Combine(folder, $"hcml-{Path.GetRandomFileName()}.rows"));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"MaximumMemory needs a temporary file in '{folder}', which cannot be made: {problem.Message} Set "
                + "TemporaryFolder to a folder that can be written.", problem);
        }
    }

    /// <summary>Its bytes.</summary>
    internal long Length { get; private set; }

    /// <summary>Appends values.</summary>
    /// <returns>Where they begin.</returns>
    /// <exception cref="IOException">The disk is full, or fails.</exception>
    internal long Append<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var start = Length;
        try
        {
            _stream.Write(MemoryMarshal.AsBytes(values));
        }
        catch (Exception problem) when (problem is IOException or ArgumentOutOfRangeException)
        {
            // The second is what .NET makes of a file that is too large for its file system.
            throw new IOException(string.Create(CultureInfo.InvariantCulture,
                $"The temporary file of MaximumMemory in '{_folder}' cannot have more than {start} bytes: {problem.Message} Set "
                + $"TemporaryFolder to a folder with more room."), problem);
        }

        Length += (long)values.Length * sizeof(T);
        return start;
    }

    /// <summary>Makes all that was appended readable.</summary>
    internal void Map()
    {
        Unmap();
        if (Length == 0)
            return;
        _map = MemoryMappedFile.CreateFromFile(_stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = _map.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    /// <summary>Values that were there at the last <see cref="Map"/>; they are valid until the next, or the end of the file.</summary>
    /// <param name="start">Where they begin.</param>
    /// <param name="count">How many they are.</param>
    /// <exception cref="ObjectDisposedException">The file is gone, or was not mapped.</exception>
    internal ReadOnlySpan<T> Read<T>(long start, int count)
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + ((long)count * sizeof(T)), Length, nameof(count));
        return new ReadOnlySpan<T>(_start + start, count);
    }

    public void Dispose()
    {
        Unmap();
        _stream.Dispose();
    }

    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
        };
        if (OperatingSystem.IsWindows())
        {
            options.Options = FileOptions.DeleteOnClose;
            return new FileStream(path, options);
        }

        options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var stream = new FileStream(path, options);
        try
        {
            File.Delete(path);
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private void Unmap()
    {
        if (_start is not null)
            _view!.SafeMemoryMappedViewHandle.ReleasePointer();
        _start = null;
        _view?.Dispose();
        _map?.Dispose();
        (_view, _map) = (null, null);
    }
}
