using BenchmarkDotNet.Attributes;
using HumanCompatible.ML.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Benchmarks;

/// <summary>Reading 4096 rows of 107 features, a label and a group column of an IDataView into managed memory, as Fit does once.</summary>
[MemoryDiagnoser]
public class ReadingBenchmark
{
    private const int Rows = 4096;
    private readonly TrainingColumns _columns = new(nameof(Row.Label), nameof(Row.Features), null, [nameof(Row.Group)]);
    private IDataView? _data;

    [GlobalSetup]
    public void SetUp()
    {
        var rows = SyntheticRows.Create(Rows, 1);
        var partition = rows.Partitions[0];
        _data = new MLContext(1).Data.LoadFromEnumerable(Enumerable.Range(0, Rows).Select(row => new Row
        {
            Features = rows.Features(row),
            Label = rows.Labels[row] > 0,
            Group = partition.GroupNames[partition.GroupOfRow[row]],
        }).ToList());
    }

    [Benchmark]
    public object Read() => RawTableReader.Read(_data!, _columns, CancellationToken.None);

    private sealed class Row
    {
        [VectorType(SyntheticRows.FeatureCount)]
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }

        public string Group { get; set; } = "";
    }
}
