using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Getters of columns that are the members of row objects.</summary>
internal static class ObjectGetters
{
    public static Delegate[] Create<TRow>(RowMember[] members, bool[] active, Func<TRow> current)
        => [.. members.Select((member, i) => active[i] ? Create(member, current) : null)];

    private static Delegate Create<TRow>(RowMember member, Func<TRow> current)
    {
        if (member.Type == typeof(string))
            return Text(member.Getter<TRow, string>(), current);
        if (member.Type == typeof(string[]))
            return Texts(member.Getter<TRow, string[]>(), current);
        var maker = new Maker<TRow>(member, current);
        if (member.Type.IsArray)
            return Generic.Invoke<Delegate>(maker.Array<int>, member.Type.GetElementType());
        if (member.ColumnType is VectorDataViewType vector)
            return Generic.Invoke<Delegate>(maker.Vector<int>, vector.ItemType.RawType);
        if (member.ColumnType is KeyDataViewType)
            return Generic.Invoke<Delegate>(maker.Key<int>, member.Type);
        return Generic.Invoke<Delegate>(maker.Direct<int>, member.Type);
    }

    private static ValueGetter<ReadOnlyMemory<char>> Text<TRow>(Func<TRow, string> peek, Func<TRow> current)
        => (ref ReadOnlyMemory<char> target) => target = peek(current()).AsMemory();

    private static ValueGetter<VBuffer<ReadOnlyMemory<char>>> Texts<TRow>(Func<TRow, string[]> peek, Func<TRow> current)
        => (ref VBuffer<ReadOnlyMemory<char>> target) =>
        {
            var texts = peek(current()) ?? [];
            var editor = VBufferEditor.Create(ref target, texts.Length);
            for (var i = 0; i < texts.Length; i++)
                editor.Values[i] = texts[i].AsMemory();
            target = editor.Commit();
        };

    private sealed class Maker<TRow>(RowMember member, Func<TRow> current)
    {
        public Delegate Array<T>()
        {
            var peek = member.Getter<TRow, T[]>();
            return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> target) =>
            {
                var items = peek(current()) ?? [];
                VBuffer<T>.Copy(items, 0, ref target, items.Length);
            });
        }

        public Delegate Vector<T>()
        {
            var peek = member.Getter<TRow, VBuffer<T>>();
            return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> target) => peek(current()).CopyTo(ref target));
        }

        /// <summary>Objects count keys from 0, views from 1, with 0 for a missing or out-of-range key.</summary>
        public Delegate Key<T>()
            where T : IConvertible
        {
            Contracts.Check(typeof(T) != typeof(ushort));
            var peek = member.Getter<TRow, T>();
            var count = member.ColumnType.GetKeyCount();
            return (ValueGetter<T>)((ref T target) =>
            {
                var key = peek(current()).ToUInt64(null);
                target = (T)Convert.ChangeType(key < count ? key + 1 : 0, typeof(T), null);
            });
        }

        public Delegate Direct<T>()
        {
            var peek = member.Getter<TRow, T>();
            return (ValueGetter<T>)((ref T target) => target = peek(current()));
        }
    }
}

/// <summary>One row object at a time as a row, all columns active.</summary>
internal sealed class ObjectRow<TRow> : DataViewRow
    where TRow : class
{
    private readonly Delegate[] _getters;
    private TRow _current;
    private long _position = -1;

    public ObjectRow(RowMember[] members)
    {
        Schema = RowMember.SchemaOf(members);
        _getters = ObjectGetters.Create(members, [.. members.Select(_ => true)], Current);
    }

    public override long Position => _position;

    public override long Batch => 0;

    public override DataViewSchema Schema { get; }

    public void SetCurrent(TRow row)
    {
        _current = row;
        _position++;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);

    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < _getters.Length;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Contracts.CheckParam(IsColumnActive(column), nameof(column), "requested column not active");
        return DataViewBase.Typed<TValue>(_getters[column.Index]);
    }

    private TRow Current() => _current ?? throw Contracts.Except(DataViewBase.NoRowMessage);
}
