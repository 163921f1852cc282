using System.Numerics;
using Microsoft.ML;

namespace HumanCompatible.ML.Data;

/// <summary>Groups by key, named by the column's key values where it has them, else by the key's own number (from 1).</summary>
internal sealed class GroupKeyReader<T>(DataViewSchema.Column column) : GroupColumnReader(column) where T : struct, IBinaryInteger<T>
{
    private readonly Dictionary<ulong, int> _codeOf = [];
    private readonly List<ulong> _keys = [];
    private ValueGetter<T>? _getter;
    private T _value;

    internal override void Bind(DataViewRow row) => _getter = row.GetGetter<T>(row.Schema[Column.Name]);

    private protected override int ReadCode(int rowIndex)
    {
        _getter!(ref _value);
        var key = ulong.CreateTruncating(_value);
        if (_codeOf.TryGetValue(key, out var code)) return code;
        _codeOf.Add(key, _keys.Count);
        _keys.Add(key);
        CheckCount(_keys.Count);
        return _keys.Count - 1;
    }

    private protected override int? MissingCode => _codeOf.TryGetValue(0, out var code) ? code : null;

    private protected override (string[] Names, int[] Order) OrderedNames()
    {
        var nameOf = KeyNames.Of(Column);
        string[] names = [.. _keys.Select(key => key == 0 ? Missing : NameOf(nameOf(key)))];
        var byName = Column.Annotations.Schema.GetColumnOrNull("KeyValues") is not null;
        var codes = Enumerable.Range(0, names.Length);
        return (names, [.. byName ? codes.OrderBy(code => names[code], StringComparer.Ordinal) : codes.OrderBy(code => _keys[code])]);
    }
}
