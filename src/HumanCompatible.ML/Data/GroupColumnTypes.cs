using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Data;

/// <summary>Which columns can be group columns.</summary>
internal static class GroupColumnTypes
{
    internal const string Expected = "text, key, Boolean or integer-valued numbers";

    internal static bool Accepts(SchemaShape.Column column)
        => column.Kind == SchemaShape.Column.VectorKind.Scalar && (column.IsKey || Accepts(column.ItemType));

    internal static bool Accepts(DataViewType type)
        => type is TextDataViewType or BooleanDataViewType or KeyDataViewType or NumberDataViewType;
}
