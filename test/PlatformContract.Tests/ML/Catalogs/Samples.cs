using Microsoft.ML;
using Microsoft.ML.Data;

namespace PlatformContract.Tests.ML.Catalogs;

/// <summary>Small tables whose statistics can be computed by hand.</summary>
internal static class Samples
{
    public sealed class Mixed
    {
        public float X { get; set; }

        public double D { get; set; }

        public int N { get; set; }

        public bool B { get; set; }

        public string T { get; set; } = "";

        [VectorType(3)]
        public float[] V { get; set; } = new float[3];

        [VectorType(2)]
        public string[] W { get; set; } = ["", ""];
    }

    public static IDataView MixedTable(MLContext ml) => ml.Data.LoadFromEnumerable(new Mixed[]
    {
        new() { X = 1, D = 2, N = 3, B = true, T = "red", V = [1, 0, -4], W = ["a", "b"] },
        new() { X = -3, D = 4, N = -1, B = false, T = "blue", V = [2, 0, 2], W = ["b", "b"] },
        new() { X = float.NaN, D = double.NaN, N = 0, B = true, T = "", V = [float.NaN, 0, 5], W = ["c", ""] },
        new() { X = 5, D = 0, N = 3, B = false, T = "red", V = [3, 0, 1], W = ["a", "c"] },
    });

    private sealed class Single
    {
        public float X { get; set; }
    }

    public static IDataView Column(MLContext ml, params float[] values) => ml.Data.LoadFromEnumerable(values.Select(value => new Single { X = value }));

    private sealed class Vector
    {
        [VectorType(4)]
        public float[] V { get; set; } = [];
    }

    public static IDataView Vectors(MLContext ml, params float[][] rows) => ml.Data.LoadFromEnumerable(rows.Select(row => new Vector { V = row }));

    private sealed class Word
    {
        public string T { get; set; } = "";
    }

    public static IDataView Words(MLContext ml, params string[] words) => ml.Data.LoadFromEnumerable(words.Select(word => new Word { T = word }));

    public static void AssertClose(double[] expected, IEnumerable<float> actual, double tolerance = 1e-6)
    {
        var values = actual.ToArray();
        Assert.HasCount(expected.Length, values);
        for (int i = 0; i < values.Length; i++)
        {
            if (double.IsNaN(expected[i]))
            {
                Assert.IsTrue(float.IsNaN(values[i]), $"[{i}]: NaN expected, got {values[i]}");
            }
            else
            {
                Assert.AreEqual(expected[i], values[i], tolerance, $"[{i}]");
            }
        }
    }
}
