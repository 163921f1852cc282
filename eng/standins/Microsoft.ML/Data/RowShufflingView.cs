using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The source's rows in random order, drawn from a pool: every pass without an own generator has the same order.</summary>
internal sealed class RowShufflingView : DataViewBase
{
    private readonly IDataView _source;
    private readonly int _poolSize;
    private readonly bool _shuffleSource;
    private readonly int _seed;

    public RowShufflingView(IHostEnvironment env, IDataView source, int? seed, int poolSize, bool shuffleSource)
        : base(env.Register("Shuffle"), source.Schema)
    {
        (_source, _poolSize, _shuffleSource) = (source, poolSize, shuffleSource);
        _seed = seed ?? Host.Rand.Next();
    }

    public override bool CanShuffle => true;

    public override long? GetRowCount() => _source.GetRowCount();

    protected override DataViewRowCursor GetRowCursorCore(bool[] active, Random rand)
    {
        var sourceRandom = rand != null && _shuffleSource && _source.CanShuffle ? RandomUtils.Create(rand) : null;
        return new Cursor(Host, _source.GetRowCursor(Schema.Where(column => active[column.Index]), sourceRandom), _poolSize, rand ?? RandomUtils.Create(_seed));
    }

    private sealed class Cursor : StoredCursor
    {
        private readonly DataViewRowCursor _input;
        private readonly ColumnStore[] _stores;
        private readonly ValueGetter<DataViewRowId> _getId;
        private readonly List<DataViewRowId> _ids = [];
        private readonly List<int> _live = [];
        private readonly int _poolSize;
        private readonly Random _rand;
        private bool _inputEnded;

        public Cursor(IHost host, DataViewRowCursor input, int poolSize, Random rand)
            : base(host, input.Schema)
        {
            (_input, _poolSize, _rand) = (input, poolSize, rand);
            _stores = [.. input.Schema.Select(column => input.IsColumnActive(column) ? ColumnStore.Create(input, column) : null)];
            _getId = input.GetIdGetter();
            Show(_stores);
        }

        public override long Batch => 0;

        protected override DataViewRowId CurrentId => _ids[Slot];

        protected override bool MoveNextCore()
        {
            // The slot read last is the first to be filled anew.
            if (IsGood)
                Refill(Slot);
            while (!_inputEnded && _live.Count < _poolSize)
                Refill(_live.Count);
            if (_live.Count == 0)
                return false;
            var drawn = _rand.Next(_live.Count);
            Slot = _live[drawn];
            _live[drawn] = _live[^1];
            _live.RemoveAt(_live.Count - 1);
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            _input.Dispose();
            base.Dispose(disposing);
        }

        private void Refill(int slot)
        {
            _inputEnded = _inputEnded || !_input.MoveNext();
            if (_inputEnded)
                return;
            foreach (var store in _stores)
                store?.Store(slot);
            var id = default(DataViewRowId);
            _getId(ref id);
            if (slot < _ids.Count)
                _ids[slot] = id;
            else
                _ids.Add(id);
            _live.Add(slot);
        }
    }
}
