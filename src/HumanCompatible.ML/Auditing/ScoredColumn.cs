using System.Globalization;
using HumanCompatible.ML.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Auditing;

/// <summary>Finds, checks and reads the columns of scored data.</summary>
internal static class ScoredColumn
{
    /// <summary>A column that may be missing only where its name is the default one.</summary>
    internal static DataViewSchema.Column? FindOptional(DataViewSchema schema, string parameterName, string role, string name,
        string defaultName)
        => name == defaultName ? schema.GetColumnOrNull(name) : SchemaMismatch.Find(schema, parameterName, role, name);

    internal static void CheckOutcome(DataViewSchema.Column column, string role, string parameterName)
    {
        if (column.Type is not BooleanDataViewType && !IsNumber(column.Type) && column.Type is not KeyDataViewType { Count: 2 })
        {
            throw SchemaMismatch.WrongType(parameterName, role, column.Name, "Boolean, Single, Double or a key of two values",
                column.Type.ToString()!);
        }
    }

    internal static void CheckNumber(DataViewSchema.Column column, string role, string parameterName)
    {
        if (!IsNumber(column.Type))
            throw SchemaMismatch.WrongType(parameterName, role, column.Name, "Single or Double", column.Type.ToString()!);
    }

    internal static DataViewSchema.Column? FindWeight(AuditRequest request)
    {
        if (request.ExampleWeightColumnName is not { } name)
            return null;
        var weight = SchemaMismatch.Find(request.Schema, "exampleWeightColumnName", "example weight", name);
        CheckNumber(weight, "example weight", "exampleWeightColumnName");
        return weight;
    }

    internal static bool IsNumber(DataViewType type)
        => type is NumberDataViewType && (type.RawType == typeof(float) || type.RawType == typeof(double));

    /// <summary>Boolean as it is; a number must be 0 or 1; of a key the second value is the positive one.</summary>
    internal static Func<int, double> Outcome(DataViewRow row, DataViewSchema.Column column, string role)
    {
        if (column.Type is BooleanDataViewType)
        {
            var getter = row.GetGetter<bool>(column);
            var value = false;
            return _ =>
            {
                getter(ref value);
                return value ? 1 : 0;
            };
        }

        if (column.Type is KeyDataViewType)
        {
            var read = KeyReader.Bind(row, column);
            return index => read() switch
            {
                1 => 0,
                2 => 1,
                _ => throw Unusable(role, column.Name, "a missing key", index, "one of the two keys"),
            };
        }

        return Number(row, column, role, static v => v is 0 or 1, "0 or 1");
    }

    /// <summary>A key as the number of a class, from 0.</summary>
    internal static Func<int, double> Class(DataViewRow row, DataViewSchema.Column column, string role, int[] classOfKey)
    {
        var read = KeyReader.Bind(row, column);
        return index => read() is var key && key >= 1 && key <= (ulong)classOfKey.Length && classOfKey[key - 1] is >= 0 and var found
            ? found : throw Unusable(role, column.Name, key == 0 ? "a missing key" : FormattableString.Invariant($"key {key}"), index,
                "one of the classes of the label");
    }

    internal static Func<int, double> Weight(DataViewRow row, DataViewSchema.Column? column) => column is { } weight
        ? Number(row, weight, "example weight", static v => v >= 0 && double.IsFinite(v), "a finite number of at least 0") : static _ => 1;

    internal static Func<int, double> Number(DataViewRow row, DataViewSchema.Column column, string role, Func<double, bool> isUsable,
        string expected)
    {
        if (column.Type.RawType == typeof(double))
        {
            var getter = row.GetGetter<double>(column);
            var value = 0.0;
            return index =>
            {
                getter(ref value);
                return isUsable(value) ? value : throw Unusable(role, column.Name, value.ToString(CultureInfo.InvariantCulture), index,
                    expected);
            };
        }
        else
        {
            var getter = row.GetGetter<float>(column);
            var value = 0f;
            return index =>
            {
                getter(ref value);
                return isUsable(value) ? value : throw Unusable(role, column.Name, value.ToString(CultureInfo.InvariantCulture), index,
                    expected);
            };
        }
    }

    internal static InvalidOperationException Unusable(string role, string column, string value, int row, string expected)
        => new(string.Create(CultureInfo.InvariantCulture,
        $"The {role} column '{column}' holds {value} in row {row}; it must hold {expected}."));
}
