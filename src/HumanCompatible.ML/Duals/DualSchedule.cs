namespace HumanCompatible.ML.Duals;

/// <summary>When a training loop takes dual steps: a pure rule over the numbers of the epoch and the batch.</summary>
public sealed record DualSchedule
{
    /// <summary>Epochs at the start that descend the loss alone, with neither constraints nor dual steps; at least 0.</summary>
    /// <value>The default value is 0.</value>
    public int WarmUpEpochs { get; init; }

    /// <summary>Batches from one dual step to the next, counted within an epoch, at least 1; 1 steps after every batch.</summary>
    /// <value>The default, null, is 1; in a trainer it is more where a batch has so few rows of a group that its rates are averaged over
    /// more than 10 batches.</value>
    /// <remarks>Ignored where <see cref="OncePerEpoch"/> is true.</remarks>
    public int? BatchesPerStep { get; init; }

    /// <summary>True for one dual step at the end of each epoch, on the exact constraint over the full training data.</summary>
    /// <value>The default value is false.</value>
    public bool OncePerEpoch { get; init; }

    /// <summary>True where the Lagrangian replaces the loss in this epoch.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    public bool UsesConstraints(int epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        return epoch >= WarmUpEpochs;
    }

    /// <summary>True where a dual step follows this batch.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="batch">The batch within the epoch, from 0.</param>
    public bool StepsAfterBatch(int epoch, int batch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        return UsesConstraints(epoch) && !OncePerEpoch && (batch + 1) % (BatchesPerStep ?? 1) == 0;
    }

    /// <summary>True where a dual step on the full data follows this epoch.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    public bool StepsAfterEpoch(int epoch) => UsesConstraints(epoch) && OncePerEpoch;

    /// <summary>Adds one line per setting that is out of its range.</summary>
    internal void Validate(ICollection<string> problems)
    {
        if (WarmUpEpochs < 0)
            problems.Add($"WarmUpEpochs is {WarmUpEpochs}; expected at least 0.");
        if (BatchesPerStep < 1)
            problems.Add($"BatchesPerStep is {BatchesPerStep}; expected at least 1.");
    }
}
