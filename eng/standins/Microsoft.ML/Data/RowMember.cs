using System.Linq.Expressions;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A field or property of a row class, and the column that it is.</summary>
internal sealed class RowMember
{
    private RowMember(MemberInfo member, string columnName, DataViewType columnType, DataViewSchema.Annotations annotations)
        => (Member, ColumnName, ColumnType, Annotations) = (member, columnName, columnType, annotations);

    public MemberInfo Member { get; }

    public string ColumnName { get; }

    public DataViewType ColumnType { get; }

    public DataViewSchema.Annotations Annotations { get; }

    public Type Type => MemberType(Member);

    public static RowMember[] Of(Type rowType, SchemaDefinition definition, SchemaDefinition.Direction direction)
        => [.. (definition ?? SchemaDefinition.Create(rowType, direction)).Select(column => Resolve(rowType, column))];

    /// <summary>The row class's columns with the types and annotations of a schema, all of whose columns the class must have.</summary>
    public static SchemaDefinition DefinitionFor(IExceptionContext context, Type rowType, DataViewSchema schema)
    {
        var definition = SchemaDefinition.Create(rowType, SchemaDefinition.Direction.Read);
        foreach (var column in schema)
        {
            var member = definition[column.Name] ?? throw context.Except($"Type should contain a member named {column.Name}");
            member.ColumnType = column.Type;
            member.SetAnnotations(column.Annotations);
        }
        return definition;
    }

    public static DataViewSchema SchemaOf(IEnumerable<RowMember> members)
    {
        var builder = new DataViewSchema.Builder();
        foreach (var member in members)
            builder.AddColumn(member.ColumnName, member.ColumnType, member.Annotations);
        return builder.ToSchema();
    }

    public static Type MemberType(MemberInfo member) => (member as FieldInfo)?.FieldType ?? ((PropertyInfo)member).PropertyType;

    public static Type ItemType(Type memberType, out bool isVector)
    {
        var isBuffer = memberType.IsGenericType && memberType.GetGenericTypeDefinition() == typeof(VBuffer<>);
        isVector = memberType.IsArray || isBuffer;
        var itemType = memberType.IsArray ? memberType.GetElementType() : isBuffer ? memberType.GetGenericArguments()[0] : memberType;
        return itemType == typeof(string) ? typeof(ReadOnlyMemory<char>) : itemType;
    }

    public Func<TRow, TValue> Getter<TRow, TValue>()
    {
        var row = Expression.Parameter(typeof(TRow));
        return Expression.Lambda<Func<TRow, TValue>>(Expression.MakeMemberAccess(row, Member), row).Compile();
    }

    public Action<TRow, TValue> Setter<TRow, TValue>()
    {
        var (row, value) = (Expression.Parameter(typeof(TRow)), Expression.Parameter(typeof(TValue)));
        return Expression.Lambda<Action<TRow, TValue>>(Expression.Assign(Expression.MakeMemberAccess(row, Member), value), row, value).Compile();
    }

    private static RowMember Resolve(Type rowType, SchemaDefinition.Column column)
    {
        MemberInfo member = (MemberInfo)rowType.GetField(column.MemberName) ?? rowType.GetProperty(column.MemberName);
        Contracts.CheckParam(member != null, "userSchemaDefinition", $"No field or property with name '{column.MemberName}' found in type '{rowType.FullName}'");
        var rawType = ItemType(MemberType(member), out var isVector);
        var name = string.IsNullOrEmpty(column.ColumnName) ? column.MemberName : column.ColumnName;
        var type = column.ColumnType;
        if (type == null)
        {
            var itemType = ColumnTypeExtensions.PrimitiveTypeFromType(rawType);
            type = isVector ? new VectorDataViewType(itemType) : itemType;
        }
        var wantsVector = type is VectorDataViewType;
        static string Shape(bool vector) => vector ? "vector" : "scalar";
        Contracts.CheckParam(isVector == wantsVector, "userSchemaDefinition",
            $"Column '{name}' is supposed to be {Shape(wantsVector)}, but type of associated field '{column.MemberName}' is {Shape(isVector)}");
        Contracts.CheckParam(type.GetItemType().RawType == rawType, "userSchemaDefinition",
            $"Column '{name}' is supposed to have item type {type.GetItemType().RawType}, but associated field has type {rawType}");
        return new RowMember(member, name, type, column.Annotations);
    }
}
