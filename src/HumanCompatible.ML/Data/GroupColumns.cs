using HumanCompatible.ML.Constraints;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Data;

/// <summary>The readers of several group columns, and the exceptions about columns.</summary>
internal static class GroupColumns
{
    /// <summary>A reader for each named column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is not there or its type makes no groups.</exception>
    internal static GroupColumnReader[] CreateReaders(DataViewSchema schema, IEnumerable<string> columnNames, string parameterName = "groupColumnNames") =>
        [.. columnNames.Select(name => GroupColumnReader.Create(Find(schema, "group", name, parameterName), parameterName))];

    internal static DataViewSchema.Column Find(DataViewSchema schema, string role, string columnName, string parameterName) =>
        schema.GetColumnOrNull(columnName) ?? throw new ArgumentOutOfRangeException(parameterName, $"Could not find {role} column '{columnName}'");

    internal static ArgumentOutOfRangeException SchemaMismatch(string parameterName, string role, string columnName, string expected, DataViewType actual) =>
        new(parameterName, $"Schema mismatch for {role} column '{columnName}': expected {expected}, got {actual}");
}
