namespace Microsoft.ML.Data;

/// <summary>Copies of one column's values, by slot.</summary>
internal abstract class ColumnStore
{
    public static ColumnStore Create(DataViewRow source, DataViewSchema.Column column)
    {
        if (column.Type is VectorDataViewType vector)
            return Generic.Invoke<ColumnStore>(ForVector<int>, vector.ItemType.RawType, source, column);
        return Generic.Invoke<ColumnStore>(ForScalar<int>, column.Type.RawType, source, column);
    }

    /// <summary>Copies the value of the source's current row into a slot.</summary>
    public abstract void Store(int slot);

    /// <summary>A ValueGetter of the slot that <paramref name="slot"/> names when the getter is called.</summary>
    public abstract Delegate Getter(Func<int> slot);

    private static ColumnStore ForScalar<T>(DataViewRow source, DataViewSchema.Column column)
        => new StoreOf<T>(source.GetGetter<T>(column), (in T from, ref T to) => to = from);

    private static ColumnStore ForVector<T>(DataViewRow source, DataViewSchema.Column column)
        => new StoreOf<VBuffer<T>>(source.GetGetter<VBuffer<T>>(column), (in VBuffer<T> from, ref VBuffer<T> to) => from.CopyTo(ref to));

    private delegate void Copy<T>(in T from, ref T to);

    private sealed class StoreOf<T>(ValueGetter<T> read, Copy<T> copy) : ColumnStore
    {
        private T[] _values = new T[16];

        public override void Store(int slot)
        {
            if (slot >= _values.Length)
                Array.Resize(ref _values, Math.Max(slot + 1, 2 * _values.Length));
            read(ref _values[slot]);
        }

        public override Delegate Getter(Func<int> slot) => (ValueGetter<T>)((ref T target) => copy(in _values[slot()], ref target));
    }
}
