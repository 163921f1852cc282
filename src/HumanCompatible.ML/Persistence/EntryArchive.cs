using System.IO.Compression;

namespace HumanCompatible.ML.Persistence;

/// <summary>
/// The entries of a folder of a zip, which are inflated no further than they were asked for, and only where the file can plausibly hold
/// them: a file of some kilobytes of which gigabytes would come is not read.
/// </summary>
internal sealed class EntryArchive
{
    /// <summary>
    /// How many times its length a file's entries may have, beside <see cref="Slack"/>. Deflate reaches 1,032; weights, which every model
    /// has, hardly shrink at all.
    /// </summary>
    internal const int LargestRatio = 256;

    // No entry has more bytes than this times those that it takes in the file, whatever the file says that the others take.
    private const int DeflateRatio = 1032;

    /// <summary>See <see cref="LargestRatio"/>; many multipliers that are 0 shrink to almost nothing.</summary>
    internal const long Slack = 1 << 22;

    private readonly Dictionary<string, ZipArchiveEntry?> _entries = new(StringComparer.Ordinal);
    private readonly long _most;

    /// <param name="zip">The zip, opened to be read.</param>
    /// <param name="folder">The folder; empty for none.</param>
    /// <param name="length">The length of the file; null where it is not known, for that of the entries in it.</param>
    internal EntryArchive(ZipArchive zip, string folder = "", long? length = null)
    {
        var prefix = Normalized(folder) is { Length: > 0 } path ? path + "/" : "";
        foreach (var entry in zip.Entries.Where(entry => Normalized(entry.FullName).StartsWith(prefix, StringComparison.Ordinal)))
        {
            var name = Normalized(entry.FullName)[prefix.Length..];
            _entries[name] = _entries.ContainsKey(name) ? null : entry; // one that is there twice is none
        }

        _most = MostBytes(length ?? zip.Entries.Aggregate(0L,
            (sum, entry) => sum + Math.Clamp(entry.CompressedLength, 0, long.MaxValue - sum)));
    }

    /// <summary>So many bytes may the entries of a file have.</summary>
    internal static long MostBytes(long fileLength) => MostBytes(fileLength, LargestRatio);

    /// <summary>The path of an entry, whose parts a zip may divide by either slash.</summary>
    internal static string Normalized(string path) => path.Replace('\\', '/');

    /// <summary>
    /// The bytes of an entry, or null where there is none; of one that is longer than it may be, one byte more than that.
    /// </summary>
    /// <exception cref="InvalidDataException">It is there twice, longer than is plausible, or damaged.</exception>
    internal byte[]? Read(string name, long limit)
    {
        if (!_entries.TryGetValue(name, out var found))
            return null;
        if (found is not { } entry)
            throw new InvalidDataException("it is there twice.");
        using var stream = entry.Open(); // throws where what it takes is not all in the file
        var most = Math.Min(_most, MostBytes(entry.CompressedLength, DeflateRatio));
        if (entry.Length > most)
            throw new InvalidDataException($"it has {entry.Length} bytes, more than the {most} that a file of this length may have.");
        var bytes = new byte[Math.Min(entry.Length, Math.Clamp(limit, 0, Array.MaxLength - 1) + 1)];
        var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return read == bytes.Length ? bytes : bytes[..read];
    }

    private static long MostBytes(long length, int ratio) => Slack + (Math.Min(length, long.MaxValue / 2 / ratio) * ratio);
}
