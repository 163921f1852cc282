using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Benchmarks.Scoring;

/// <summary>A row of the benchmark: few different ones, again and again, so that their number costs no time.</summary>
internal sealed class ScoredRow
{
    private const int Different = 10_000;

    private static readonly ScoredRow[] Rows = Create();

    /// <summary>The features.</summary>
    [VectorType(SyntheticRows.FeatureCount)]
    public float[] Values { get; set; } = [];

    /// <summary>The label.</summary>
    public bool Label { get; set; }

    /// <summary>The group.</summary>
    public string Group { get; set; } = "";

    /// <summary>A row by its number.</summary>
    internal static ScoredRow At(int row) => Rows[row % Different];

    /// <summary>The first rows.</summary>
    internal static IDataView View(MLContext context, int count) => context.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(At));

    private static ScoredRow[] Create()
    {
        var rows = SyntheticRows.Create(Different, 1);
        return [.. Enumerable.Range(0, Different).Select(row => new ScoredRow
        {
            Values = rows.Features(row),
            Label = rows.Labels[row] > 0,
            Group = rows.Features(row)[SyntheticRows.ContinuousCount] > 0 ? "b" : "a",
        })];
    }
}
