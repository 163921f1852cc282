using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>Schemas and promised schemas as lines of text, so that they can be compared as a whole.</summary>
internal static class Schemas
{
    /// <summary>What a pipeline over data of this schema would promise.</summary>
    internal static SchemaShape Shape(DataViewSchema schema) => new(schema.Where(column => !column.IsHidden).Select(Shape));

    /// <summary>The promise, a line per column; the order of columns and of annotations does not count.</summary>
    internal static string[] Describe(SchemaShape shape)
        => [.. shape.Select(column
            => $"{column.Name}: {column.Kind} {column.ItemType}{(column.IsKey ? " key" : "")} "
            + $"[{string.Join("; ", Describe(column.Annotations ?? new SchemaShape([])))}]").Order(StringComparer.Ordinal)];

    /// <summary>The schema with the values of scalar annotations, a line per column.</summary>
    internal static string[] Describe(DataViewSchema schema)
        => [.. schema.Select(column => $"{column.Index} {column.Name}: {column.Type} [{Annotations(column)}]")];

    private static string Annotations(DataViewSchema.Column column) => string.Join("; ", column.Annotations.Schema
        .Select(annotation => Describe(column.Annotations, annotation)).Order(StringComparer.Ordinal));

    private static SchemaShape.Column Shape(DataViewSchema.Column column)
    {
        var item = column.Type is VectorDataViewType vector ? vector.ItemType : column.Type;
        var kind = column.Type is VectorDataViewType { Size: > 0 } ? SchemaShape.Column.VectorKind.Vector
            : column.Type is VectorDataViewType ? SchemaShape.Column.VectorKind.VariableVector
            : SchemaShape.Column.VectorKind.Scalar;
        var plain = item is KeyDataViewType key
            ? key.RawType == typeof(uint) ? NumberDataViewType.UInt32 : throw new NotSupportedException($"{key}") : item;

        // The constructor is internal to ML.NET, which makes such shapes of schemas by itself.
        return (SchemaShape.Column)Activator.CreateInstance(
            typeof(SchemaShape.Column),
            BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public,
            null,
            [column.Name, kind, plain, item is KeyDataViewType, Shape(column.Annotations.Schema)],
            CultureInfo.InvariantCulture)!;
    }

    private static string Describe(DataViewSchema.Annotations annotations, DataViewSchema.Column annotation)
    {
        var value = annotation.Type switch
        {
            TextDataViewType => Value<ReadOnlyMemory<char>>(annotations, annotation).ToString(),
            BooleanDataViewType => Value<bool>(annotations, annotation).ToString(),
            KeyDataViewType key when key.RawType == typeof(uint)
                => Value<uint>(annotations, annotation).ToString(CultureInfo.InvariantCulture),
            _ => "...",
        };
        return $"{annotation.Name}: {annotation.Type} = {value}";
    }

    private static T Value<T>(DataViewSchema.Annotations annotations, DataViewSchema.Column annotation)
    {
        T value = default!;
        annotations.GetValue(annotation.Name, ref value);
        return value;
    }
}
