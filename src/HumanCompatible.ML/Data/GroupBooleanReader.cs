using Microsoft.ML;

namespace HumanCompatible.ML.Data;

/// <summary>The groups False and True.</summary>
internal sealed class GroupBooleanReader(DataViewSchema.Column column) : GroupColumnReader(column)
{
    private ValueGetter<bool>? _getter;
    private bool _value;

    internal override void Bind(DataViewRow row) => _getter = row.GetGetter<bool>(row.Schema[Column.Name]);

    private protected override int ReadCode(int rowIndex)
    {
        _getter!(ref _value);
        return _value ? 1 : 0;
    }

    private protected override int? MissingCode => null;

    private protected override (string[] Names, int[] Order) OrderedNames() => ([bool.FalseString, bool.TrueString], [0, 1]);
}
