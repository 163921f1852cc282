using Microsoft.ML;

namespace HumanCompatible.ML.Data;

/// <summary>The readers of several group columns.</summary>
internal static class GroupColumns
{
    /// <summary>A reader for each named column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is not there or its type makes no groups.</exception>
    internal static GroupColumnReader[] CreateReaders(DataViewSchema schema, IEnumerable<string> columnNames,
        string parameterName = "groupColumnNames") =>
        [.. columnNames.Select(name => GroupColumnReader.Create(SchemaMismatch.Find(schema, parameterName, "group", name), parameterName))];
}
