using Microsoft.ML;

namespace HumanCompatible.ML.Data;

/// <summary>Groups by text; a value seen before costs no allocation, but on .NET 8.</summary>
internal sealed class GroupTextReader(DataViewSchema.Column column) : GroupColumnReader(column)
{
    private readonly List<string> _names = [];
    private readonly Dictionary<string, int> _codeOf = new(StringComparer.Ordinal);
    private ValueGetter<ReadOnlyMemory<char>>? _getter;
    private ReadOnlyMemory<char> _value;
    private int? _missing;

    internal override void Bind(DataViewRow row) => _getter = row.GetGetter<ReadOnlyMemory<char>>(row.Schema[Column.Name]);

    private protected override int ReadCode(int rowIndex)
    {
        _getter!(ref _value);
        if (_value.IsEmpty) return _missing ??= Add(Missing);
#if NET9_0_OR_GREATER
        if (_codeOf.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(_value.Span, out var code)) return code;
        var text = _value.ToString();
#else
        var text = _value.ToString();
        if (_codeOf.TryGetValue(text, out var code)) return code;
#endif
        code = Add(NameOf(text));
        _codeOf.Add(text, code);
        return code;
    }

    private int Add(string name)
    {
        _names.Add(name);
        CheckCount(_names.Count);
        return _names.Count - 1;
    }

    private protected override int? MissingCode => _missing;

    private protected override (string[] Names, int[] Order) OrderedNames()
    {
        string[] names = [.. _names];
        return (names, [.. Enumerable.Range(0, names.Length).OrderBy(code => names[code], StringComparer.Ordinal)]);
    }
}
