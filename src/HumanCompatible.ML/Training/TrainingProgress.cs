namespace HumanCompatible.ML.Training;

/// <summary>Where training stands after an epoch.</summary>
public sealed record TrainingProgress
{
    internal TrainingProgress(EpochHistory epoch, int numberOfEpochs, int bestEpoch)
        => (Epoch, NumberOfEpochs, BestEpoch) = (epoch, numberOfEpochs, bestEpoch);

    /// <summary>What the epoch left behind.</summary>
    public EpochHistory Epoch { get; internal init; }

    /// <summary>How many epochs there are at most, those of a model that training goes on from included.</summary>
    public int NumberOfEpochs { get; internal init; }

    /// <summary>The epoch that would be shipped if training stopped now, from 1.</summary>
    public int BestEpoch { get; internal init; }

    /// <summary>The members and their values, with the numbers of the invariant culture.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => RecordText.Of(this, PrintMembers);
}
