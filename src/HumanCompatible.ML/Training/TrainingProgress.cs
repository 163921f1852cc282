namespace HumanCompatible.ML.Training;

/// <summary>Where training stands after an epoch.</summary>
/// <param name="Epoch">What the epoch left behind.</param>
/// <param name="NumberOfEpochs">How many epochs there are at most, those of a model that training goes on from included.</param>
/// <param name="BestEpoch">The epoch that would be shipped if training stopped now, from 1.</param>
public sealed record TrainingProgress(EpochHistory Epoch, int NumberOfEpochs, int BestEpoch);
