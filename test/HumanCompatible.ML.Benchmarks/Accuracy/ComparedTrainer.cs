using System.Diagnostics;
using HumanCompatible.ML.Benchmarks.Hold;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Benchmarks.Accuracy;

/// <summary>A trainer of binary classification with its defaults.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsOther">Whether it is ML.NET's own.</param>
/// <param name="Create">Makes it, given the seed.</param>
internal sealed record ComparedTrainer(string Name, bool IsOther, Func<MLContext, int, IEstimator<ITransformer>> Create)
{
    internal const string Constrained = "Constrained";
    internal const string Boosting = "LightGbm";
    internal const string Logistic = "LbfgsLogisticRegression";

    // Each row is asked for alone, so often that a fraction of a second passes.
    private const int TimedRows = 2_000;
    private const int Repetitions = 9;

    internal static IReadOnlyList<ComparedTrainer> Own { get; } =
    [
        new(Constrained, false, (ml, seed) => ml.Constrained().Trainers.BinaryClassification(new() { Seed = seed })),
    ];

    internal static IReadOnlyList<ComparedTrainer> All { get; } =
    [
        new(Boosting, true, (ml, _) => ml.BinaryClassification.Trainers.LightGbm()),
        new(Logistic, true, (ml, _) => ml.BinaryClassification.Trainers.LbfgsLogisticRegression()),
        .. Own,
    ];

    /// <summary>Trains on some rows, and judges on others.</summary>
    internal ComparedFit Fit(MLContext ml, int seed, IDataView train, IDataView test)
    {
        var (clock, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var model = Create(ml, seed).Fit(train);
        var (seconds, processor) = (clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
        var metrics = ml.BinaryClassification.Evaluate(model.Transform(test));
        return new ComparedFit
        {
            Trainer = Name,
            Accuracy = metrics.Accuracy,

            // Evaluate gives it in bits.
            LogLoss = metrics.LogLoss * Math.Log(2),
            Seconds = seconds,
            ProcessorSeconds = processor,
            RowMicroseconds = RowTime(ml, model, test),
        };
    }

    private static double RowTime(MLContext ml, ITransformer model, IDataView data)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = data.Schema[Population.Features].Type;
        using var engine = ml.Model.CreatePredictionEngine<Row, Prediction>(model,
            new PredictionEngineOptions { InputSchemaDefinition = schema, OwnsTransformer = false });
        Row[] rows = [.. ml.Data.CreateEnumerable<Row>(ml.Data.TakeRows(data, TimedRows), reuseRowObject: false, schemaDefinition: schema)];
        var prediction = new Prediction();
        var times = Measurement.Time(1, Repetitions, 1, () =>
        {
            foreach (var row in rows)
                engine.Predict(row, ref prediction);
        });
        return times.Min() / rows.Length;
    }

    private sealed class Row
    {
        public VBuffer<float> Features { get; set; }
    }

    private sealed class Prediction
    {
        public float Score { get; set; }

        public float Probability { get; set; }
    }
}
