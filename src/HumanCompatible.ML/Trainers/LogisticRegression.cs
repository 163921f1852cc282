using HumanCompatible.ML.Features;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace HumanCompatible.ML.Trainers;

/// <summary>Logistic regression on encoded rows without their bins: ML.NET's, with its defaults but for the tolerance.</summary>
internal static class LogisticRegression
{
    // 64 MiB.
    private const int MostEntries = 1 << 23;

    // A quarter of the passes that the default of 1e-7 takes.
    private const float Tolerance = 1e-4f;

    /// <summary>Fits it.</summary>
    /// <param name="rows">Rows with labels 0 and 1, all of whose features are here.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The weights, [inputs], those of bins being 0, then the bias; null where the rows have too much that is not 0.</returns>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    internal static float[]? Fit(TrainingRows rows, CancellationToken cancellation)
    {
        var (encoded, entries) = (new List<Row>(rows.Count), 0);
        foreach (var row in Encoded(rows).Select(Checked))
        {
            encoded.Add(row);
            entries += row.Features.GetValues().Length;
            if (entries > MostEntries)
                return null;
        }

        var ml = new MLContext(seed: 0);
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows.InputCount);
        var model = ml.BinaryClassification.Trainers.LbfgsLogisticRegression(new LbfgsLogisticRegressionBinaryTrainer.Options
        {
            ExampleWeightColumnName = nameof(Row.Weight),
            NumberOfThreads = 1,
            OptimizationTolerance = Tolerance,
        }).Fit(ml.Data.LoadFromEnumerable(encoded.Select(Checked), schema)).Model.SubModel;
        return [.. model.Weights, model.Bias];

        // The trainer reads all rows in each of its iterations.
        Row Checked(Row row)
        {
            cancellation.ThrowIfCancellationRequested();
            return row;
        }
    }

    // With weights of mean 1, so that the regularization does not depend on their unit.
    private static IEnumerable<Row> Encoded(TrainingRows rows)
    {
        var unit = rows.Weights?.Average(weight => (double)weight) ?? 1;
        var isBin = new bool[rows.InputCount];
        foreach (var (start, width) in rows.Encoder.Bins)
            isBin.AsSpan(start, width).Fill(true);
        var sparse = new SparseRows(rows.Encoder);
        for (var row = 0; row < rows.Count; row++)
        {
            sparse.Clear();
            sparse.Add(rows.Table[rows.Numbers[row]]);
            yield return new Row
            {
                Features = Vector(sparse.Columns(0), sparse.Values(0), isBin),
                Label = rows.Labels[row] > 0,
                Weight = (float)((rows.Weights?[row] ?? 1) / unit),
            };
        }
    }

    private static VBuffer<float> Vector(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, bool[] isBin)
    {
        var (kept, numbers) = (new List<int>(columns.Length), new List<float>(columns.Length));
        foreach (var (entry, column) in columns.ToArray().Index())
        {
            if (column >= isBin.Length || isBin[column])
                continue;
            kept.Add(column);
            numbers.Add(values[entry]);
        }

        int[] indices = [.. kept];
        float[] entries = [.. numbers];
        Array.Sort(indices, entries);
        return new VBuffer<float>(isBin.Length, indices.Length, entries, indices);
    }

    private sealed class Row
    {
        public VBuffer<float> Features { get; set; }

        public bool Label { get; set; }

        public float Weight { get; set; }
    }
}
