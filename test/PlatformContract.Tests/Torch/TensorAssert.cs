using TorchSharp;
using static TorchSharp.torch;

namespace PlatformContract.Tests.Torch;

/// <summary>Compares tensors with plain numbers.</summary>
internal static class TensorAssert
{
    /// <summary>Asserts shape and values; the tolerance is absolute plus relative.</summary>
    public static void AreEqual(long[] shape, double[] expected, Tensor actual, double tolerance = 0)
    {
        CollectionAssert.AreEqual(shape, actual.shape, $"shape [{string.Join(", ", actual.shape)}]");
        AreEqual(expected, actual, tolerance);
    }

    /// <summary>Asserts the values in row-major order.</summary>
    public static void AreEqual(double[] expected, Tensor actual, double tolerance = 0)
    {
        var values = Values(actual);
        Assert.HasCount(expected.Length, values);
        for (var i = 0; i < expected.Length; i++)
        {
            var allowed = tolerance * (1 + Math.Abs(expected[i]));
            var same = double.IsNaN(expected[i]) ? double.IsNaN(values[i]) : expected[i] == values[i] || Math.Abs(expected[i] - values[i]) <= allowed;
            Assert.IsTrue(same, $"element {i}: expected {expected[i]:R}, was {values[i]:R}");
        }
    }

    public static double[] Values(Tensor tensor)
    {
        using var flat = tensor.detach().to(float64).reshape(-1);
        return flat.data<double>().ToArray();
    }

    public static bool[] Flags(Tensor tensor) => [.. Values(tensor).Select(value => value != 0)];
}
