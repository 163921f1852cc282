using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>
/// The entry "Schema" of a model file: names, types and annotations of the input columns. The original keeps an empty binary data view there;
/// this is a format of the stand-in, which starts with its own mark.
/// </summary>
internal static class SchemaStream
{
    private const string Mark = "HC-SCHEMA-1";

    private static readonly PrimitiveDataViewType[] _primitives =
    [
        TextDataViewType.Instance, BooleanDataViewType.Instance, TimeSpanDataViewType.Instance, DateTimeDataViewType.Instance,
        DateTimeOffsetDataViewType.Instance, RowIdDataViewType.Instance,
        .. new[] { typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(float), typeof(double) }.Select(NumberDataViewType.FromType),
    ];

    public static void Write(DataViewSchema schema, Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Mark);
        writer.Write(schema.Count);
        foreach (var column in schema)
        {
            writer.Write(column.Name);
            WriteType(writer, column.Type);
            var annotations = column.Annotations.Schema.Where(annotation => IsStorable(annotation.Type)).ToArray();
            writer.Write(annotations.Length);
            foreach (var annotation in annotations)
            {
                writer.Write(annotation.Name);
                WriteType(writer, annotation.Type);
                Generic.Invoke<object>(WriteValue<int>, annotation.Type.GetItemType().RawType, writer, column.Annotations, annotation);
            }
        }
    }

    public static DataViewSchema Read(IExceptionContext context, Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        // A model of the original starts with its binary data view's own signature.
        var mark = reader.PeekChar() == Mark.Length ? reader.ReadString() : null;
        if (mark != Mark)
            throw context.ExceptNotSupp("The stand-in of Microsoft.ML reads the input schema of models that it wrote itself, not of the original.");
        var builder = new DataViewSchema.Builder();
        for (var columns = reader.ReadInt32(); columns > 0; columns--)
        {
            var (name, type, annotations) = (reader.ReadString(), ReadType(reader), new DataViewSchema.Annotations.Builder());
            for (var count = reader.ReadInt32(); count > 0; count--)
            {
                var (kind, annotationType) = (reader.ReadString(), ReadType(reader));
                annotations.Add(kind, annotationType, Generic.Invoke<Delegate>(ReadValue<int>, annotationType.GetItemType().RawType, reader, annotationType));
            }
            builder.AddColumn(name, type, annotations.ToAnnotations());
        }
        return builder.ToSchema();
    }

    private static bool IsStorable(DataViewType type)
    {
        var raw = type.GetItemType().RawType;
        return raw == typeof(ReadOnlyMemory<char>) || raw.IsPrimitive;
    }

    private static void WriteType(BinaryWriter writer, DataViewType type)
    {
        var vector = type as VectorDataViewType;
        writer.Write(vector?.Dimensions.Length ?? 0);
        foreach (var size in vector?.Dimensions ?? [])
            writer.Write(size);
        var item = type.GetItemType();
        writer.Write((item as KeyDataViewType)?.Count ?? 0);
        var stored = item is KeyDataViewType ? NumberDataViewType.FromType(item.RawType) : item;
        var index = Array.FindIndex(_primitives, candidate => candidate.Equals(stored));
        Contracts.Check(index >= 0, $"The stand-in of Microsoft.ML cannot store the column type {type}.");
        writer.Write(index);
    }

    private static DataViewType ReadType(BinaryReader reader)
    {
        var sizes = new int[reader.ReadInt32()];
        for (var i = 0; i < sizes.Length; i++)
            sizes[i] = reader.ReadInt32();
        var (keys, item) = (reader.ReadUInt64(), _primitives[reader.ReadInt32()]);
        item = keys > 0 ? new KeyDataViewType(item.RawType, keys) : item;
        return sizes.Length == 0 ? item : new VectorDataViewType(item, sizes);
    }

    private static object WriteValue<T>(BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column annotation)
    {
        VBuffer<T> values = default;
        if (annotation.Type is VectorDataViewType)
        {
            annotations.GetValue(annotation.Name, ref values);
        }
        else
        {
            T value = default;
            annotations.GetValue(annotation.Name, ref value);
            values = new VBuffer<T>(1, [value]);
        }
        writer.Write(values.Length);
        foreach (var value in values.DenseValues())
            writer.Write(value is ReadOnlyMemory<char> text ? text.ToString() : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{value:R}"));
        return null;
    }

    private static Delegate ReadValue<T>(BinaryReader reader, DataViewType type)
    {
        var values = new T[reader.ReadInt32()];
        for (var i = 0; i < values.Length; i++)
        {
            var text = reader.ReadString();
            values[i] = typeof(T) == typeof(ReadOnlyMemory<char>) ? (T)(object)text.AsMemory() : (T)Convert.ChangeType(text, typeof(T), System.Globalization.CultureInfo.InvariantCulture);
        }
        if (type is not VectorDataViewType)
            return (ValueGetter<T>)((ref T target) => target = values[0]);
        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> target) => VBuffer<T>.Copy(values, 0, ref target, values.Length));
    }
}
