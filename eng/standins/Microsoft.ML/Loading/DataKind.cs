using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public enum DataKind : byte
{
    SByte = 1,
    Byte = 2,
    Int16 = 3,
    UInt16 = 4,
    Int32 = 5,
    UInt32 = 6,
    Int64 = 7,
    UInt64 = 8,
    Single = 9,
    Double = 10,
    String = 11,
    Boolean = 12,
    TimeSpan = 13,
    DateTime = 14,
    DateTimeOffset = 15,
}

public sealed class KeyCount
{
    public ulong? Count;

    public KeyCount()
    {
    }

    public KeyCount(ulong count)
    {
        Contracts.CheckParam(count > 0, nameof(count), $"The cardinality of valid values of a {nameof(KeyDataViewType)} column has to be strictly positive.");
        Count = count;
    }
}

internal static class DataKindTypes
{
    private static readonly Type[] _rawTypes =
    [
        null, typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(float),
        typeof(double), typeof(ReadOnlyMemory<char>), typeof(bool), typeof(TimeSpan), typeof(DateTime), typeof(DateTimeOffset),
    ];

    public static Type ToRawType(this DataKind kind)
        => kind >= DataKind.SByte && (int)kind < _rawTypes.Length ? _rawTypes[(int)kind] : throw Contracts.ExceptUserArg(nameof(kind), "Bad item type");

    public static DataKind? FromRawType(Type type)
    {
        var index = Array.IndexOf(_rawTypes, type == typeof(string) ? typeof(ReadOnlyMemory<char>) : type);
        return index > 0 ? (DataKind)index : null;
    }

    /// <summary>The column type of a kind: the plain one, or a key of the given count.</summary>
    public static PrimitiveDataViewType ToType(this DataKind kind, KeyCount keys)
    {
        if (keys == null)
            return ColumnTypeExtensions.PrimitiveTypeFromType(kind.ToRawType());
        var largest = kind switch { DataKind.Byte => byte.MaxValue, DataKind.UInt16 => ushort.MaxValue, DataKind.UInt32 => uint.MaxValue, _ => ulong.MaxValue };
        return new KeyDataViewType(kind.ToRawType(), keys.Count ?? largest);
    }
}
