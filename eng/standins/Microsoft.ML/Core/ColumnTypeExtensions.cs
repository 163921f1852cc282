namespace Microsoft.ML.Data;

internal static class ColumnTypeExtensions
{
    public static ulong GetKeyCount(this DataViewType columnType) => (columnType as KeyDataViewType)?.Count ?? 0;

    public static DataViewType GetItemType(this DataViewType columnType) => (columnType as VectorDataViewType)?.ItemType ?? columnType;

    public static int GetVectorSize(this DataViewType columnType) => (columnType as VectorDataViewType)?.Size ?? 0;

    public static int GetValueCount(this DataViewType columnType) => (columnType as VectorDataViewType)?.Size ?? 1;

    public static bool IsKnownSizeVector(this DataViewType columnType) => columnType.GetVectorSize() > 0;

    /// <summary>The column type of values of a .NET type, keys excepted; null if there is none.</summary>
    public static PrimitiveDataViewType PrimitiveTypeOrNull(Type type)
    {
        if (type == typeof(string))
            return TextDataViewType.Instance;
        PrimitiveDataViewType[] others =
        [
            TextDataViewType.Instance, BooleanDataViewType.Instance, TimeSpanDataViewType.Instance,
            DateTimeDataViewType.Instance, DateTimeOffsetDataViewType.Instance, RowIdDataViewType.Instance,
        ];
        return NumberDataViewType.FromType(type) ?? Array.Find(others, candidate => candidate.RawType == type);
    }

    public static PrimitiveDataViewType PrimitiveTypeFromType(Type type)
        => PrimitiveTypeOrNull(type) ?? throw new InvalidOperationException($"Bad type in {nameof(ColumnTypeExtensions)}.NumberTypeFromType: {type}");
}
