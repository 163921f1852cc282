using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.MLNet;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace HumanCompatible.ML.Trainers;

/// <summary>
/// Trains a classifier of several classes under fairness constraints: it minimizes the cross-entropy of a softmax subject to the declared
/// bounds with a stochastic dual optimizer, and ships the epoch with the fewest errors on rows it was not trained on, where missing a bound
/// counts as errors.
/// </summary>
/// <remarks>
/// Input: a label (a key of <see cref="uint"/> with at least 2 values, such as <c>MapValueToKey</c> gives), features (a vector of
/// <see cref="float"/> of fixed size, without missing values), the group columns of the constraints (text, key, Boolean, or integer-valued
/// numbers; needed to fit only), optionally a weight. Output: Score (the probability of each class, its slots named by the classes) and
/// PredictedLabel (a key with the values of the label). A fit is repeatable bit by bit for a given seed, data and number of threads.
/// Source: the default dual rule is Algorithm 1 of the inexact augmented Lagrangian method, doi 10.1007/s10589-023-00521-z.
/// </remarks>
public sealed class ConstrainedMulticlassClassificationTrainer
    : ConstrainedTrainer<MulticlassPredictionTransformer<ConstrainedMulticlassModelParameters>, ConstrainedMulticlassModelParameters>
{
    internal ConstrainedMulticlassClassificationTrainer(IHostEnvironment environment, Options options, TrainingCallbacks? callbacks = null)
        : base(environment, options, callbacks)
    {
    }

    /// <summary>The settings of <see cref="ConstrainedMulticlassClassificationTrainer"/>.</summary>
    public sealed record Options : ConstrainedTrainerOptions
    {
        internal override LearningTask Task => LearningTask.MulticlassClassification;
    }

    private protected override MulticlassPredictionTransformer<ConstrainedMulticlassModelParameters> Transformer(IHost host,
        TrainedModel trained, ConstrainedTrainerOptions options, DataViewSchema schema)
        => PredictionTransformers.Multiclass(host, new ConstrainedMulticlassModelParameters(trained, options.Device), schema,
            options.FeatureColumnName, options.LabelColumnName);
}
