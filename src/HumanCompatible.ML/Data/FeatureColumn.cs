using System.Globalization;
using System.Numerics.Tensors;
using HumanCompatible.ML.Features;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Data;

/// <summary>What a feature column must be, and how its slots are called in messages.</summary>
internal static class FeatureColumn
{
    internal const string Expected = "Vector<Single> of a fixed size";

    internal static bool Accepts(SchemaShape.Column column)
        => column.Kind == SchemaShape.Column.VectorKind.Vector && !column.IsKey && column.ItemType == NumberDataViewType.Single;

    internal static bool Accepts(DataViewType type)
        => type is VectorDataViewType { Size: > 0 } vector && vector.ItemType == NumberDataViewType.Single;

    /// <summary>What makes a feature column of a promised column that is none.</summary>
    internal static string Advise(SchemaShape.Column column) => Advise(column.ItemType, column.IsKey,
        isScalar: column.Kind == SchemaShape.Column.VectorKind.Scalar);

    /// <summary>What makes a feature column of a type that is none.</summary>
    internal static string Advise(DataViewType type) => Advise(type is VectorDataViewType vector ? vector.ItemType : type,
        (type is VectorDataViewType keys ? keys.ItemType : type) is KeyDataViewType, type is not VectorDataViewType);

    /// <summary>The number of slots.</summary>
    internal static int Size(DataViewSchema.Column column) => ((VectorDataViewType)column.Type).Size;

    /// <summary>Checks the form and the values of a row.</summary>
    /// <exception cref="InvalidOperationException">It has not the slots that its column promises, or a value is infinite, or missing where
    /// that is not allowed.</exception>
    internal static void Check(in VBuffer<float> row, DataViewSchema.Column column, long position, bool takesMissing)
    {
        if (RowForm.ProblemOf(row, Size(column)) is { } problem)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"Row {position} of the feature column '{column.Name}' {problem}."));
        }

        if (TensorPrimitives.IsFiniteAll(row.GetValues()))
            return;
        foreach (var (slot, value) in row.Items())
        {
            if (float.IsFinite(value) || (takesMissing && float.IsNaN(value)))
                continue;
            var advice = float.IsNaN(value)
                ? $"replace missing values before training, as ReplaceMissingValues(\"{column.Name}\") does, or set EncodeMissingValues."
                : "features must be finite.";
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"The feature column '{column.Name}' holds {value} in row {position}, {DescribeSlot(column, slot)}: {advice}"));
        }
    }

    /// <summary>Which value of rows that enter a network as they are it cannot square in Single; null where there is none.</summary>
    internal static string? DescribeExcess(DataViewSchema.Column column, TrainingRows rows)
    {
        foreach (var number in rows.Numbers.Where(number => number >= 0))
        {
            var row = rows.Table[number];
            for (var position = 0; position < row.Values.Length; position++)
            {
                if (!(Math.Abs(row.Values[position]) > Problems.Largest))
                    continue;
                return string.Create(CultureInfo.InvariantCulture, $"the feature column '{column.Name}' holds {row.Values[position]} in ")
                    + $"{DescribeSlot(column, row.SlotAt(position))}: networks cannot square what is beyond {Problems.LargestText}";
            }
        }

        return null;
    }

    private static string Advise(DataViewType item, bool isKey, bool isScalar)
        => isKey ? "MapKeyToVector makes one of a key."
        : item is TextDataViewType ? "OneHotEncoding or FeaturizeText makes one of text."
        : item is NumberDataViewType or BooleanDataViewType && item != NumberDataViewType.Single
            ? "ConvertType to Single, then Concatenate, makes one of it, also of several columns."
        : isScalar ? "Concatenate makes one of it, also of several columns." : "Its size must be known.";

    /// <summary>"slot 3 (age)", or "slot 3" where slots have no names.</summary>
    internal static string DescribeSlot(DataViewSchema.Column column, int slot)
    {
        if (!column.HasSlotNames())
            return $"slot {slot}";
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        var name = names.GetItemOrDefault(slot);
        return name.IsEmpty ? $"slot {slot}" : $"slot {slot} ({name})";
    }
}
