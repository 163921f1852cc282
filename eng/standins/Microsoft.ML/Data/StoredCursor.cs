using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A cursor over rows copied into column stores: a derived class says which slot comes next.</summary>
internal abstract class StoredCursor(IChannelProvider provider, DataViewSchema schema) : RootCursorBase(provider)
{
    private Delegate[] _getters;

    public override DataViewSchema Schema => schema;

    protected int Slot { get; set; }

    public override bool IsColumnActive(DataViewSchema.Column column)
    {
        Ch.Check(column.Index < _getters.Length);
        return _getters[column.Index] != null;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Ch.CheckParam(IsColumnActive(column), nameof(column), $"requested column not active: {column.Name}");
        return DataViewBase.Typed<TValue>(_getters[column.Index]);
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
    {
        Ch.Check(IsGood, DataViewBase.NoRowMessage);
        id = CurrentId;
    };

    protected abstract DataViewRowId CurrentId { get; }

    /// <summary>Sets the stores by column index, null for columns that are not active.</summary>
    protected void Show(ColumnStore[] stores) => _getters = Array.ConvertAll(stores, store => store?.Getter(CurrentSlot));

    private int CurrentSlot()
    {
        Ch.Check(IsGood, DataViewBase.NoRowMessage);
        return Slot;
    }
}
