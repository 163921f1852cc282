using Microsoft.ML;

namespace HumanCompatible.ML.Data;

/// <summary>
/// Reads a scalar key column of any of ML.NET's four raw types as an unsigned number; 0 is missing, the first value is 1.
/// </summary>
internal static class KeyReader
{
    internal static Func<ulong> Bind(DataViewRow row, DataViewSchema.Column column)
    {
        var raw = column.Type.RawType;
        return raw == typeof(byte) ? Bind<byte>(row, column, static value => value)
            : raw == typeof(ushort) ? Bind<ushort>(row, column, static value => value)
            : raw == typeof(uint) ? Bind<uint>(row, column, static value => value)
            : Bind<ulong>(row, column, static value => value);
    }

    private static Func<ulong> Bind<T>(DataViewRow row, DataViewSchema.Column column, Func<T, ulong> widen)
        where T : struct
    {
        var getter = row.GetGetter<T>(column);
        var value = default(T);
        return () =>
        {
            getter(ref value);
            return widen(value);
        };
    }
}
