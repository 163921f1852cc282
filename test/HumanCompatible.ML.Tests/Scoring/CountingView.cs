using Microsoft.ML;

namespace HumanCompatible.ML.Tests.Scoring;

/// <summary>A view that counts how often it is opened, and which columns were asked for the last time.</summary>
internal sealed class CountingView(IDataView source) : IDataView
{
    /// <summary>How many cursors were opened.</summary>
    internal int Opened { get; private set; }

    /// <summary>The columns asked for in all, in order.</summary>
    internal string Columns { get; private set; } = "";

    public DataViewSchema Schema => source.Schema;

    public bool CanShuffle => source.CanShuffle;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        Note(columnsNeeded);
        return source.GetRowCursor(columnsNeeded, rand);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        Note(columnsNeeded);
        return source.GetRowCursorSet(columnsNeeded, n, rand);
    }

    private void Note(IEnumerable<DataViewSchema.Column> columns)
    {
        Opened++;
        Columns = string.Join(", ", columns.Select(column => column.Name));
    }
}
