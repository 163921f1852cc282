using HumanCompatible.ML.Groups;
using Microsoft.ML;

namespace HumanCompatible.ML.Data;

/// <summary>
/// The errors for a column that is missing or of the wrong type, worded and typed as ML.NET words and types its own; where one is missing,
/// those that there are are named.
/// </summary>
internal static class SchemaMismatch
{
    private const int MostNamed = 20;

    /// <summary>The column of a role is not in the schema.</summary>
    /// <param name="parameterName">The parameter with the schema.</param>
    /// <param name="role">The role.</param>
    /// <param name="columnName">The column.</param>
    /// <param name="columns">Those that are there.</param>
    private static ArgumentOutOfRangeException Missing(string parameterName, string role, string columnName, IEnumerable<string> columns)
    {
        string[] names = [.. columns.Distinct()];
        return new(parameterName, $"Could not find {role} column '{columnName}' among "
            + string.Join(", ", names.Take(MostNamed).Select(name => $"'{ShownName.Of(name)}'"))
            + (names.Length > MostNamed ? FormattableString.Invariant($" and {names.Length - MostNamed} more") : ""));
    }

    /// <summary>The column of a role has another type than the role takes.</summary>
    /// <param name="parameterName">The parameter with the schema.</param>
    /// <param name="role">The role.</param>
    /// <param name="columnName">The column.</param>
    /// <param name="expected">The types that it takes.</param>
    /// <param name="actual">The type that it is.</param>
    /// <param name="advice">A sentence on how to get there; empty for none.</param>
    internal static ArgumentOutOfRangeException WrongType(string parameterName, string role, string columnName, string expected,
        string actual, string advice = "")
        => new(parameterName, $"Schema mismatch for {role} column '{columnName}': expected {expected}, got {actual}"
            + (advice.Length > 0 ? $". {advice}" : ""));

    /// <summary>The column of <paramref name="schema"/> with that name, or the error that it is missing.</summary>
    internal static DataViewSchema.Column Find(DataViewSchema schema, string parameterName, string role, string columnName)
        => schema.GetColumnOrNull(columnName)
            ?? throw Missing(parameterName, role, columnName, schema.Where(column => !column.IsHidden).Select(column => column.Name));

    /// <summary>The promised column of <paramref name="shape"/> with that name, or the error that it is missing.</summary>
    internal static SchemaShape.Column Find(SchemaShape shape, string parameterName, string role, string columnName)
    {
        foreach (var column in shape)
        {
            if (column.Name == columnName)
                return column;
        }

        throw Missing(parameterName, role, columnName, shape.Select(column => column.Name));
    }

    /// <summary>A promised column's type in words, as ML.NET puts it.</summary>
    internal static string Describe(SchemaShape.Column column)
    {
        var item = column.IsKey ? $"Key<{column.ItemType}>" : column.ItemType.ToString()!;
        return column.Kind switch
        {
            SchemaShape.Column.VectorKind.Vector => $"Vector<{item}>",
            SchemaShape.Column.VectorKind.VariableVector => $"VarVector<{item}>",
            _ => item,
        };
    }
}
