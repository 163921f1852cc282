using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Tests of single rows, by the value of one column.</summary>
internal static class RowTests
{
    public static bool IsRangeColumn(DataViewType type) => type == NumberDataViewType.Single || type == NumberDataViewType.Double || type is KeyDataViewType;

    /// <summary>Whether a number, or a key's fraction of its count, lies in the range. A missing value never does, unless the complement is wanted.</summary>
    public static Func<bool> InRange(DataViewRow row, int columnIndex, double lower, double upper, bool includeUpper = false, bool complement = false)
    {
        var column = row.Schema[columnIndex];
        var read = NumberGetter(row, column);
        return () =>
        {
            var value = read();
            return (value >= lower && (value < upper || (includeUpper && value == upper))) != complement;
        };
    }

    public static Func<bool> NotMissing(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is VectorDataViewType vector)
            return Generic.Invoke<Func<bool>>(VectorNotMissing<int>, vector.ItemType.RawType, row, column);
        return Generic.Invoke<Func<bool>>(ScalarNotMissing<int>, column.Type.RawType, row, column);
    }

    private static Func<double> NumberGetter(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is KeyDataViewType key)
            return Generic.Invoke<Func<double>>(KeyFraction<int>, key.RawType, row, column, (double)key.Count);
        if (column.Type.RawType == typeof(float))
        {
            var (getSingle, single) = (row.GetGetter<float>(column), 0f);
            return () =>
            {
                getSingle(ref single);
                return single;
            };
        }
        var (getDouble, value) = (row.GetGetter<double>(column), 0d);
        return () =>
        {
            getDouble(ref value);
            return value;
        };
    }

    private static Func<double> KeyFraction<T>(DataViewRow row, DataViewSchema.Column column, double count)
        where T : IConvertible
    {
        var getKey = row.GetGetter<T>(column);
        T key = default;
        return () =>
        {
            getKey(ref key);
            var raw = key.ToUInt64(null);
            return raw == 0 || raw > count ? double.NaN : (raw - 0.5) / count;
        };
    }

    private static Func<bool> ScalarNotMissing<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var (getValue, isMissing) = (row.GetGetter<T>(column), Missing<T>(column.Type));
        T value = default;
        return () =>
        {
            getValue(ref value);
            return !isMissing(value);
        };
    }

    private static Func<bool> VectorNotMissing<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var (getValue, isMissing) = (row.GetGetter<VBuffer<T>>(column), Missing<T>(column.Type.GetItemType()));
        VBuffer<T> value = default;
        return () =>
        {
            getValue(ref value);
            return !value.Items(all: true).Any(item => isMissing(item.Value));
        };
    }

    private static Predicate<T> Missing<T>(DataViewType type)
    {
        if (type is KeyDataViewType)
            return value => EqualityComparer<T>.Default.Equals(value, default);
        if (typeof(T) == typeof(float) || typeof(T) == typeof(double))
            return value => double.IsNaN(((IConvertible)value).ToDouble(null));
        throw Contracts.ExceptNotSupp($"The stand-in of FilterRowsByMissingValues takes keys, Single and Double, not {type}.");
    }
}
