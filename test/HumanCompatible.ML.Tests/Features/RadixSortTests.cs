using HumanCompatible.ML.Features;

namespace HumanCompatible.ML.Tests.Features;

[TestClass]
public sealed class RadixSortTests
{
    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(5000)]
    public void Sort_AnyBits_IsTheSortByComparison(int count)
    {
        var random = new Random(count);
        float[] values = [.. Enumerable.Range(0, count).Select(_ => BitConverter.Int32BitsToSingle((int)random.NextInt64(1L << 32)))
            .Where(value => !float.IsNaN(value))];
        AssertSorts(values);
    }

    [TestMethod]
    public void Sort_EqualSubnormalAndInfiniteValues_IsTheSortByComparison() => AssertSorts([3, float.PositiveInfinity, -1, 3, 0,
        float.Epsilon, float.NegativeInfinity, -float.Epsilon, float.MaxValue, 3, float.MinValue, 1e-3f, -1e-3f, 0]);

    [TestMethod]
    public void Sort_NegativeZero_IsZero()
    {
        float[] values = [1, -0f, -1, 0];
        RadixSort.Sort(values);
        CollectionAssert.AreEqual(new[] { -1, 0f, 0, 1 }, values);
        Assert.IsFalse(values.Any(value => value == 0 && float.IsNegative(value)));
    }

    private static void AssertSorts(float[] values)
    {
        float[] expected = [.. values.Order()];
        RadixSort.Sort(values);
        CollectionAssert.AreEqual(expected, values);
    }
}
