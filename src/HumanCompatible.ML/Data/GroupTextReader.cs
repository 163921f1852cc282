using Microsoft.ML;

namespace HumanCompatible.ML.Data;

/// <summary>Groups by text; a value seen before costs no allocation.</summary>
internal sealed class GroupTextReader(DataViewSchema.Column column) : GroupColumnReader(column)
{
    private readonly List<string> _names = [];
    private readonly Dictionary<string, int> _codeOf = new(StringComparer.Ordinal);
    private ValueGetter<ReadOnlyMemory<char>>? _getter;
    private ReadOnlyMemory<char> _value;

    internal override void Bind(DataViewRow row) => _getter = row.GetGetter<ReadOnlyMemory<char>>(row.Schema[Column.Name]);

    private protected override int ReadCode(int rowIndex)
    {
        _getter!(ref _value);
        var text = _value.IsEmpty ? Missing : _value.Span;
        var lookup = _codeOf.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(text, out var code)) return code;
        var name = text.ToString();
        _codeOf.Add(name, _names.Count);
        _names.Add(name);
        CheckCount(_names.Count);
        return _names.Count - 1;
    }

    private protected override int? MissingCode => _codeOf.TryGetValue(Missing, out var code) ? code : null;

    private protected override (string[] Names, int[] Order) OrderedNames()
    {
        string[] names = [.. _names];
        return (names, [.. Enumerable.Range(0, names.Length).OrderBy(code => names[code], StringComparer.Ordinal)]);
    }
}
