using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;

namespace HumanCompatible.ML.Tests.Networks;

[TestClass]
public sealed class ManagedLayerTests
{
    private const int Inputs = 150;

    // Inputs 5 to 8 and 100 to 102 are the bins of two slots, 4 and 99 their scaled values.
    private static readonly BrokenLine[] Lines =
        [new(new(0, 2, [], [0, 1, 2, 3, 4]), 4, 0), new(new(1, 0.5f, [], [0, 1, 2, 3]), 99, 6)];

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
    public void Add_ListedAndNeighboringColumns_SumsThem(int units)
    {
        var random = new Random(units);
        float[] weights = Values(random, units * Inputs), bias = Values(random, units), values = Values(random, 110);
        for (var index = 0; index < values.Length; index += 3)
            values[index] = 0;
        var layer = new ManagedLayer(weights, bias, Lines);
        var sums = new float[layer.SumCount];

        layer.Start(sums);

        // Input 2; the first slot at 3, where its fourth piece begins; the second at 1.25; then the inputs 40 to 149.
        layer.Add([2, Inputs + 8, Inputs + 16, Inputs + 17], [0.5f, 1, 1, 0.25f, 99], sums);
        layer.Add(40, values, sums);

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
    public void Add_ColumnsOfZeros_AreNotMultiplied()
    {
        var weights = new float[16];
        weights.AsSpan().Fill(1);
        weights[1] = float.NaN;
        var layer = new ManagedLayer(weights, new float[8], []);
        var sums = new float[8];

        layer.Add(0, [3, 0], sums);

        CollectionAssert.AreEqual(Enumerable.Repeat(3f, 8).ToArray(), sums);
    }

    private static float[] Values(Random random, int count)
        => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() - 0.5f) / 4)];
}
