using System.Globalization;

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

    /// <summary>Where training stands as one line, with the numbers of the invariant culture.</summary>
    /// <returns>For example <c>epoch 3 of 20: loss 0.3412 (validation 0.3520), accuracy 0.8431; best is epoch 2</c>.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"epoch {Epoch.Epoch} of {NumberOfEpochs}: {Epoch.Figures}; best is epoch {BestEpoch}");
}
