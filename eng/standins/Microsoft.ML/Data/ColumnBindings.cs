namespace Microsoft.ML.Data;

/// <summary>The columns of an input with added ones: a new name goes to the end, a known one right behind the column that it hides.</summary>
internal sealed class ColumnBindings
{
    private readonly List<int> _sources;

    public ColumnBindings(DataViewSchema input, DataViewSchema.DetachedColumn[] added)
    {
        InputSchema = input;
        _sources = [.. Enumerable.Range(0, input.Count)];
        string NameOf(int source) => source >= 0 ? input[source].Name : added[~source].Name;
        for (var i = 0; i < added.Length; i++)
        {
            var hidden = _sources.FindLastIndex(source => NameOf(source) == added[i].Name);
            _sources.Insert(hidden < 0 ? _sources.Count : hidden + 1, ~i);
        }
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(_sources.Select(source => source >= 0 ? new DataViewSchema.DetachedColumn(input[source]) : added[~source]));
        Schema = builder.ToSchema();
        AddedColumnIndices = [.. added.Select((_, i) => _sources.IndexOf(~i))];
    }

    public DataViewSchema Schema { get; }

    public DataViewSchema InputSchema { get; }

    /// <summary>Where each added column stands in the schema.</summary>
    public int[] AddedColumnIndices { get; }

    /// <summary>The column's index in the input, or among the added columns.</summary>
    public int MapColumnIndex(out bool isInput, int index)
    {
        isInput = _sources[index] >= 0;
        return isInput ? _sources[index] : ~_sources[index];
    }
}
