using HumanCompatible.ML.Features;

namespace HumanCompatible.ML.Tests.Features;

[TestClass]
public sealed class NonzeroTests
{
    [TestMethod]
    public void Mask_AnyNumberOfValues_MarksThoseThatAreNotZero()
    {
        float[] kinds = [0, -0f, 1, float.Epsilon, float.NaN, float.NegativeInfinity, 0, 0];
        var random = new Random(1);
        for (var length = 1; length <= Nonzero.Count; length++)
        {
            float[] values = [.. Enumerable.Range(0, length).Select(_ => kinds[random.Next(kinds.Length)])];
            var expected = 0UL;
            foreach (var (index, value) in values.Index())
                expected |= value != 0 ? 1UL << index : 0;
            Assert.AreEqual(expected, Nonzero.Mask(values), $"{length} values");
            Assert.AreEqual(ulong.MaxValue >> (Nonzero.Count - length), Nonzero.Mask(Enumerable.Repeat(2f, length).ToArray()));
        }
    }

    [TestMethod]
    public void List_AnyNumberOfValues_GivesThoseThatAreNotZeroInOrder() => AssertLists(Nonzero.List, value => value != 0);

    [TestMethod]
    public void ListRectified_AnyNumberOfValues_GivesThoseThatReluLeavesInOrder()
        => AssertLists(Nonzero.ListRectified, value => float.IsNaN(value) || value > 0);

    [TestMethod]
    public void List_WithoutTheRoomThatVectorsNeed_Throws()
        => Assert.ThrowsExactly<ArgumentException>(() => Nonzero.List([1, 2], 0, new int[2 + Nonzero.Lanes], new float[1 + Nonzero.Lanes]));

    private static void AssertLists(Lister list, Func<float, bool> isListed)
    {
        float[] kinds = [0, -0f, 1, float.Epsilon, float.NaN, float.NegativeInfinity, -1, 0, 0];
        var random = new Random(1);
        for (var length = 0; length <= 150; length++)
        {
            float[] values = [.. Enumerable.Range(0, length).Select(_ => kinds[random.Next(kinds.Length)])];
            var (numbers, listed) = (new int[length + Nonzero.Lanes], new float[length + Nonzero.Lanes]);

            var count = list(values, 7, numbers, listed);

            var expected = values.Index().Where(value => isListed(value.Item)).ToList();
            CollectionAssert.AreEqual(expected.Select(value => 7 + value.Index).ToArray(), numbers[..count], $"{length} values");
            CollectionAssert.AreEqual(expected.Select(value => value.Item).ToArray(), listed[..count], $"{length} values");
        }
    }

    private delegate int Lister(ReadOnlySpan<float> values, int first, Span<int> numbers, Span<float> listed);
}
