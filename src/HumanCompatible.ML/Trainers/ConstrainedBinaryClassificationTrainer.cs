using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.MLNet;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace HumanCompatible.ML.Trainers;

/// <summary>
/// Trains a binary classifier under fairness constraints: it minimizes the logistic loss subject to the declared bounds with a stochastic
/// dual optimizer, and ships the epoch with the fewest errors on rows it was not trained on, where missing a bound counts as errors.
/// </summary>
/// <remarks>
/// Input: a label (Boolean, a number that is 0 or 1, or a key with 2 values), features (a vector of <see cref="float"/> of fixed size,
/// dense or sparse), the group columns of the constraints (text, key, Boolean, or integer-valued numbers; needed to fit only),
/// optionally a weight. Output: Score (the logit), Probability, PredictedLabel. A fit is repeatable bit by bit for a given seed, data and
/// number of threads.
/// Source: the default dual rule is Algorithm 1 of the inexact augmented Lagrangian method, doi 10.1007/s10589-023-00521-z.
/// </remarks>
public sealed class ConstrainedBinaryClassificationTrainer
    : ConstrainedTrainer<BinaryPredictionTransformer<ConstrainedBinaryModelParameters>, ConstrainedBinaryModelParameters>
{
    internal ConstrainedBinaryClassificationTrainer(IHostEnvironment environment, Options options, TrainingCallbacks? callbacks = null)
        : base(environment, options, callbacks)
    {
    }

    /// <summary>The settings of <see cref="ConstrainedBinaryClassificationTrainer"/>.</summary>
    public sealed record Options : ConstrainedTrainerOptions
    {
        internal override LearningTask Task => LearningTask.BinaryClassification;
    }

    private protected override BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Transformer(IHost host,
        TrainedModel trained, ConstrainedTrainerOptions options, DataViewSchema schema)
        => PredictionTransformers.Binary(host, new ConstrainedBinaryModelParameters(trained, options.Device), schema,
            options.FeatureColumnName);
}
