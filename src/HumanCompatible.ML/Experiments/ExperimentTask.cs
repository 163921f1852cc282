using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Data;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Experiments;

/// <summary>What the three tasks differ in: the trainer, ML.NET's metrics, the audit.</summary>
internal abstract class ExperimentTask
{
    /// <summary>Trains on data that are divided already.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="options">The options.</param>
    /// <param name="schema">The schema of the data.</param>
    /// <param name="prepare">The divided data.</param>
    /// <param name="from">The model to go on from, or null.</param>
    /// <param name="cancellation">Ends training.</param>
    internal abstract ISingleFeaturePredictionTransformer<ConstrainedModelParameters> Fit(MLContext ml, ConstrainedTrainerOptions options,
        DataViewSchema schema, Func<SplitSettings, TrainingSplits> prepare, ConstrainedModelParameters? from,
        CancellationToken cancellation);

    /// <summary>Trains on data, of which it holds out some to choose the epoch.</summary>
    internal abstract ISingleFeaturePredictionTransformer<ConstrainedModelParameters> Fit(MLContext ml, ConstrainedTrainerOptions options,
        IDataView data, CancellationToken cancellation);

    /// <summary>ML.NET's metrics of scored data, by name.</summary>
    internal abstract IReadOnlyDictionary<string, double> Evaluate(MLContext ml, IDataView scored, ConstrainedTrainerOptions options);

    /// <summary>The audit of scored data; null where no constraint names a group column.</summary>
    internal FairnessAudit? Audit(IDataView scored, ConstrainedTrainerOptions options)
    {
        string[] columns = [.. options.Constraints.SelectMany(constraint => constraint.GroupColumnNames).Distinct()];
        return columns.Length == 0 ? null : ScoredData.Audit(new AuditRequest(scored, columns)
        {
            LabelColumnName = options.LabelColumnName,
            ExampleWeightColumnName = options.ExampleWeightColumnName,
            MissingValues = options.Groups.MissingValues,
        }, FindColumns);
    }

    /// <summary>The prediction at the end of a model.</summary>
    internal static ISingleFeaturePredictionTransformer<ConstrainedModelParameters> PredictionOf(ITransformer model)
        => (ISingleFeaturePredictionTransformer<ConstrainedModelParameters>)
            (model is TransformerChain<ITransformer> chain ? chain.LastTransformer : model);

    /// <summary>A model as the bytes of its file.</summary>
    internal static byte[] Write(ITransformer model, DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        new MLContext(0).Model.Save(model, schema, stream);
        return stream.ToArray();
    }

