using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The rows of a source that a test accepts. Rows keep their ids; Position counts the accepted rows.</summary>
internal sealed class RowFilter : DataViewBase
{
    private readonly IDataView _source;
    private readonly int[] _tested;
    private readonly Func<DataViewRow, Func<bool>> _makeTest;

    /// <param name="env">Where the view registers its host.</param>
    /// <param name="name">The host's name.</param>
    /// <param name="source">The view that is filtered.</param>
    /// <param name="tested">The indices of the columns that the test reads.</param>
    /// <param name="makeTest">Given a row, a function that says whether the row is accepted where it stands now.</param>
    public RowFilter(IHostEnvironment env, string name, IDataView source, int[] tested, Func<DataViewRow, Func<bool>> makeTest)
        : base(env.Register(name), source.Schema)
        => (_source, _tested, _makeTest) = (source, tested, makeTest);

    public override bool CanShuffle => _source.CanShuffle;

    public override long? GetRowCount() => null;

    protected override DataViewRowCursor GetRowCursorCore(bool[] active, Random rand)
    {
        var needed = Schema.Where(column => active[column.Index] || Array.IndexOf(_tested, column.Index) >= 0);
        return new Cursor(Host, _source.GetRowCursor(needed, rand), active, _makeTest);
    }

    private sealed class Cursor(IChannelProvider provider, DataViewRowCursor input, bool[] active, Func<DataViewRow, Func<bool>> makeTest)
        : LinkedCursor(provider, input, active)
    {
        private readonly Func<bool> _accepts = makeTest(input);

        protected override bool MoveNextCore()
        {
            while (Input.MoveNext())
            {
                if (_accepts())
                    return true;
            }
            return false;
        }
    }
}

/// <summary>A cursor over some rows of another cursor with the same schema.</summary>
internal abstract class LinkedCursor(IChannelProvider provider, DataViewRowCursor input, bool[] active) : RootCursorBase(provider)
{
    public override long Batch => Input.Batch;

    public override DataViewSchema Schema => Input.Schema;

    protected DataViewRowCursor Input { get; } = input;

    public override bool IsColumnActive(DataViewSchema.Column column)
    {
        Ch.Check(column.Index < active.Length);
        return active[column.Index];
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Ch.CheckParam(IsColumnActive(column), nameof(column), "requested column not active");
        return Input.GetGetter<TValue>(Input.Schema[column.Index]);
    }

    protected override void Dispose(bool disposing)
    {
        Input.Dispose();
        base.Dispose(disposing);
    }
}
