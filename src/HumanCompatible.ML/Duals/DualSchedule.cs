namespace HumanCompatible.ML.Duals;

/// <summary>When a trainer takes dual steps: a pure rule over the numbers of the epoch and the batch.</summary>
public sealed record DualSchedule
{
    /// <summary>Epochs at the start that descend the loss alone, with neither constraints nor dual steps; at least 0.</summary>
    /// <value>The default value is 0.</value>
    public int WarmUpEpochs { get; set; }

    /// <summary>Batches from one dual step to the next, counted within an epoch; at least 1.</summary>
    /// <value>The default, null, is 1. It is more where a batch has so few rows of a group that its rates are averaged over more than 10
    /// batches.</value>
    /// <remarks>Ignored where <see cref="OncePerEpoch"/> is true.</remarks>
    public int? BatchesPerStep { get; set; }

    /// <summary>True for one dual step at the end of each epoch, on the exact constraints over all training rows.</summary>
    /// <value>The default value is false.</value>
    public bool OncePerEpoch { get; set; }

    /// <summary>True where the Lagrangian replaces the loss in this epoch, counted from 0.</summary>
    internal bool UsesConstraints(int epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        return epoch >= WarmUpEpochs;
    }

    /// <summary>True where a dual step follows this batch; both are counted from 0, the batch within the epoch.</summary>
    internal bool StepsAfterBatch(int epoch, int batch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        return UsesConstraints(epoch) && !OncePerEpoch && (batch + 1) % (BatchesPerStep ?? 1) == 0;
    }

    /// <summary>True where a dual step on all training rows follows this epoch, counted from 0.</summary>
    internal bool StepsAfterEpoch(int epoch) => UsesConstraints(epoch) && OncePerEpoch;

    /// <summary>Reports every setting that is out of its range.</summary>
    internal void Validate(Problems problems)
    {
        problems.AtLeast(nameof(WarmUpEpochs), WarmUpEpochs, 0);
        problems.AtLeast(nameof(BatchesPerStep), BatchesPerStep, 1);
    }
}
