using Microsoft.ML;

namespace HumanCompatible.ML.Scoring;

/// <summary>The rules of ML.NET on the columns of a row: one of another schema or one that was not asked for has no getter.</summary>
internal static class ScoredColumns
{
    internal static bool IsActive(DataViewSchema schema, bool[] active, DataViewSchema.Column column)
    {
        CheckMember(schema, column);
        return active[column.Index];
    }

    internal static void CheckActive(DataViewSchema schema, bool[] active, DataViewSchema.Column column)
    {
        if (!IsActive(schema, active, column))
        {
            throw new ArgumentOutOfRangeException(nameof(column),
                $"Column '{column.Name}' is not active: it was not asked for when the rows were opened.");
        }
    }

    /// <summary>Refuses to read before the first row and after the last.</summary>
    internal static void CheckPosition(DataViewRow row)
    {
        if (row.Position < 0)
            throw new InvalidOperationException("The cursor is not at a row: its values can be read after MoveNext returned true.");
    }

    private static void CheckMember(DataViewSchema schema, DataViewSchema.Column column)
    {
        if (column.Index >= schema.Count || schema[column.Index].Name != column.Name)
            throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' is not one of these rows.");
    }
}
