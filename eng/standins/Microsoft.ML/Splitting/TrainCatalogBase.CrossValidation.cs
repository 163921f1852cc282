using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public abstract partial class TrainCatalogBase
{
    /// <summary>Fits the estimator on each fold's other rows, and evaluates the model on the fold.</summary>
    private protected CrossValidationResult<TMetrics>[] CrossValidateTrain<TMetrics>(IDataView data, IEstimator<ITransformer> estimator, int numFolds,
        string labelColumnName, string samplingKeyColumn, int? seed, Func<IDataView, TMetrics> evaluate)
        where TMetrics : class
    {
        Environment.CheckNonEmpty(labelColumnName, nameof(labelColumnName));
        Environment.CheckValue(data, nameof(data));
        Environment.CheckValue(estimator, nameof(estimator));
        Environment.CheckParam(numFolds > 1, nameof(numFolds), "Must be more than 1");
        // As in the original, all models are fitted before the first one is evaluated.
        var fitted = DataOperationsCatalog.CrossValidationSplit(Environment, data, numFolds, samplingKeyColumn, seed).Select(split =>
        {
            var model = estimator.Fit(split.TrainSet);
            return (Model: model, Scores: model is ITransformerChain chain ? chain.Transform(split.TestSet, TransformerScope.Everything) : model.Transform(split.TestSet));
        }).ToArray();
        return [.. fitted.Select((fold, i) => new CrossValidationResult<TMetrics>(fold.Model, evaluate(fold.Scores), fold.Scores, i))];
    }

    public sealed class CrossValidationResult<T>
        where T : class
    {
        public readonly T Metrics;
        public readonly ITransformer Model;
        public readonly IDataView ScoredHoldOutSet;
        public readonly int Fold;

        internal CrossValidationResult(ITransformer model, T metrics, IDataView scores, int fold)
            => (Model, Metrics, ScoredHoldOutSet, Fold) = (model, metrics, scores, fold);
    }
}
