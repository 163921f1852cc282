using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Fills objects from rows: which members take which columns is settled once, the getters are made per row.</summary>
internal sealed class ObjectReader<TRow>
    where TRow : class
{
    private readonly (RowMember Member, DataViewSchema.Column Column)[] _bound;

    public ObjectReader(IExceptionContext context, DataViewSchema schema, bool ignoreMissingColumns, SchemaDefinition definition)
    {
        var bound = new List<(RowMember, DataViewSchema.Column)>();
        foreach (var member in RowMember.Of(typeof(TRow), definition, SchemaDefinition.Direction.Write))
        {
            var column = schema.GetColumnOrNull(member.ColumnName);
            if (column == null && ignoreMissingColumns)
                continue;
            if (column == null)
                throw context.ExceptSchemaMismatch("Schema", "", member.ColumnName);
            var rawType = RowMember.ItemType(member.Type, out var isVector);
            if (isVector != column.Value.Type is VectorDataViewType || column.Value.Type.GetItemType().RawType != rawType)
                throw context.Except($"Can't bind the IDataView column '{member.ColumnName}' of type '{column.Value.Type}' to field or property '{member.Member.Name}' of type '{member.Type.FullName}'.");
            bound.Add((member, column.Value));
        }
        _bound = [.. bound];
    }

    public IEnumerable<DataViewSchema.Column> Columns => _bound.Select(pair => pair.Column);

    /// <summary>A function that copies the row, where it stands, into an object.</summary>
    public Action<TRow> Bind(DataViewRow row)
    {
        var fills = _bound.Select(pair => Bind(row, pair.Member, pair.Column)).ToArray();
        return target =>
        {
            foreach (var fill in fills)
                fill(target);
        };
    }

    private static Action<TRow> Bind(DataViewRow row, RowMember member, DataViewSchema.Column column)
    {
        if (member.Type == typeof(string))
        {
            var (getText, set) = (row.GetGetter<ReadOnlyMemory<char>>(column), member.Setter<TRow, string>());
            ReadOnlyMemory<char> text = default;
            return target =>
            {
                getText(ref text);
                set(target, text.ToString());
            };
        }
        if (member.Type == typeof(string[]))
            return FillArray<ReadOnlyMemory<char>, string>(row, member, column, text => text.ToString());
        if (member.Type.IsArray)
            return Generic.Invoke<Action<TRow>>(FillArray<int>, member.Type.GetElementType(), row, member, column);
        if (column.Type is VectorDataViewType vector)
            return Generic.Invoke<Action<TRow>>(FillVector<int>, vector.ItemType.RawType, row, member, column);
        return Generic.Invoke<Action<TRow>>(FillDirect<int>, member.Type, row, member, column);
    }

    private static Action<TRow> FillArray<T>(DataViewRow row, RowMember member, DataViewSchema.Column column)
        => FillArray<T, T>(row, member, column, item => item);

    private static Action<TRow> FillArray<TItem, T>(DataViewRow row, RowMember member, DataViewSchema.Column column, Converter<TItem, T> convert)
    {
        var (getVector, peek, set) = (row.GetGetter<VBuffer<TItem>>(column), member.Getter<TRow, T[]>(), member.Setter<TRow, T[]>());
        VBuffer<TItem> vector = default;
        return target =>
        {
            getVector(ref vector);
            var items = peek(target);
            if (items?.Length != vector.Length)
                items = new T[vector.Length];
            foreach (var (index, item) in vector.Items(all: true))
                items[index] = convert(item);
            set(target, items);
        };
    }

    private static Action<TRow> FillVector<T>(DataViewRow row, RowMember member, DataViewSchema.Column column)
    {
        var (getVector, peek, set) = (row.GetGetter<VBuffer<T>>(column), member.Getter<TRow, VBuffer<T>>(), member.Setter<TRow, VBuffer<T>>());
        return target =>
        {
            // The object's own buffer is filled anew: objects never share one.
            var vector = peek(target);
            getVector(ref vector);
            set(target, vector);
        };
    }

    private static Action<TRow> FillDirect<T>(DataViewRow row, RowMember member, DataViewSchema.Column column)
    {
        var (getValue, set) = (row.GetGetter<T>(column), member.Setter<TRow, T>());
        T value = default;
        return target =>
        {
            getValue(ref value);
            set(target, value);
        };
    }
}
