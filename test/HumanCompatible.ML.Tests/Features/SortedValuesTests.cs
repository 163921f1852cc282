using HumanCompatible.ML.Features;

namespace HumanCompatible.ML.Tests.Features;

[TestClass]
public sealed class SortedValuesTests
{
    [TestMethod]
    public void CountAtMostAndFind_AnyNumberOfValues_CountAndFindThem()
    {
        for (var length = 0; length <= 140; length++)
        {
            float[] values = [.. Enumerable.Range(0, length).Select(index => index - 3f)];
            var sorted = new SortedValues(values);
            foreach (var value in new[] { float.MinValue, float.MaxValue }.Concat(values.SelectMany(number => new[]
            {
                MathF.BitDecrement(number), number, MathF.BitIncrement(number),
            })))
            {
                Assert.AreEqual(values.Count(number => number <= value), sorted.CountAtMost(value), $"{value} of {length}");
                Assert.AreEqual(Array.IndexOf(values, value), sorted.Find(value), $"{value} of {length}");
            }
        }
    }
}
