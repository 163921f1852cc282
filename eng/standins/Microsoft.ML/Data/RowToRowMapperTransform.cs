using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view, and a mapper of single rows, with the columns that an <see cref="IRowMapper"/> adds. Lazy: only wanted columns are computed.</summary>
internal sealed class RowToRowMapperTransform : IDataView, IRowToRowMapper
{
    private readonly IHost _host;
    private readonly IDataView _source;
    private readonly IRowMapper _mapper;
    private readonly ColumnBindings _bindings;

    public RowToRowMapperTransform(IHostEnvironment env, IDataView source, IRowMapper mapper)
    {
        _host = env.Register(nameof(RowToRowMapperTransform));
        (_source, _mapper) = (source, mapper);
        _bindings = new ColumnBindings(source.Schema, mapper.GetOutputColumns());
    }

    public DataViewSchema Schema => _bindings.Schema;

    public DataViewSchema InputSchema => _source.Schema;

    public DataViewSchema OutputSchema => _bindings.Schema;

    public bool CanShuffle => _source.CanShuffle;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = DataViewBase.ActiveColumns(Schema, columnsNeeded);
        return new Cursor(this, _source.GetRowCursor(InputColumns(active), rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        var active = DataViewBase.ActiveColumns(Schema, columnsNeeded);
        return [.. _source.GetRowCursorSet(InputColumns(active), n, rand).Select(cursor => new Cursor(this, cursor, active))];
    }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
        => InputColumns(DataViewBase.ActiveColumns(Schema, dependingColumns));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        _host.CheckValue(input, nameof(input));
        _host.CheckValue(activeColumns, nameof(activeColumns));
        _host.Check(input.Schema == InputSchema, "Schema of input row must be the same as the schema the mapper is bound to");
        return new Row(this, input, DataViewBase.ActiveColumns(Schema, activeColumns));
    }

    private DataViewSchema.Column[] InputColumns(bool[] active)
    {
        var needed = _mapper.GetDependencies(output => active[_bindings.AddedColumnIndices[output]]);
        var passed = new bool[InputSchema.Count];
        for (var i = 0; i < active.Length; i++)
        {
            var index = _bindings.MapColumnIndex(out var isInput, i);
            if (isInput)
                passed[index] = active[i];
        }
        return [.. InputSchema.Where(column => passed[column.Index] || needed(column.Index))];
    }

    private Delegate[] Getters(DataViewRow input, bool[] active, out Action disposer)
        => _mapper.CreateGetters(input, output => active[_bindings.AddedColumnIndices[output]], out disposer);

    private ValueGetter<TValue> Getter<TValue>(DataViewRow input, Delegate[] getters, DataViewSchema.Column column)
    {
        var index = _bindings.MapColumnIndex(out var isInput, column.Index);
        return isInput ? input.GetGetter<TValue>(InputSchema[index]) : DataViewBase.Typed<TValue>(getters[index]);
    }

    private sealed class Cursor : SynchronizedCursorBase
    {
        private readonly RowToRowMapperTransform _parent;
        private readonly bool[] _active;
        private readonly Delegate[] _getters;
        private Action _disposer;

        public Cursor(RowToRowMapperTransform parent, DataViewRowCursor input, bool[] active)
            : base(parent._host, input)
        {
            (_parent, _active) = (parent, active);
            _getters = parent.Getters(input, active, out _disposer);
        }

        public override DataViewSchema Schema => _parent.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column)
        {
            Ch.Check(column.Index < _active.Length);
            return _active[column.Index];
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Ch.Check(IsColumnActive(column));
            return _parent.Getter<TValue>(Input, _getters, column);
        }

        protected override void Dispose(bool disposing)
        {
            _disposer?.Invoke();
            _disposer = null;
            base.Dispose(disposing);
        }
    }

    private sealed class Row : WrappingRow
    {
        private readonly RowToRowMapperTransform _parent;
        private readonly Delegate[] _getters;
        private readonly Action _disposer;

        public Row(RowToRowMapperTransform parent, DataViewRow input, bool[] active)
            : base(input)
        {
            _parent = parent;
            _getters = parent.Getters(input, active, out _disposer);
        }

        public override DataViewSchema Schema => _parent.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column)
        {
            var index = _parent._bindings.MapColumnIndex(out var isInput, column.Index);
            return isInput ? Input.IsColumnActive(_parent.InputSchema[index]) : _getters[index] != null;
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Contracts.Check(IsColumnActive(column));
            return _parent.Getter<TValue>(Input, _getters, column);
        }

        protected override void DisposeCore(bool disposing) => _disposer?.Invoke();
    }
}
