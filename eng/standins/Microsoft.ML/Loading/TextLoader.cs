using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public sealed partial class TextLoader : IDataLoader<IMultiStreamSource>
{
    private readonly IHost _host;
    private readonly Options _options;
    private readonly char[] _separators;
    private readonly TextColumn[] _columns;
    private readonly DataViewSchema _schema;

    internal TextLoader(IHostEnvironment env, Options options = null, IMultiStreamSource dataSample = null)
    {
        Contracts.CheckValue(env, nameof(env));
        _host = env.Register("TextLoader");
        _options = options ??= new Options();
        _host.CheckUserArg(options.MaxRows is null or >= 0, nameof(options.MaxRows));
        _host.CheckUserArg(options.InputSize is null or >= 0, nameof(options.InputSize));
        _host.CheckNonEmpty(options.Separators, nameof(options.Separators), "Must specify a separator");
        _separators = [.. options.Separators.Distinct().Select(CheckSeparator)];
        _host.CheckUserArg(options.DecimalMarker is '.' or ',', nameof(options.DecimalMarker), $"Decimal marker cannot be the '{options.DecimalMarker}' character. It must be '.' or ','.");
        if (!options.AllowQuoting && options.DecimalMarker == ',' && _separators.Contains(','))
            throw _host.ExceptUserArg(nameof(options.AllowQuoting), "Quoting must be allowed if decimal marker and separator are the ',' character.");
        if (_separators.Contains(options.EscapeChar))
            throw _host.ExceptUserArg(nameof(options.EscapeChar), $"EscapeChar '{options.EscapeChar}' can't be used both as EscapeChar and separator");

        dataSample ??= new MultiFileSource(null);
        var columns = options.Columns is { Length: > 0 }
            ? options.Columns
            : [new Column(DefaultColumnNames.Label, DataKind.Single, 0), new Column(DefaultColumnNames.Features, DataKind.Single, [new Range(1, null)])];
        _columns = TextColumn.Resolve(columns, () => InputSize(dataSample));
        _schema = MakeSchema(HeaderLine(dataSample));
    }

    public DataViewSchema GetOutputSchema() => _schema;

    public IDataView Load(IMultiStreamSource source) => new View(this, source);

    void ICanSaveModel.Save(ModelSaveContext ctx)
        => throw _host.ExceptNotSupp($"Saving a {nameof(TextLoader)} with a model is not in this stand-in: save the model with the schema of its input instead");

    internal static TextLoader CreateTextLoader<TInput>(IHostEnvironment env, Options options, IMultiStreamSource dataSample = null)
    {
        var members = RowTypeColumns.Of(typeof(TInput));
        options.Columns = members.Length > 0
            ? members
            : throw env.ExceptParam(nameof(TInput), $"Should define at least one public, readable field or property in {nameof(TInput)}.");
        return new TextLoader(env, options, dataSample);
    }

    private char CheckSeparator(char separator)
    {
        _host.CheckUserArg(separator != ':' || !_options.AllowSparse, "Separator", "When the separator is colon, turn off allowSparse");
        if (separator != '\t' && (separator is < ' ' or '"' || char.IsAsciiDigit(separator)))
            throw _host.ExceptUserArg("Separator", $"Illegal separator: '{separator}'");
        return separator;
    }

    private LineFields NewFields() => new(_separators, _options.EscapeChar, _options.AllowQuoting, _options.AllowSparse, _options.TrimWhitespace, _options.InputSize ?? 0);

    private Func<string, bool> Multiline()
    {
        if (!_options.AllowQuoting || !_options.ReadMultilines)
            return null;
        var fields = NewFields();
        return line =>
        {
            fields.Split(line, int.MaxValue - 1);
            return fields.EndsInsideQuotes;
        };
    }

    /// <summary>The number of fields of the first hundred lines, a header included: they must agree.</summary>
    private int InputSize(IMultiStreamSource sample)
    {
        if (_options.InputSize > 0)
            return _options.InputSize.Value;
        var fields = NewFields();
        var sizes = TextLines.Read(sample, skipHeader: false, Multiline()).Take(100).Select(line =>
        {
            fields.Split(line.Text, int.MaxValue - 1);
            return fields.Count;
        }).Distinct().ToArray();
        _host.CheckUserArg(sizes.Length > 0, nameof(Column.Source), "Can't determine the number of source columns without valid data");
        _host.CheckUserArg(sizes.Length == 1, nameof(Column.Source), "The size of input lines is not consistent");
        return sizes[0];
    }

    private string HeaderLine(IMultiStreamSource sample)
    {
        var file = string.IsNullOrWhiteSpace(_options.HeaderFile) ? sample : new MultiFileSource(_options.HeaderFile);
        var named = _options.HasHeader || file != sample;
        return named ? TextLines.Read(file, skipHeader: false, Multiline()).Select(line => line.Text).FirstOrDefault() : null;
    }

    private DataViewSchema MakeSchema(string header)
    {
        var fields = NewFields();
        fields.Split(header ?? "", int.MaxValue - 1);
        var builder = new DataViewSchema.Builder();
        foreach (var column in _columns)
        {
            var annotations = new DataViewSchema.Annotations.Builder();
            if (header != null && column.Type.IsKnownSizeVector())
            {
                var names = new VBuffer<ReadOnlyMemory<char>>(column.FixedSize, [.. column.Segments
                    .SelectMany(segment => Enumerable.Range(segment.Min, segment.Lim - segment.Min))
                    .Select(source => fields[source].Trim())]);
                if (names.DenseValues().Any(name => !name.IsEmpty))
                    annotations.AddSlotNames(column.FixedSize, (ref VBuffer<ReadOnlyMemory<char>> value) => names.CopyTo(ref value));
            }
            builder.AddColumn(column.Name, column.Type, annotations.ToAnnotations());
        }
        return builder.ToSchema();
    }

    private sealed class View(TextLoader loader, IMultiStreamSource files) : DataViewBase(loader._host.Register("BoundLoader"), loader._schema)
    {
        public override bool CanShuffle => false;

        public override long? GetRowCount() => null;

        protected override DataViewRowCursor GetRowCursorCore(bool[] active, Random rand) => new Cursor(Host, loader, files, active);
    }

    private sealed class Cursor : RootCursorBase
    {
        private readonly TextLoader _loader;
        private readonly bool[] _active;
        private readonly IEnumerator<(string Path, long Number, string Text)> _lines;
        private readonly LineFields _fields;
        private readonly TextReadingLog _log;
        private readonly TextColumnReader[] _readers;
        private readonly int _lastNeeded;

        public Cursor(IHost host, TextLoader loader, IMultiStreamSource files, bool[] active)
            : base(host)
        {
            (_loader, _active, _fields) = (loader, active, loader.NewFields());
            _log = new TextReadingLog(host);
            var options = loader._options;
            _readers = [.. loader._columns.Select((column, i) => active[i] ? TextColumnReader.Create(column, _log, options.DecimalMarker == ',', options.MissingRealsAsNaNs) : null)];
            _lastNeeded = loader._columns.Where((_, i) => active[i]).Select(column => column.SourceLim).DefaultIfEmpty(1).Max() - 1;
            if (options.InputSize > 0)
                _lastNeeded = Math.Min(_lastNeeded, options.InputSize.Value - 1);
            _lines = TextLines.Read(files, options.HasHeader && string.IsNullOrWhiteSpace(options.HeaderFile), loader.Multiline()).GetEnumerator();
        }

        public override DataViewSchema Schema => _loader._schema;

        public override long Batch => 0;

        public override bool IsColumnActive(DataViewSchema.Column column)
        {
            Ch.Check(column.Index < _active.Length);
            return _active[column.Index];
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) =>
        {
            Ch.Check(IsGood, "Cannot fetch a value as the row cursor is not in a good state");
            value = new DataViewRowId((ulong)Position, 0);
        };

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Ch.CheckParam(column.Index < _active.Length, nameof(column), "requested column not valid.");
            Ch.Check(IsColumnActive(column));
            var read = DataViewBase.Typed<TValue>(_readers[column.Index].Getter);
            return (ref TValue value) =>
            {
                Ch.Check(IsGood);
                read(ref value);
            };
        }

        protected override bool MoveNextCore()
        {
            if (Position + 1 >= (_loader._options.MaxRows ?? long.MaxValue))
                return false;
            try
            {
                if (!_lines.MoveNext())
                    return false;
                var (path, number, text) = _lines.Current;
                _fields.Split(text, _lastNeeded);
                _log.QuotingErrors(_fields.QuotingErrors, path, number);
                foreach (var reader in _readers)
                    reader?.Read(_fields, number);
            }
            catch (Exception exception) when (exception is IOException || (exception is InvalidOperationException && _loader._options.UseThreads))
            {
                // The original reads and parses on threads of its own and hands their errors on like this.
                var message = exception is IOException ? "Stream reading encountered exception" : exception.Message;
                throw Ch.ExceptDecode(exception, $"Parsing failed with an exception: {message}");
            }
            _log.Rows++;
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            _lines.Dispose();
            _log.Dispose();
            base.Dispose(disposing);
        }
    }
}
