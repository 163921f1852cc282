using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Data;

/// <summary>
/// Reads a binary label: Boolean, a number that is 0 or 1, or a key with exactly two values (its second value is the positive class).
/// </summary>
internal static class LabelReader
{
    internal const string Expected = "Boolean, Single or Double holding 0 and 1, or a key with 2 values";

    /// <summary>Whether the promised column can be a binary label.</summary>
    internal static bool Accepts(SchemaShape.Column column)
        => column.Kind == SchemaShape.Column.VectorKind.Scalar
            && (column.IsKey || column.ItemType == BooleanDataViewType.Instance || column.ItemType == NumberDataViewType.Single
                || column.ItemType == NumberDataViewType.Double);

    /// <summary>Whether the column can be a binary label.</summary>
    internal static bool Accepts(DataViewType type)
        => type is KeyDataViewType { Count: 2 } || type == BooleanDataViewType.Instance || type == NumberDataViewType.Single
            || type == NumberDataViewType.Double;

    /// <summary>A getter of 0 or 1 for the current row.</summary>
    /// <exception cref="InvalidOperationException">On reading a row whose label is missing or neither 0 nor 1.</exception>
    internal static Func<float> Bind(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type == BooleanDataViewType.Instance)
        {
            var getter = row.GetGetter<bool>(column);
            var value = false;
            return () =>
            {
                getter(ref value);
                return value ? 1f : 0f;
            };
        }

        if (column.Type == NumberDataViewType.Single)
        {
            var getter = row.GetGetter<float>(column);
            var value = 0f;
            return () =>
            {
                getter(ref value);
                return Check(value, row.Position, column.Name);
            };
        }

        if (column.Type == NumberDataViewType.Double)
        {
            var getter = row.GetGetter<double>(column);
            var value = 0d;
            return () =>
            {
                getter(ref value);
                return Check(value, row.Position, column.Name);
            };
        }

        var key = KeyReader.Bind(row, column);
        return () => key() switch
        {
            1 => 0f,
            2 => 1f,
            _ => throw new InvalidOperationException($"The label column '{column.Name}' is missing in row {row.Position}."),
        };
    }

    private static float Check(double value, long position, string columnName) => value switch
    {
        0 => 0f,
        1 => 1f,
        _ when double.IsNaN(value) => throw new InvalidOperationException($"The label column '{columnName}' is missing in row {position}."),
        _ => throw new InvalidOperationException(
            FormattableString.Invariant($"The label column '{columnName}' holds {value} in row {position}: a binary label is 0 or 1.")),
    };
}
