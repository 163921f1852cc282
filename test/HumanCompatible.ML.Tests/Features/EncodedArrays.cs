using HumanCompatible.ML.Features;

namespace HumanCompatible.ML.Tests.Features;

/// <summary>Encoded rows as arrays, to compare with.</summary>
internal static class EncodedArrays
{
    /// <summary>The inputs of the first rows of an array, [count, outputs].</summary>
    internal static float[] Encode(this FeatureEncoder encoder, float[] rows, int count)
        => Inputs(Table(encoder, rows, count));

    /// <summary>The rows of an array by their entries.</summary>
    internal static SparseRows? Sparse(this FeatureEncoder encoder, params float[] rows)
        => Table(encoder, rows, rows.Length / encoder.InputCount).Sparse();

    /// <summary>The inputs of rows, [rows, inputs].</summary>
    internal static float[] Inputs(this TrainingRows rows)
    {
        var inputs = new float[rows.Count * rows.InputCount];
        rows.Encode(0, inputs);
        return inputs;
    }

    private static TrainingRows Table(FeatureEncoder encoder, float[] rows, int count) => new(encoder,
        FeatureTable.Of(rows, encoder.InputCount), [.. Enumerable.Range(0, count)], new float[count], null, []);
}
