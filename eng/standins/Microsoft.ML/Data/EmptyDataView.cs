using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A schema without a row.</summary>
internal sealed class EmptyDataView(IHostEnvironment env, DataViewSchema schema) : DataViewBase(env.Register("EmptyDataView"), schema)
{
    public override bool CanShuffle => true;

    public override long? GetRowCount() => 0;

    protected override DataViewRowCursor GetRowCursorCore(bool[] active, Random rand) => new Cursor(Host, Schema, active);

    private sealed class Cursor(IChannelProvider provider, DataViewSchema schema, bool[] active) : RootCursorBase(provider)
    {
        public override long Batch => 0;

        public override DataViewSchema Schema => schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId _) => throw Contracts.Except("There is no row");

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Contracts.CheckParam(IsColumnActive(column), nameof(column), $"requested column not active: {column.Name}");
            return (ref TValue _) => throw Contracts.Except("There is no row");
        }

        protected override bool MoveNextCore() => false;
    }
}
