using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Experiments;

/// <summary>
/// A pipeline that learns the label of every row it is fitted on by heart: whoever is scored on rows that it was fitted on is never wrong.
/// </summary>
internal sealed class LabelMemory(MLContext context) : IEstimator<ITransformer>
{
    /// <summary>The rows of every Fit.</summary>
    internal List<int> RowsFitted { get; } = [];

    public ITransformer Fit(IDataView input)
    {
        var known = context.Data.CreateEnumerable<Known>(input, reuseRowObject: false)
            .ToDictionary(row => (row.Features[0], row.Features[1], row.Features[2]), row => row.Label);
        RowsFitted.Add(known.Count);
        return context.Transforms.CustomMapping<Known, Remembered>((row, remembered) =>
            remembered.Remember = [known.TryGetValue((row.Features[0], row.Features[1], row.Features[2]), out var label)
                ? (label ? 1 : -1) : 0, row.Features[3]], null)
            .Append(context.Transforms.CopyColumns("Remembered", nameof(Remembered.Remember))).Fit(input);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;

    public sealed class Known
    {
        public bool Label { get; set; }

        [VectorType(Census.FeatureCount)]
        public float[] Features { get; set; } = [];
    }

    public sealed class Remembered
    {
        [VectorType(2)]
        public float[] Remember { get; set; } = [];
    }
}

/// <summary>Is told at once, on the thread that tells.</summary>
internal sealed class Listener<T>(Action<T> onReport) : IProgress<T>
{
    public void Report(T value) => onReport(value);
}
