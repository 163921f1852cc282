using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>What most views have in common: a host, a schema, the checks of a cursor's arguments, one cursor per set.</summary>
internal abstract class DataViewBase(IHost host, DataViewSchema schema) : IDataView
{
    public const string NoRowMessage = "Values cannot be fetched at this time. This method was called either before the first call to MoveNext, or at any point after that method returned false.";

    public abstract bool CanShuffle { get; }

    public DataViewSchema Schema { get; } = schema;

    protected IHost Host { get; } = host;

    public abstract long? GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        Host.CheckValue(columnsNeeded, nameof(columnsNeeded));
        return GetRowCursorCore(ActiveColumns(Schema, columnsNeeded), rand);
    }

    public virtual DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    /// <summary>Which columns of the schema are among the given ones, by index.</summary>
    internal static bool[] ActiveColumns(DataViewSchema schema, IEnumerable<DataViewSchema.Column> columns)
    {
        var active = new bool[schema.Count];
        foreach (var column in columns)
        {
            if (column.Index >= active.Length)
                throw Contracts.Except($"The requested column: {column} is not part of the sourceSchema");
            active[column.Index] = true;
        }
        return active;
    }

    /// <summary>The getter with its type checked, or an error that names both types.</summary>
    internal static ValueGetter<TValue> Typed<TValue>(Delegate getter)
        => getter as ValueGetter<TValue> ?? throw Contracts.Except($"Invalid TValue in GetGetter: '{typeof(TValue)}', expected type: '{getter.GetType().GetGenericArguments()[0]}'.");

    protected abstract DataViewRowCursor GetRowCursorCore(bool[] active, Random rand);
}
