using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;

namespace HumanCompatible.ML.Tests.Features;

/// <summary>Encoded rows as arrays, to compare with.</summary>
internal static class EncodedArrays
{
    /// <summary>The inputs of the first rows of an array, [count, outputs].</summary>
    internal static float[] Encode(this FeatureEncoder encoder, float[] rows, int count)
        => Inputs(Table(encoder, rows, count));

    /// <summary>The rows of an array by their entries; null where too little of them is zero.</summary>
    internal static SparseRows? Sparse(this FeatureEncoder encoder, params float[] rows)
    {
        var table = Table(encoder, rows, rows.Length / encoder.InputCount);
        if (!table.IsSparse)
            return null;
        var sparse = new SparseRows(encoder);
        table.Encode(AllOf(table), sparse);
        return sparse;
    }

    /// <summary>The inputs of rows, [rows, inputs].</summary>
    internal static float[] Inputs(this TrainingRows rows)
    {
        var inputs = new float[rows.Count * rows.InputCount];
        rows.Encode(AllOf(rows), inputs);
        return inputs;
    }

    private static long[] AllOf(TrainingRows rows) => [.. Enumerable.Range(0, rows.Count).Select(row => (long)row)];

    /// <summary>Some of the rows of an array by their entries, as the inputs of a network.</summary>
    internal static NetworkInputs Inputs(this FeatureEncoder encoder, float[] rows, params long[] numbers)
    {
        var sparse = new SparseRows(encoder);
        Table(encoder, rows, rows.Length / encoder.InputCount).Encode(numbers, sparse);
        return NetworkInputs.Of(sparse);
    }

    private static TrainingRows Table(FeatureEncoder encoder, float[] rows, int count) => new(encoder,
        FeatureTable.Of(rows, encoder.InputCount), [.. Enumerable.Range(0, count)], new float[count], null, []);
}
