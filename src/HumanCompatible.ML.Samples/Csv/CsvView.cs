using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>Some rows of a table as ML.NET's data: a Single for each numeric column, text for each other, Boolean for the label.</summary>
internal sealed class CsvView : IDataView
{
    private readonly Array[] _columns;
    private readonly int[] _rows;

    public CsvView(CsvData data, int[] rows)
    {
        var schema = new DataViewSchema.Builder();
        var columns = new List<Array>();
        void Add(string name, DataViewType type, Array values)
        {
            schema.AddColumn(name, type);
            columns.Add(values);
        }

        foreach (var (name, numbers) in data.Numbers)
            Add(name, NumberDataViewType.Single, numbers);
        foreach (var (name, texts) in data.Texts)
            Add(name, TextDataViewType.Instance, Array.ConvertAll(texts, text => text.AsMemory()));
        Add(data.Label, BooleanDataViewType.Instance, data.Labels);
        Schema = schema.ToSchema();
        (_columns, _rows) = ([.. columns], rows);
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    public long? GetRowCount() => _rows.Length;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        ArgumentNullException.ThrowIfNull(columnsNeeded);
        var active = new bool[_columns.Length];
        foreach (var column in columnsNeeded)
            active[column.Index] = true;
        return new Cursor(this, active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(CsvView view, bool[] active) : DataViewRowCursor
    {
        private long _position = -1;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => _position;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            if (_position == view._rows.Length)
                return false;
            return ++_position < view._rows.Length;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!active[column.Index])
                throw new InvalidOperationException($"Column '{column.Name}' was not asked for.");
            if (view._columns[column.Index] is not TValue[] values)
                throw new InvalidOperationException($"Column '{column.Name}' holds {column.Type}, not {typeof(TValue).Name}.");
            return (ref TValue value) => value = values[view._rows[_position]];
        }

        public override ValueGetter<DataViewRowId> GetIdGetter()
            => (ref DataViewRowId value) => value = new DataViewRowId((ulong)_position, 0);
    }
}
