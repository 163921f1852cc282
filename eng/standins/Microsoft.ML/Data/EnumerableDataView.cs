using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view of a sequence of objects: every cursor enumerates it anew.</summary>
internal sealed class EnumerableDataView<TRow>(IHostEnvironment env, IEnumerable<TRow> data, RowMember[] members)
    : DataViewBase(env.Register("StreamingDataView"), RowMember.SchemaOf(members))
    where TRow : class
{
    public override bool CanShuffle => false;

    public override long? GetRowCount() => (data as ICollection<TRow>)?.Count;

    protected override DataViewRowCursor GetRowCursorCore(bool[] active, Random rand) => new Cursor(Host, Schema, data, members, active);

    private sealed class Cursor : RootCursorBase
    {
        private readonly IEnumerator<TRow> _rows;
        private readonly Delegate[] _getters;

        public Cursor(IHost host, DataViewSchema schema, IEnumerable<TRow> data, RowMember[] members, bool[] active)
            : base(host)
        {
            Schema = schema;
            _rows = data.GetEnumerator();
            _getters = ObjectGetters.Create(members, active, Current);
        }

        public override long Batch => 0;

        public override DataViewSchema Schema { get; }

        public override bool IsColumnActive(DataViewSchema.Column column)
        {
            Ch.Check(column.Index >= 0 && column.Index < _getters.Length, $"Column index must be between 0 and {_getters.Length}");
            return _getters[column.Index] != null;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
        {
            Ch.Check(IsGood, NoRowMessage);
            id = new DataViewRowId((ulong)Position, 0);
        };

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Ch.CheckParam(IsColumnActive(column), nameof(column), "requested column not active");
            return _getters[column.Index] as ValueGetter<TValue> ?? throw Ch.Except(
                $"Invalid TValue in GetGetter for column #{column}: '{typeof(TValue)}', expected type: '{_getters[column.Index].GetType().GetGenericArguments()[0]}'.");
        }

        protected override bool MoveNextCore()
        {
            var moved = _rows.MoveNext();
            Ch.Check(!moved || _rows.Current != null, "Encountered null when iterating over data, this is not supported.");
            return moved;
        }

        private TRow Current()
        {
            Ch.Check(IsGood, NoRowMessage);
            return _rows.Current;
        }
    }
}
