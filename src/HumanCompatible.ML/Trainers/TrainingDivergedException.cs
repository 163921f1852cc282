using HumanCompatible.ML.Training;
using Microsoft.ML;

namespace HumanCompatible.ML.Trainers;

/// <summary>The loss became NaN or infinite. What was learned before is kept.</summary>
public sealed class TrainingDivergedException : InvalidOperationException
{
    internal TrainingDivergedException(int epoch, int step, string? excess,
        ISingleFeaturePredictionTransformer<ConstrainedModelParameters>? bestModel)
        : base($"The loss is not finite in step {step} of epoch {epoch}: "
            + (excess is null ? "lower the learning rate. " : $"{excess}. Scale the features, or have them encoded (FeatureEncoding). ")
            + (bestModel is null ? "No epoch was finished."
                : $"The best model so far is of epoch {bestModel.Model.Summary.SelectedEpoch}."))
    {
        Epoch = epoch;
        Step = step;
        BestModel = bestModel;
    }

    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; }

    /// <summary>The step within the epoch, from 1.</summary>
    public int Step { get; }

    /// <summary>
    /// The best model of the finished epochs, or null where none was finished. The caller disposes its <c>Model</c> where the network is
    /// the user's own.
    /// </summary>
    public ISingleFeaturePredictionTransformer<ConstrainedModelParameters>? BestModel { get; }
}
