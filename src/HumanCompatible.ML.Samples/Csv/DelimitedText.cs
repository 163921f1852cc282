using System.Text;
using nietras.SeparatedValues;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>
/// Reads delimited text (RFC 4180) with Sep. Three things are done here because Sep does not: it checks neither bytes nor quotes, and it
/// finds the separator by the first row alone.
/// </summary>
internal static class DelimitedText
{
    private const int RowsLookedAt = 50;
    private static readonly char[] Separators = [',', ';', '\t', '|'];

    // Told by their byte order marks; UTF-32's begins as UTF-16's does. Without one it must be UTF-8.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);
    private static readonly Encoding[] Encodings =
    [
        new UTF32Encoding(bigEndian: false, byteOrderMark: true, throwOnInvalidCharacters: true),
        new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
        new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
        Utf8,
    ];

    /// <summary>
    /// The separator, and the rows that are not empty, each with the line it begins on, from 1, and the cells that blanks stood around,
    /// null for none. These blanks are not part of a cell.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="separator">What separates the cells; null to find it.</param>
    /// <param name="skippedLines">The lines at the start that are no rows.</param>
    /// <exception cref="SampleInputException">The file is no such text; the message names the line.</exception>
    public static (char Separator, List<(int Line, string[] Cells, bool[]? Padded)> Rows) Read(string path, char? separator,
        int skippedLines)
    {
        var text = Decode(path);
        var rows = new List<(int Line, string[] Cells, bool[]? Padded)>();
        var line = skippedLines + 1;
        try
        {
            var used = separator ?? Separators.MaxBy(candidate => Evenness(text, candidate, skippedLines));
            using var reader = Open(text, used, skippedLines);
            while (reader.MoveNext())
            {
                var row = reader.Current;
                var cells = Cells(row, used, out var padded);
                if (cells is not [""])
                    rows.Add((line, cells, padded));
                line = skippedLines + row.LineNumberToExcl;
            }
            return (used, rows);
        }
        catch (FormatException problem)
        {
            throw new SampleInputException($"{path}, line {line}: {problem.Message}.", problem);
        }
        catch (NotSupportedException problem) // a row of more than 16 million characters
        {
            throw new SampleInputException($"{path}, line {line}: the row is too long. Perhaps a quote is not closed.", problem);
        }
    }

    /// <summary>The cells of one row, written as a row of a table is.</summary>
    /// <exception cref="FormatException">The text is no row.</exception>
    public static string[] Split(string text, char separator)
    {
        using var reader = Open(text, separator, skippedLines: 0);
        if (!reader.MoveNext())
            return [""];
        var cells = Cells(reader.Current, separator, out _);
        return reader.MoveNext() ? throw new FormatException("it has more than one line") : cells;
    }

    private static string[] Cells(SepReader.Row row, char separator, out bool[]? padded)
    {
        padded = null;
        var cells = new string[row.ColCount];
        for (var column = 0; column < cells.Length; column++)
        {
            var whole = row[column].Span;
            var cell = whole.Trim();
            cells[column] = Unquote(cell, separator);
            if (cell.Length < whole.Length)
                (padded ??= new bool[cells.Length])[column] = true;
        }

        return cells;
    }

    private static string Decode(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var encoding = Array.Find(Encodings, known => bytes.AsSpan().StartsWith(known.Preamble));
        var start = encoding?.Preamble.Length ?? 0;
        try
        {
            var text = (encoding ?? Utf8).GetString(bytes, start, bytes.Length - start);
            var zero = text.IndexOf('\0', StringComparison.Ordinal);
            return zero < 0 ? text : throw Utf16(path, text.AsSpan(0, zero).Count('\n') + 1);
        }
        catch (DecoderFallbackException problem)
        {
            // UTF-16 without its mark: every other byte of ASCII is 0. It must not be called by the first other byte.
            var zero = encoding is null ? bytes.AsSpan(0, Math.Max(problem.Index, 0)).IndexOf((byte)0) : -1;
            if (zero >= 0)
                throw Utf16(path, bytes.AsSpan(0, zero).Count((byte)'\n') + 1);
            var line = bytes.AsSpan(start, Math.Max(problem.Index, 0)).Count((byte)'\n') + 1;
            var name = (encoding ?? Utf8).WebName.ToUpperInvariant();
            throw new SampleInputException(
                $"{path} is not {name} (byte 0x{problem.BytesUnknown?[0]:X2} on line {line}): save it as UTF-8.", problem);
        }
    }

    private static SampleInputException Utf16(string path, int line) => new(
        $"{path} is not UTF-8 (byte 0x00 on line {line}), but perhaps UTF-16 without its byte order mark: save it as UTF-8.");

    private static SepReader Open(string text, char separator, int skippedLines)
    {
        var rest = new StringReader(text);
        for (var skipped = 0; skipped < skippedLines; skipped++)
            rest.ReadLine();
        return new Sep(separator).Reader(options => options with { HasHeader = false, DisableColCountCheck = true }).From(rest);
    }

    // The share of rows with the commonest number of cells, and that number; nothing where the text is one column.
    private static (double Share, int Cells) Evenness(string text, char separator, int skippedLines)
    {
        using var reader = Open(text, separator, skippedLines);
        var counts = new List<int>();
        while (counts.Count < RowsLookedAt && reader.MoveNext())
        {
            if (!reader.Current.Span.IsEmpty)
                counts.Add(reader.Current.ColCount);
        }
        var (cells, rows) = counts.CountBy(count => count).DefaultIfEmpty().MaxBy(pair => pair.Value);
        return cells < 2 ? default : ((double)rows / counts.Count, cells);
    }

    // Sep takes a quote anywhere for the start of quoted text, and does not say so where it is never closed.
    private static string Unquote(ReadOnlySpan<char> cell, char separator)
    {
        if (cell is not ['"', ..])
        {
            return !cell.Contains('"') || !cell.ContainsAny(separator, '\n', '\r') ? cell.ToString()
                : throw new FormatException("a quote stands inside a cell. Write the whole cell in quotes, and twice each quote in it");
        }
        var inner = cell[1..].ToString().Replace("\"\"", "\0", StringComparison.Ordinal);
        var end = inner.IndexOf('"', StringComparison.Ordinal);
        if (end < 0)
            throw new FormatException("a quote is not closed");
        return end == inner.Length - 1 ? inner[..end].Replace('\0', '"')
            : throw new FormatException($"'{inner[(end + 1)..].TrimStart()[0]}' follows a closing quote");
    }
}