    /// <summary>The model that <see cref="Write"/> wrote.</summary>
    internal static ITransformer Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return new MLContext(0).Model.Load(stream, out _);
    }

    private protected abstract AuditedColumns FindColumns(AuditRequest request);

    private static TrainingCallbacks Callbacks(CancellationToken cancellation) => new() { CancellationToken = cancellation };

    private abstract class Of<TTransformer, TModel> : ExperimentTask
        where TTransformer : class, ISingleFeaturePredictionTransformer<TModel>
        where TModel : ConstrainedModelParameters
    {
        internal override ISingleFeaturePredictionTransformer<ConstrainedModelParameters> Fit(MLContext ml,
            ConstrainedTrainerOptions options, DataViewSchema schema, Func<SplitSettings, TrainingSplits> prepare,
            ConstrainedModelParameters? from, CancellationToken cancellation)
            => (ISingleFeaturePredictionTransformer<ConstrainedModelParameters>)Trainer(ml, options, Callbacks(cancellation))
                .Fit(schema, prepare, (TModel?)from);

        internal override ISingleFeaturePredictionTransformer<ConstrainedModelParameters> Fit(MLContext ml,
            ConstrainedTrainerOptions options, IDataView data, CancellationToken cancellation)
            => (ISingleFeaturePredictionTransformer<ConstrainedModelParameters>)Trainer(ml, options, Callbacks(cancellation)).Fit(data);

        private protected abstract ConstrainedTrainer<TTransformer, TModel> Trainer(MLContext ml, ConstrainedTrainerOptions options,
            TrainingCallbacks callbacks);
    }

    internal static ExperimentTask Binary { get; } = new BinaryTask();

    internal static ExperimentTask Multiclass { get; } = new MulticlassTask();

    internal static ExperimentTask Regression { get; } = new RegressionTask();

    private sealed class BinaryTask
        : Of<BinaryPredictionTransformer<ConstrainedBinaryModelParameters>, ConstrainedBinaryModelParameters>
    {
        private protected override AuditedColumns FindColumns(AuditRequest request) => BinaryPredictionReader.Find(request);

        private protected override ConstrainedTrainer<BinaryPredictionTransformer<ConstrainedBinaryModelParameters>,
            ConstrainedBinaryModelParameters> Trainer(MLContext ml, ConstrainedTrainerOptions options, TrainingCallbacks callbacks)
            => new ConstrainedBinaryClassificationTrainer(ml, (ConstrainedBinaryClassificationTrainer.Options)options, callbacks);

        internal override IReadOnlyDictionary<string, double> Evaluate(MLContext ml, IDataView scored, ConstrainedTrainerOptions options)
        {
            var metrics = ml.BinaryClassification.Evaluate(scored, options.LabelColumnName);
            return new Dictionary<string, double>
            {
                [nameof(metrics.Accuracy)] = metrics.Accuracy,
                [nameof(BinaryClassificationMetric.AreaUnderRocCurve)] = metrics.AreaUnderRocCurve,
                [nameof(BinaryClassificationMetric.AreaUnderPrecisionRecallCurve)] = metrics.AreaUnderPrecisionRecallCurve,
                [nameof(metrics.F1Score)] = metrics.F1Score,
                [nameof(metrics.PositivePrecision)] = metrics.PositivePrecision,
                [nameof(metrics.PositiveRecall)] = metrics.PositiveRecall,
                [nameof(metrics.NegativePrecision)] = metrics.NegativePrecision,
                [nameof(metrics.NegativeRecall)] = metrics.NegativeRecall,
                [nameof(metrics.LogLoss)] = metrics.LogLoss,
            };
        }
    }

    private sealed class MulticlassTask
        : Of<MulticlassPredictionTransformer<ConstrainedMulticlassModelParameters>, ConstrainedMulticlassModelParameters>
    {
        private protected override AuditedColumns FindColumns(AuditRequest request) => MulticlassPredictionReader.Find(request);

        private protected override ConstrainedTrainer<MulticlassPredictionTransformer<ConstrainedMulticlassModelParameters>,
            ConstrainedMulticlassModelParameters> Trainer(MLContext ml, ConstrainedTrainerOptions options,
            TrainingCallbacks callbacks)
            => new ConstrainedMulticlassClassificationTrainer(ml, (ConstrainedMulticlassClassificationTrainer.Options)options, callbacks);

        internal override IReadOnlyDictionary<string, double> Evaluate(MLContext ml, IDataView scored, ConstrainedTrainerOptions options)
        {
            var metrics = ml.MulticlassClassification.Evaluate(scored, options.LabelColumnName);
            return new Dictionary<string, double>
            {
                [nameof(metrics.MicroAccuracy)] = metrics.MicroAccuracy,
                [nameof(metrics.MacroAccuracy)] = metrics.MacroAccuracy,
                [nameof(metrics.LogLoss)] = metrics.LogLoss,
                [nameof(metrics.LogLossReduction)] = metrics.LogLossReduction,
            };
        }
    }

    private sealed class RegressionTask
        : Of<RegressionPredictionTransformer<ConstrainedRegressionModelParameters>, ConstrainedRegressionModelParameters>
    {
        private protected override AuditedColumns FindColumns(AuditRequest request) => RegressionPredictionReader.Find(request);

        private protected override ConstrainedTrainer<RegressionPredictionTransformer<ConstrainedRegressionModelParameters>,
            ConstrainedRegressionModelParameters> Trainer(MLContext ml, ConstrainedTrainerOptions options,
            TrainingCallbacks callbacks)
            => new ConstrainedRegressionTrainer(ml, (ConstrainedRegressionTrainer.Options)options, callbacks);

        internal override IReadOnlyDictionary<string, double> Evaluate(MLContext ml, IDataView scored, ConstrainedTrainerOptions options)
        {
            var metrics = ml.Regression.Evaluate(scored, options.LabelColumnName);
            return new Dictionary<string, double>
            {
                [nameof(metrics.RSquared)] = metrics.RSquared,
                [nameof(metrics.MeanAbsoluteError)] = metrics.MeanAbsoluteError,
                [nameof(metrics.MeanSquaredError)] = metrics.MeanSquaredError,
                [nameof(metrics.RootMeanSquaredError)] = metrics.RootMeanSquaredError,
            };
        }
    }
}
