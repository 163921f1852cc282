using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Experiments;

/// <summary>Some rows of a view, in their order.</summary>
/// <param name="source">The view.</param>
/// <param name="rows">The numbers of the rows, each once.</param>
internal sealed class RowSubset(IDataView source, int[] rows) : IDataView
{
    private readonly HashSet<long> _rows = [.. rows.Select(row => (long)row)];

    public DataViewSchema Schema => source.Schema;

    public bool CanShuffle => false;

    public long? GetRowCount() => _rows.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
        => new Cursor(source.GetRowCursor(columnsNeeded), _rows);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewRowCursor source, HashSet<long> rows) : DataViewRowCursor
    {
        private long _row = -1;
        private long _position = -1;

        public override long Position => _position;

        public override long Batch => source.Batch;

        public override DataViewSchema Schema => source.Schema;

        public override bool MoveNext()
        {
            while (source.MoveNext())
            {
                if (!rows.Contains(++_row))
                    continue;
                _position++;
                return true;
            }

            _position = -1;
            return false;
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => source.GetGetter<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => source.IsColumnActive(column);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                source.Dispose();
            base.Dispose(disposing);
        }
    }
}
