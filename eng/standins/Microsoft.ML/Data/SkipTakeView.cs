using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A source without its first rows, and no more than some.</summary>
internal sealed class SkipTakeView(IHostEnvironment env, IDataView source, long skip, long take) : DataViewBase(env.Register("SkipTakeFilter"), source.Schema)
{
    public override bool CanShuffle => false;

    public override long? GetRowCount() => source.GetRowCount() is { } rows ? Math.Min(take, Math.Max(0, rows - skip)) : null;

    protected override DataViewRowCursor GetRowCursorCore(bool[] active, Random rand)
        => new Cursor(Host, source.GetRowCursor(Schema.Where(column => active[column.Index])), active, skip, take);

    private sealed class Cursor(IChannelProvider provider, DataViewRowCursor input, bool[] active, long skip, long take) : LinkedCursor(provider, input, active)
    {
        protected override bool MoveNextCore()
        {
            for (; skip > 0; skip--)
            {
                if (!Input.MoveNext())
                    return false;
            }
            return take-- > 0 && Input.MoveNext();
        }
    }
}
