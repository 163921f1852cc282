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

    /// <summary>The error of all problems together; nothing where there are none.</summary>
    /// <param name="parameterName">The parameter with the schema.</param>
    /// <param name="problems">The problems of the columns, null for a column without one.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is one.</exception>
    internal static void Refuse(string parameterName, IEnumerable<string?> problems)
    {
        var all = string.Join('\n', problems.OfType<string>());
        if (all.Length > 0)
            throw new ArgumentOutOfRangeException(parameterName, all);
    }

    /// <summary>That the column of a role is not in the schema, in words.</summary>
    /// <param name="role">The role.</param>
    /// <param name="columnName">The column.</param>
    /// <param name="columns">Those that are there.</param>
    internal static string Missing(string role, string columnName, IEnumerable<string> columns)
    {
        string[] names = [.. columns.Distinct()];
        return $"Could not find {role} column '{columnName}' among "
            + string.Join(", ", names.Take(MostNamed).Select(name => $"'{ShownName.Of(name)}'"))
            + (names.Length > MostNamed ? FormattableString.Invariant($" and {names.Length - MostNamed} more") : "");
    }

    /// <summary>That the column of a role has another type than the role takes, in words.</summary>
    /// <param name="role">The role.</param>
    /// <param name="columnName">The column.</param>
    /// <param name="expected">The types that it takes.</param>
    /// <param name="actual">The type that it is.</param>
    /// <param name="advice">A sentence on how to get there; empty for none.</param>
    internal static string OtherType(string role, string columnName, string expected, string actual, string advice = "")
        => $"Schema mismatch for {role} column '{columnName}': expected {expected}, got {actual}"
            + (advice.Length > 0 ? $". {advice}" : "");

    /// <summary>The error of <see cref="OtherType"/> for the parameter with the schema.</summary>
    internal static ArgumentOutOfRangeException WrongType(string parameterName, string role, string columnName, string expected,
        string actual) => new(parameterName, OtherType(role, columnName, expected, actual));

    /// <summary>The names of the columns of <paramref name="schema"/> that can be read.</summary>
    internal static IEnumerable<string> NamesOf(DataViewSchema schema)
        => schema.Where(column => !column.IsHidden).Select(column => column.Name);

    /// <summary>The column of <paramref name="schema"/> with that name, or the error that it is missing.</summary>
    internal static DataViewSchema.Column Find(DataViewSchema schema, string parameterName, string role, string columnName)
        => schema.GetColumnOrNull(columnName)
            ?? throw new ArgumentOutOfRangeException(parameterName, Missing(role, columnName, NamesOf(schema)));

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
