using Microsoft.ML;

namespace HumanCompatible.ML.Benchmarks.Scoring;

/// <summary>A prediction engine of each model, and a prediction of each of some rows by it.</summary>
internal sealed class Engines : IDisposable
{
    /// <summary>More rows than the processor's branch prediction remembers.</summary>
    internal const int Count = 500;

    private readonly Dictionary<ScoredModel, PredictionEngine<ScoredRow, Prediction>> _engines;
    private Prediction _prediction = new();

    internal Engines(MLContext context, IEnumerable<ScoredModel> models) => _engines = models.ToDictionary(model => model, model
        => context.Model.CreatePredictionEngine<ScoredRow, Prediction>(model.Transformer, new PredictionEngineOptions
        {
            OwnsTransformer = false,
        }));

    /// <summary>Predicts <see cref="Count"/> rows.</summary>
    internal void Predict(ScoredModel model)
    {
        var engine = _engines[model];
        for (var row = 0; row < Count; row++)
            engine.Predict(ScoredRow.At(row), ref _prediction);
    }

    public void Dispose()
    {
        foreach (var engine in _engines.Values)
            engine.Dispose();
    }

    private sealed class Prediction
    {
        public float Score { get; set; }

        public float Probability { get; set; }
    }
}
