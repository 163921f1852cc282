using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;

namespace HumanCompatible.ML.Tests.Networks;

[TestClass]
public sealed class ManagedLayerTests
{
    private const int Inputs = 150;

    // Inputs 5 to 8 and 100 to 102 are the bins of two slots, 4 and 99 their scaled values.
    private static readonly BrokenLine[] Lines =
        [new(new(0, 2, [], [0, 1, 2, 3, 4]), 4, 4, Inputs), new(new(1, 0.5f, [], [0, 1, 2, 3]), 98, 99, Inputs + 5)];

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(7)]
    [DataRow(8)]
    [DataRow(9)]
    [DataRow(16)]
    [DataRow(24)]
    [DataRow(63)]
    [DataRow(64)]
    [DataRow(91)]
    [DataRow(128)]
    public void Sum_OfTermsAndNeighboringInputs_IsTheAffinePart(int units)
    {
        var random = new Random(units);
        float[] weights = Values(random, units * Inputs), bias = Values(random, units), values = Values(random, 110);
        for (var index = 0; index < values.Length; index += 3)
            values[index] = 0;
        var layer = new ManagedLayer(weights, bias, Lines);
        var sums = Enumerable.Repeat(-1f, layer.SumCount).ToArray(); // what was there does not matter
        int[] columns = [2, Inputs + 3, Inputs + 5 + 1, Inputs + 5 + 2, .. new int[values.Length + Nonzero.Lanes]];
        float[] terms = [0.5f, 1, 0.75f, 0.25f, .. new float[values.Length + Nonzero.Lanes]];

        // Input 2; the first slot at 3, its fourth boundary; the second at 1.25; then the inputs 40 to 149.
        if (layer.IsByColumn)
        {
            var count = 4 + Nonzero.List(values, 40, columns.AsSpan(4), terms.AsSpan(4));
            layer.Sum(columns.AsSpan(0, count), terms, sums);
        }
        else
        {
            layer.Sum(columns.AsSpan(0, 4), terms, sums);
            layer.Add(40, values, sums);
        }

        Assert.AreEqual(units, layer.UnitCount);
        for (var unit = 0; unit < units; unit++)
        {
            var row = weights.AsSpan(unit * Inputs, Inputs);
            var expected = bias[unit] + 0.5 * row[2] + 6 * row[4] + row[5] + row[6] + row[7]
                + 0.125 * row[99] + row[100] + 0.25 * row[101];
            for (var index = 0; index < values.Length; index++)
                expected += (double)values[index] * row[40 + index];
            Assert.AreEqual(expected, sums[unit], 1e-5, $"unit {unit}");
        }

        Assert.IsFalse(sums.AsSpan(units).ContainsAnyExcept(0f), "What fills the last vector stays 0.");
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(8)]
    public void Sum_OfNoTerms_IsTheBias(int units)
    {
        var bias = Values(new Random(1), units);
        var sums = Enumerable.Repeat(-1f, units).ToArray();

        new ManagedLayer(new float[units * 2], bias, []).Sum([], [], sums);

        CollectionAssert.AreEqual(bias, sums);
    }

    private static float[] Values(Random random, int count)
        => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() - 0.5f) / 4)];
}
