using Microsoft.ML;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>What one seed gave: a model and how it does.</summary>
/// <param name="Run">How it does.</param>
/// <param name="Pipeline">The whole pipeline.</param>
/// <param name="Schema">What the pipeline takes.</param>
internal sealed record CsvModel(CsvReport.Run Run, ITransformer Pipeline, DataViewSchema Schema) : IDisposable
{
    /// <summary>What the page is made of; null where none is asked for.</summary>
    public CsvPage? Page { get; init; }

    public void Dispose() => (Pipeline as IDisposable)?.Dispose();
}
