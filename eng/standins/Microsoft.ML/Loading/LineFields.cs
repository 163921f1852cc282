using System.Text;

namespace Microsoft.ML.Data;

/// <summary>Splits a line of a text file into its fields, by source index. One of these belongs to one reader.</summary>
internal sealed class LineFields(char[] separators, char escapeChar, bool quoting, bool sparse, bool trimEnd, int inputSize)
{
    private readonly bool _spaceSeparates = Array.IndexOf(separators, ' ') >= 0;
    private readonly StringBuilder _unquoted = new();
    private ReadOnlyMemory<char>[] _fields = new ReadOnlyMemory<char>[16];
    private int _written;

    /// <summary>One past the last source index of the line.</summary>
    public int Count { get; private set; }

    /// <summary>How many fields had quotes that could not be understood; their value is empty.</summary>
    public int QuotingErrors { get; private set; }

    /// <summary>Whether the line ended inside quotes.</summary>
    public bool EndsInsideQuotes { get; private set; }

    /// <summary>The text of a field, quotes undone; empty beyond the end of the line.</summary>
    public ReadOnlyMemory<char> this[int source] => source < _written ? _fields[source] : default;

    /// <summary>Splits a line, up to the field <paramref name="lastNeeded"/>.</summary>
    public void Split(string line, int lastNeeded)
    {
        Array.Clear(_fields, 0, _written);
        (_written, Count, QuotingErrors, EndsInsideQuotes) = (0, 0, 0, false);
        var text = line.AsMemory();
        if (trimEnd)
            text = text.TrimEnd();
        var position = 0;
        var source = 0;
        var more = true;
        while (more)
        {
            more = Next(text, ref position, out var sparseIndex, out var value);
            if (sparseIndex >= 0)
            {
                SplitSparse(text, position, more, source, sparseIndex, value, lastNeeded);
                return;
            }
            Put(source, value);
            if (source++ > lastNeeded || (!sparse && source > lastNeeded))
                break;
        }
        Count = Math.Max(source, sparse ? inputSize : 0);
    }

    /// <summary>The rest of a line from its first "index:value" on. The field before it says how many values there are, unless the loader does.</summary>
    private void SplitSparse(ReadOnlyMemory<char> text, int position, bool more, int source, int sparseIndex, ReadOnlyMemory<char> value, int lastNeeded)
    {
        var (start, limit) = (source, inputSize);
        if (inputSize == 0)
        {
            start = source - 1;
            if (start < 0 || !int.TryParse(this[start].Span, out var size) || size <= 0)
            {
                Count = source;
                return;
            }
            limit = start + size;
            Put(start, default);
        }
        Count = limit;
        var previous = -1;
        while (sparseIndex > previous && start + sparseIndex < limit)
        {
            if (start + sparseIndex <= lastNeeded)
                Put(start + sparseIndex, value);
            previous = sparseIndex;
            if (!more)
                return;
            more = Next(text, ref position, out sparseIndex, out value);
        }
    }

    private void Put(int source, ReadOnlyMemory<char> value)
    {
        if (source >= _fields.Length)
            Array.Resize(ref _fields, Math.Max(source + 1, 2 * _fields.Length));
        _fields[source] = value;
        _written = Math.Max(_written, source + 1);
    }

    private bool IsSeparator(char c)
    {
        foreach (var separator in separators)
        {
            if (c == separator)
                return true;
        }
        return false;
    }

    private void SkipSpaces(ReadOnlySpan<char> span, ref int position)
    {
        while (!_spaceSeparates && position < span.Length && span[position] == ' ')
            position++;
    }

    /// <summary>Reads the field at the position; whether another one follows.</summary>
    private bool Next(ReadOnlyMemory<char> text, ref int position, out int sparseIndex, out ReadOnlyMemory<char> value)
    {
        var span = text.Span;
        sparseIndex = -1;
        SkipSpaces(span, ref position);
        if (sparse && position < span.Length && char.IsAsciiDigit(span[position]))
        {
            var digits = span[position..].IndexOfAnyExceptInRange('0', '9');
            if (digits is > 0 and <= 9 && span[position + digits] == ':')
            {
                sparseIndex = int.Parse(span.Slice(position, digits), System.Globalization.CultureInfo.InvariantCulture);
                position += digits + 1;
                SkipSpaces(span, ref position);
            }
        }
        if (quoting && position < span.Length && span[position] == '"')
        {
            value = Quoted(span, ref position);
        }
        else
        {
            var start = position;
            while (position < span.Length && !IsSeparator(span[position]))
                position++;
            value = text[start..position];
        }
        return position++ < span.Length;
    }

    private ReadOnlyMemory<char> Quoted(ReadOnlySpan<char> span, ref int position)
    {
        _unquoted.Clear();
        position++;
        var closed = false;
        while (position < span.Length && !closed)
        {
            var c = span[position++];
            if (c == escapeChar && position < span.Length && (escapeChar != '"' || span[position] == '"'))
            {
                // An escape character stays, unless it escapes a quote; what follows it is never a closing quote.
                if (span[position] != '"')
                    _unquoted.Append(c);
                _unquoted.Append(span[position++]);
            }
            else if (c == '"')
            {
                closed = true;
            }
            else
            {
                _unquoted.Append(c);
            }
        }
        EndsInsideQuotes = !closed;
        // After the closing quote only spaces may come before the next separator.
        var good = closed;
        while (position < span.Length && !IsSeparator(span[position]))
            good &= span[position++] == ' ';
        QuotingErrors += good ? 0 : 1;
        return good ? _unquoted.ToString().AsMemory() : default;
    }
}
