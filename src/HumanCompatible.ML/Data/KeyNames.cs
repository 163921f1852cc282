using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Data;

/// <summary>How the keys of a column are called: by its key values where it has them, else by the key's own number (from 1).</summary>
internal static class KeyNames
{
    /// <summary>The name of each key of a column.</summary>
    internal static Func<ulong, string> Of(DataViewSchema.Column column)
    {
        Func<ulong, string> numbers = key => key.ToString(CultureInfo.InvariantCulture);
        if (column.Annotations.Schema.GetColumnOrNull("KeyValues")?.Type is not VectorDataViewType values)
            return numbers;
        var names = values.ItemType switch
        {
            TextDataViewType => Values<ReadOnlyMemory<char>>(column, v => v.ToString()),
            BooleanDataViewType => Values<bool>(column, v => v ? bool.TrueString : bool.FalseString),
            NumberDataViewType n when n.RawType == typeof(float) => Values<float>(column, v => v.ToString(CultureInfo.InvariantCulture)),
            NumberDataViewType n when n.RawType == typeof(double) => Values<double>(column, v => v.ToString(CultureInfo.InvariantCulture)),
            NumberDataViewType n when n.RawType == typeof(int) => Values<int>(column, v => v.ToString(CultureInfo.InvariantCulture)),
            NumberDataViewType n when n.RawType == typeof(uint) => Values<uint>(column, v => v.ToString(CultureInfo.InvariantCulture)),
            NumberDataViewType n when n.RawType == typeof(long) => Values<long>(column, v => v.ToString(CultureInfo.InvariantCulture)),
            _ => [],
        };

        // A key without a value of its own (an empty name, or values of a type that has no names) keeps its number.
        return key => key <= (ulong)names.Length && names[key - 1].Length > 0 ? names[key - 1] : numbers(key);
    }

    private static string[] Values<TValue>(DataViewSchema.Column column, Func<TValue, string> format)
    {
        VBuffer<TValue> values = default;
        column.GetKeyValues(ref values);
        return [.. values.DenseValues().Select(format)];
    }
}
