using System.Text;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>
/// Reads records of cells (RFC 4180): a cell in double quotes may hold the separator, line ends and, doubled, quotes. Blanks around a cell
/// are not part of it;
/// lines that are empty are no records.
/// </summary>
internal sealed class DelimitedReader(TextReader source, char separator)
{
    private readonly StringBuilder _cell = new();
    private int _line = 1;

    /// <summary>The line on which the last record began, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>Passes over lines that are not part of the table.</summary>
    public void Skip(int lines)
    {
        for (var skipped = 0; skipped < lines && source.ReadLine() is not null; skipped++)
            _line++;
    }

    /// <returns>The cells, or null at the end.</returns>
    /// <exception cref="FormatException">A quote is not closed, or is followed by more than a separator.</exception>
    public string[]? Read()
    {
        while (source.Peek() >= 0)
        {
            Line = _line;
            var cells = new List<string>();
            do
                cells.Add(ReadCell());
            while (TakeSeparator());
            if (cells.Count > 1 || cells[0].Length > 0)
                return [.. cells];
        }
        return null;
    }

    private string ReadCell()
    {
        SkipBlanks();
        if (source.Peek() != '"')
        {
            _cell.Clear();
            while (source.Peek() is >= 0 and var next && next != separator && next is not ('\n' or '\r'))
                _cell.Append((char)source.Read());
            return _cell.ToString().TrimEnd();
        }

        source.Read();
        _cell.Clear();
        while (true)
        {
            var next = source.Read();
            if (next < 0)
                throw new FormatException($"line {Line}: a quote is not closed");
            if (next == '\n')
                _line++;
            if (next != '"')
                _cell.Append((char)next);
            else if (source.Peek() == '"')
                _cell.Append((char)source.Read());
            else
                break;
        }
        SkipBlanks();
        if (source.Peek() is >= 0 and var after && after != separator && after is not ('\n' or '\r'))
            throw new FormatException($"line {Line}: '{(char)after}' follows a closing quote");
        return _cell.ToString();
    }

    // At the end of the line, takes its end instead.
    private bool TakeSeparator()
    {
        var next = source.Read();
        if (next == separator)
            return true;
        if (next == '\r' && source.Peek() == '\n')
            source.Read();
        if (next >= 0)
            _line++;
        return false;
    }

    private void SkipBlanks()
    {
        while (source.Peek() is ' ' or '\t' && source.Peek() != separator)
            source.Read();
    }
}
