using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;

namespace HumanCompatible.ML.Benchmarks;

/// <summary>
/// Seeded rows of the shape of the encoded census data: 6 continuous features and 101 of 0 or 1, two groups of which one is twice as
/// frequent and more
/// often labeled 1. Time does not depend on the values; the bias keeps the constraint active.
/// </summary>
internal static class SyntheticRows
{
    internal const int FeatureCount = 107;
    internal const int ContinuousCount = 6;
    internal const string GroupColumnName = "Group";

    internal static TrainingRows Create(int count, int seed)
    {
        var random = new Random(seed);
        var features = new float[count * FeatureCount];
        var labels = new float[count];
        var codes = new int[count];
        for (var row = 0; row < count; row++)
        {
            codes[row] = random.NextDouble() < 2.0 / 3 ? 1 : 0;
            var values = features.AsSpan(row * FeatureCount, FeatureCount);
            for (var slot = 0; slot < FeatureCount; slot++)
                values[slot] = slot < ContinuousCount ? Normal(random) : random.NextDouble() < 0.1 ? 1 : 0;
            values[ContinuousCount] = codes[row];
            var logit = values[0] + 0.5 * values[1] + 1.5 * codes[row] - 2;
            labels[row] = random.NextDouble() < 1 / (1 + Math.Exp(-logit)) ? 1 : 0;
        }

        var column = new GroupColumn(GroupColumnName, codes, ["a", "b"]);
        return new TrainingRows(features, FeatureCount, labels, null, [GroupPartition.Intersect([column])]);
    }

    /// <summary>The features of a row.</summary>
    internal static float[] Features(this TrainingRows rows, int row)
    {
        var features = new float[rows.InputCount];
        rows.Encode([row], features);
        return features;
    }

    private static float Normal(Random random)
        => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
