using Microsoft.ML;
using Microsoft.ML.Data;

namespace PlatformContract.Tests.ML.Core;

/// <summary>Row classes that the tests share.</summary>
internal sealed class Point
{
    public float X { get; set; }

    public string? Name { get; set; }
}

internal sealed class ScaledPoint
{
    public float X { get; set; }

    public float Scaled { get; set; }
}

internal static class Rows
{
    public static Point[] Points(int count) => [.. Enumerable.Range(0, count).Select(i => new Point { X = i, Name = "p" + i })];

    public static IDataView View(MLContext context, int count) => context.Data.LoadFromEnumerable(Points(count));

    public static List<float> X(IDataView data) => [.. data.GetColumn<float>("X")];

    public static string Text(ReadOnlyMemory<char> text) => text.ToString();
}
