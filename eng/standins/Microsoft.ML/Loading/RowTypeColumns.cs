using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The loader's columns that a row class asks for by its <see cref="LoadColumnAttribute"/>s.</summary>
internal static class RowTypeColumns
{
    public static TextLoader.Column[] Of(Type rowType)
    {
        const BindingFlags Visible = BindingFlags.Public | BindingFlags.Instance;
        var properties = rowType.GetProperties(Visible).Where(property => property.GetGetMethod() != null && property.GetIndexParameters().Length == 0);
        return [.. rowType.GetFields(Visible).Cast<MemberInfo>().Concat(properties).Select(ColumnOf)];
    }

    private static TextLoader.Column ColumnOf(MemberInfo member)
    {
        var (memberKind, type) = member is FieldInfo field ? ("Field", field.FieldType) : ("Property", ((PropertyInfo)member).PropertyType);
        var sources = member.GetCustomAttribute<LoadColumnAttribute>()?.Sources
            ?? throw Contracts.Except($"{memberKind} '{member.Name}' is missing the {nameof(LoadColumnAttribute)} attribute");
        var kind = DataKindTypes.FromRawType(type.IsArray ? type.GetElementType() : type)
            ?? throw Contracts.Except($"{memberKind} {member.Name} is of unsupported type.");
        var ranges = sources.Select(source => source.Start == source.End && !type.IsArray ? new TextLoader.Range(source.Start) : new TextLoader.Range(source.Start, source.End));
        var keys = member.GetCustomAttribute<KeyTypeAttribute>();
        var name = member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name;
        return new TextLoader.Column(name, kind, [.. ranges], keys == null ? null : new KeyCount(keys.Count));
    }
}
