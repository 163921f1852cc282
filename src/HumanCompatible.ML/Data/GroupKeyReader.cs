using System.Globalization;
using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;

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
        var nameOf = NamesOfKeys();
        string[] names = [.. _keys.Select(key => key == 0 ? Missing : NameOf(nameOf(key)))];
        var byName = Column.Annotations.Schema.GetColumnOrNull("KeyValues") is not null;
        var codes = Enumerable.Range(0, names.Length);
        return (names, [.. byName ? codes.OrderBy(code => names[code], StringComparer.Ordinal) : codes.OrderBy(code => _keys[code])]);
    }

    private Func<ulong, string> NamesOfKeys()
    {
        Func<ulong, string> numbers = key => key.ToString(CultureInfo.InvariantCulture);
        if (Column.Annotations.Schema.GetColumnOrNull("KeyValues")?.Type is not VectorDataViewType values) return numbers;
        var names = values.ItemType switch
        {
            TextDataViewType => Values<ReadOnlyMemory<char>>(v => v.ToString()),
            BooleanDataViewType => Values<bool>(v => v ? bool.TrueString : bool.FalseString),
            NumberDataViewType n when n.RawType == typeof(float) => Values<float>(v => v.ToString(CultureInfo.InvariantCulture)),
            NumberDataViewType n when n.RawType == typeof(double) => Values<double>(v => v.ToString(CultureInfo.InvariantCulture)),
            NumberDataViewType n when n.RawType == typeof(int) => Values<int>(v => v.ToString(CultureInfo.InvariantCulture)),
            NumberDataViewType n when n.RawType == typeof(uint) => Values<uint>(v => v.ToString(CultureInfo.InvariantCulture)),
            NumberDataViewType n when n.RawType == typeof(long) => Values<long>(v => v.ToString(CultureInfo.InvariantCulture)),
            _ => [],
        };
        // A key without a value of its own (an empty name, or values of a type that has no names) keeps its number.
        return key => key <= (ulong)names.Length && names[key - 1].Length > 0 ? names[key - 1] : numbers(key);
    }

    private string[] Values<TValue>(Func<TValue, string> format)
    {
        VBuffer<TValue> values = default;
        Column.GetKeyValues(ref values);
        return [.. values.DenseValues().Select(format)];
    }
}
