using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Reads one column of a line and holds its value until the next line.</summary>
internal abstract class TextColumnReader(TextColumn column, TextReadingLog log)
{
    /// <summary>The getter of the value last read.</summary>
    public abstract Delegate Getter { get; }

    protected TextColumn Column { get; } = column;

    /// <summary>Parses the column's fields. Real numbers and keys that are not ones become missing; other types throw.</summary>
    public abstract void Read(LineFields fields, long line);

    public static TextColumnReader Create(TextColumn column, TextReadingLog log, bool decimalComma, bool emptyIsMissing)
        => Generic.Invoke<TextColumnReader>(CreateCore<int>, column.ItemType.RawType, column, log, decimalComma, emptyIsMissing);

    private static TextColumnReader CreateCore<T>(TextColumn column, TextReadingLog log, bool decimalComma, bool emptyIsMissing)
    {
        var parse = TextParsing.For<T>(column.ItemType, decimalComma, emptyIsMissing);
        var missingReals = emptyIsMissing && (typeof(T) == typeof(float) || typeof(T) == typeof(double));
        return column.Type is VectorDataViewType ? new VectorReader<T>(column, log, parse, missingReals) : new ScalarReader<T>(column, log, parse, missingReals);
    }

    private T Parse<T>(TryParseText<T> parse, ReadOnlyMemory<char> text, int slot, long line)
    {
        if (parse(text, out var value))
            return value;
        var where = slot < 0 ? $"in line {line}, column {Column.Name}" : $"in slot {slot} of column {Column.Name} in line {line}";
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double) && Column.ItemType is not KeyDataViewType)
            throw Contracts.Except($"Could not parse value {text} {where}");
        log.BadValue(line, Column.Name, slot);
        return value;
    }

    private sealed class ScalarReader<T>(TextColumn column, TextReadingLog log, TryParseText<T> parse, bool readEmpty) : TextColumnReader(column, log)
    {
        private readonly int _source = column.Segments[0].Min;
        private T _value;

        public override Delegate Getter => (ValueGetter<T>)((ref T value) => value = _value);

        public override void Read(LineFields fields, long line)
        {
            var text = fields[_source];
            _value = text.IsEmpty && !readEmpty ? default : Parse(parse, text, -1, line);
        }
    }

    private sealed class VectorReader<T>(TextColumn column, TextReadingLog log, TryParseText<T> parse, bool readEmpty) : TextColumnReader(column, log)
    {
        private readonly VectorBuilder<T> _builder = new();

        public override Delegate Getter => (ValueGetter<VBuffer<T>>)_builder.CopyTo;

        public override void Read(LineFields fields, long line)
        {
            var size = Column.FixedSize + Column.Segments.Where(segment => segment.Lim == TextColumn.EndOfLine).Sum(segment => Math.Max(0, fields.Count - segment.Min));
            _builder.Reset(size, size / 2);
            var slot = 0;
            foreach (var (min, lim, _) in Column.Segments)
            {
                var end = lim == TextColumn.EndOfLine ? Math.Max(min, fields.Count) : lim;
                for (var source = min; source < end; source++, slot++)
                {
                    var text = fields[source];
                    if (!text.IsEmpty || readEmpty)
                        _builder.Add(slot, Parse(parse, text, slot, line));
                }
            }
        }
    }
}

/// <summary>What a reader of a text file found wrong: the first ten cases to the log, a count at the end.</summary>
internal sealed class TextReadingLog(IChannelProvider provider) : IDisposable
{
    private const int Shown = 10;
    private readonly IChannel _channel = provider.Start("ParseStats");
    private long _badValues;
    private long _formatErrors;

    public long Rows { get; set; }

    public void BadValue(long line, string column, int slot)
    {
        if (++_badValues <= Shown)
            _channel.Info(MessageSensitivity.Schema, slot < 0 ? $"  Bad value at line {line} in column {column}" : $"  Bad value at line {line} in column {column} at slot {slot}");
    }

    public void QuotingErrors(int count, string path, long line)
    {
        if (count > 0 && (_formatErrors += count) <= Shown)
            _channel.Warning($"Format error at {path}({line}): Illegal quoting");
    }

    public void Dispose()
    {
        if (_badValues > 0 || _formatErrors > 0)
            _channel.Info($"Processed {Rows} rows with {_badValues} bad values and {_formatErrors} format errors");
        _channel.Dispose();
    }
}
