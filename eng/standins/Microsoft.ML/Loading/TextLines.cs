namespace Microsoft.ML.Data;

/// <summary>The lines of one or more text files that hold data: no comments, no blank lines, no headers.</summary>
internal static class TextLines
{
    /// <param name="files">The files, in this order.</param>
    /// <param name="skipHeader">Whether the first line of each file that is no comment is a header.</param>
    /// <param name="multiline">Says whether a line ends inside quotes, so that the next one belongs to it; null where values never span lines.</param>
    public static IEnumerable<(string Path, long Number, string Text)> Read(IMultiStreamSource files, bool skipHeader, Func<string, bool> multiline)
    {
        for (var file = 0; file < files.Count; file++)
        {
            var path = files.GetPathOrNull(file);
            using var reader = files.OpenTextReader(file);
            var atStart = true;
            long number = 0;
            while (reader.ReadLine() is { } text)
            {
                number++;
                // Lines that start with # are comments only before the first line of data or header.
                if (text.Length == 0 || text.StartsWith("//", StringComparison.Ordinal) || (atStart && text[0] == '#'))
                    continue;
                text = multiline == null ? text : ReadOn(reader, text, number, multiline);
                var isHeader = atStart && skipHeader;
                atStart = false;
                if (!isHeader)
                    yield return (path, number, text);
            }
        }
    }

    private static string ReadOn(TextReader reader, string text, long number, Func<string, bool> multiline)
    {
        while (multiline(text))
        {
            var next = reader.ReadLine()
                ?? throw new EndOfStreamException($"A quoted field opened on line {number - 1} was never closed, and we've read to the last line in the file without finding the closing quote");
            text = $"{text}\n{next}";
        }
        return text;
    }
}
