using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.MLNet;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace HumanCompatible.ML.Trainers;

/// <summary>
/// Trains a regression under fairness constraints: it minimizes the squared error subject to the declared bounds with a stochastic dual
/// optimizer, and ships the epoch with the smallest error on rows it was not trained on, where missing a bound counts as error.
/// </summary>
/// <remarks>
/// Input: a label (Single or Double; any scale, the network learns it in units of its deviation), features (a vector of
/// <see cref="float"/> of fixed size, without missing values), the group columns of the constraints (text, key, Boolean, or integer-valued
/// numbers; needed to fit only), optionally a weight. Output: Score (the prediction). A fit is repeatable bit by bit for a given seed, data
/// and number of threads.
/// Source: the default dual rule is Algorithm 1 of the inexact augmented Lagrangian method, doi 10.1007/s10589-023-00521-z.
/// </remarks>
public sealed class ConstrainedRegressionTrainer
    : ConstrainedTrainer<RegressionPredictionTransformer<ConstrainedRegressionModelParameters>, ConstrainedRegressionModelParameters>
{
    internal ConstrainedRegressionTrainer(IHostEnvironment environment, Options options, TrainingCallbacks? callbacks = null)
        : base(environment, options, callbacks)
    {
    }

    /// <summary>The settings of <see cref="ConstrainedRegressionTrainer"/>.</summary>
    public sealed record Options : ConstrainedTrainerOptions
    {
        internal override LearningTask Task => LearningTask.Regression;
    }

    private protected override RegressionPredictionTransformer<ConstrainedRegressionModelParameters> Transformer(IHost host,
        TrainedModel trained, ConstrainedTrainerOptions options, DataViewSchema schema)
        => PredictionTransformers.Regression(host, new ConstrainedRegressionModelParameters(trained, options.Device), schema,
            options.FeatureColumnName);
}
