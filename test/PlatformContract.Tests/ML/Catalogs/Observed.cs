using Microsoft.ML;
using Microsoft.ML.Data;

namespace PlatformContract.Tests.ML.Catalogs;

/// <summary>What a reader sees of a data view: values, annotations, schema promises. Public members of ML.NET only.</summary>
internal static class Observed
{
    public static float[] Floats(IDataView view, string column) => view.GetColumn<float>(column).ToArray();

    public static float[][] FloatVectors(IDataView view, string column) =>
        view.GetColumn<VBuffer<float>>(column).Select(vector => vector.DenseValues().ToArray()).ToArray();

    public static string[] Texts(IDataView view, string column) =>
        view.GetColumn<ReadOnlyMemory<char>>(column).Select(text => text.ToString()).ToArray();

    public static uint[] Keys(IDataView view, string column) => view.GetColumn<uint>(column).ToArray();

    public static string[] SlotNames(IDataView view, string column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        view.Schema[column].GetSlotNames(ref names);
        return names.DenseValues().Select(name => name.ToString()).ToArray();
    }

    public static string[] KeyTexts(IDataView view, string column) =>
        KeyValues<ReadOnlyMemory<char>>(view, column).Select(text => text.ToString()).ToArray();

    public static T[] KeyValues<T>(IDataView view, string column)
    {
        VBuffer<T> values = default;
        view.Schema[column].GetKeyValues(ref values);
        return values.DenseValues().ToArray();
    }

    public static string[] AnnotationNames(IDataView view, string column) =>
        view.Schema[column].Annotations.Schema.Select(annotation => annotation.Name).Order(StringComparer.Ordinal).ToArray();

    /// <summary>Reads one column by several cursors of one set, together, and returns the values sorted.</summary>
    public static float[] InParallel(IDataView view, string column, int cursorCount)
    {
        var cursors = view.GetRowCursorSet([view.Schema[column]], cursorCount);
        var bag = new System.Collections.Concurrent.ConcurrentBag<float>();
        Parallel.ForEach(cursors, cursor =>
        {
            using (cursor)
            {
                var getter = cursor.GetGetter<float>(view.Schema[column]);
                float value = default;
                while (cursor.MoveNext())
                {
                    getter(ref value);
                    bag.Add(value);
                }
            }
        });
        return bag.Order().ToArray();
    }
}
