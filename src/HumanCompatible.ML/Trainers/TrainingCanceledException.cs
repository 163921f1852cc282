using HumanCompatible.ML.Training;
using Microsoft.ML;

namespace HumanCompatible.ML.Trainers;

/// <summary>Training was canceled. What was learned until then is kept.</summary>
public sealed class TrainingCanceledException : OperationCanceledException
{
    internal TrainingCanceledException(int epoch, ISingleFeaturePredictionTransformer<ConstrainedModelParameters>? bestModel,
        CancellationToken token)
        : base((epoch == 0 ? "Training was canceled while the data was read; " : $"Training was canceled in epoch {epoch}; ")
            + (bestModel is null ? "no epoch was finished."
                : $"the best model so far is of epoch {bestModel.Model.Summary.SelectedEpoch}."),
            token)
    {
        Epoch = epoch;
        BestModel = bestModel;
    }

    /// <summary>The epoch in which training was canceled, from 1; 0 while the data was read.</summary>
    public int Epoch { get; }

    /// <summary>
    /// The best model of the finished epochs, or null where none was finished. The caller disposes its <c>Model</c> where the network is
    /// the user's own.
    /// </summary>
    public ISingleFeaturePredictionTransformer<ConstrainedModelParameters>? BestModel { get; }
}
