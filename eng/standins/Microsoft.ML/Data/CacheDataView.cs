using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Keeps the columns that were once asked for in memory: each is read from the source once.</summary>
internal sealed class CacheDataView : DataViewBase
{
    private const int BatchSize = 64;

    private readonly IDataView _source;
    private readonly ColumnStore[] _stores;
    private readonly Lock _lock = new();
    private long? _rows;

    public CacheDataView(IHostEnvironment env, IDataView source, int[] prefetch)
        : base(env.Register("Cache"), source.Schema)
    {
        _source = source;
        _stores = new ColumnStore[source.Schema.Count];
        _rows = source.GetRowCount();
        if (prefetch is { Length: > 0 })
            Fill(source.Schema.Where(column => Array.IndexOf(prefetch, column.Index) >= 0));
    }

    public override bool CanShuffle => true;

    public override long? GetRowCount() => _rows;

    public override DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        n = Math.Max(n, 1);
        var active = ActiveColumns(Schema, columnsNeeded);
        Fill(Schema.Where(column => active[column.Index]));
        var order = rand == null ? null : Permutation(rand, (int)_rows);
        return [.. Enumerable.Range(0, n).Select(part => new Cursor(this, active, order, part, n))];
    }

    internal static int[] Permutation(Random rand, int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        rand.Shuffle(order);
        return order;
    }

    protected override DataViewRowCursor GetRowCursorCore(bool[] active, Random rand)
        => GetRowCursorSet(Schema.Where(column => active[column.Index]), 1, rand)[0];

    private void Fill(IEnumerable<DataViewSchema.Column> columns)
    {
        lock (_lock)
        {
            DataViewSchema.Column[] missing = [.. columns.Where(column => _stores[column.Index] == null)];
            if (missing.Length == 0 && _rows != null)
                return;
            using var cursor = _source.GetRowCursor(missing);
            var stores = Array.ConvertAll(missing, column => ColumnStore.Create(cursor, column));
            var count = 0;
            for (; cursor.MoveNext(); count++)
            {
                foreach (var store in stores)
                    store.Store(count);
            }
            Host.Check(_rows == null || _rows == count, "The input gave another number of rows than before.");
            _rows = count;
            for (var i = 0; i < missing.Length; i++)
                _stores[missing[i].Index] = stores[i];
        }
    }

    /// <summary>Blocks of rows, dealt in turn to the cursors of a set.</summary>
    private sealed class Cursor : StoredCursor
    {
        private readonly int[] _order;
        private readonly long _rows;
        private readonly int _parts;
        private long _next;

        public Cursor(CacheDataView parent, bool[] active, int[] order, int part, int parts)
            : base(parent.Host, parent.Schema)
        {
            (_order, _parts, _rows, _next) = (order, parts, (long)parent._rows, part * BatchSize);
            Show([.. parent._stores.Select((store, i) => active[i] ? store : null)]);
        }

        public override long Batch => _parts == 1 ? 0 : (_next - 1) / BatchSize;

        protected override DataViewRowId CurrentId => new((ulong)Slot, 0);

        protected override bool MoveNextCore()
        {
            if (IsGood && _parts > 1 && _next % BatchSize == 0)
                _next += (long)(_parts - 1) * BatchSize;
            if (_next >= _rows)
                return false;
            Slot = _order == null ? (int)_next : _order[_next];
            _next++;
            return true;
        }
    }
}
