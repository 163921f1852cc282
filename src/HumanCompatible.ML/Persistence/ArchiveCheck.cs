using System.Buffers;
using System.IO.Compression;

namespace HumanCompatible.ML.Persistence;

/// <summary>
/// A look at a whole zip before it is used: names, lengths, and the checksum (CRC-32) that it keeps of each entry. .NET's reader checks the
/// checksum of none. Inflates an entry at a time into a buffer, so it takes no memory.
/// </summary>
internal static class ArchiveCheck
{
    private const int BufferLength = 1 << 16;

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(value =>
    {
        var remainder = (uint)value;
        for (var bit = 0; bit < 8; bit++)
            remainder = (remainder & 1) == 0 ? remainder >> 1 : (remainder >> 1) ^ 0xEDB88320; // ISO 3309, reflected
        return remainder;
    })];

    /// <summary>Checks a zip; the position of the stream stays.</summary>
    /// <param name="stream">The file, seekable.</param>
    /// <param name="oneOf">Entries of which it must have one.</param>
    /// <exception cref="FormatException">It is no zip, damaged, or has none of them; the message names the entry.</exception>
    internal static void Check(Stream stream, IReadOnlyList<string> oneOf)
    {
        var position = stream.Position;
        try
        {
            using var zip = Open(stream);
            Check(zip, stream.Length, oneOf);
        }
        catch (Exception problem) when (problem is InvalidDataException or IOException or NotSupportedException or ArgumentException
            or OverflowException)
        {
            throw FormatProblem.Of("The model file cannot be read", problem);
        }
        finally
        {
            stream.Position = position;
        }
    }

    // What .NET misses of the format says little to those who do not know it.
    private static ZipArchive Open(Stream stream)
    {
        try
        {
            var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            _ = zip.Entries;
            return zip;
        }
        catch (Exception problem) when (problem is InvalidDataException or EndOfStreamException)
        {
            throw new InvalidDataException($"it is damaged, cut short or no zip: {problem.Message}", problem);
        }
    }

    private static void Check(ZipArchive zip, long length, IReadOnlyList<string> oneOf)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        long compressed = 0, inflated = 0;
        foreach (var entry in zip.Entries)
        {
            if (!names.Add(EntryArchive.Normalized(entry.FullName)))
                throw Problem(entry, "it is there twice.");
            compressed += Math.Max(0, entry.CompressedLength);
            inflated += Math.Max(0, entry.Length);
            if (compressed > length)
                throw Problem(entry, "with it the entries take more bytes than the file has.");
            if (inflated > EntryArchive.MostBytes(length))
            {
                throw Problem(entry, $"with it the entries have {inflated} bytes, more than the {EntryArchive.MostBytes(length)} that a "
                    + $"file of {length} may have.");
            }
        }

        if (!oneOf.Any(names.Contains))
            throw new InvalidDataException($"it is no model of ML.NET's: it has no entry '{oneOf[0]}'.");
        foreach (var entry in zip.Entries)
            CheckContent(entry);
    }

    private static void CheckContent(ZipArchiveEntry entry)
    {
        var (bytes, checksum) = Inflate(entry);
        if (bytes != entry.Length)
            throw Problem(entry, $"it has {bytes} bytes, but {entry.Length} were written.");
        if (checksum != entry.Crc32)
            throw Problem(entry, "it was altered after it was written: its checksum differs.");
    }

    private static (long Bytes, uint Checksum) Inflate(ZipArchiveEntry entry)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            using var content = entry.Open();
            long bytes = 0;
            var remainder = uint.MaxValue;
            for (int read; (read = content.Read(buffer)) > 0;)
            {
                bytes += read;
                foreach (var value in buffer.AsSpan(0, read))
                    remainder = Table[(byte)(remainder ^ value)] ^ (remainder >> 8);
            }

            return (bytes, ~remainder);
        }
        catch (InvalidDataException problem)
        {
            throw Problem(entry, problem.Message);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static InvalidDataException Problem(ZipArchiveEntry entry, string problem)
        => new($"the entry '{EntryArchive.Normalized(entry.FullName)}' cannot be read: {problem}");
}
