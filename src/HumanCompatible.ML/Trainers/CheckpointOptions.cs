namespace HumanCompatible.ML.Trainers;

/// <summary>Where a Fit keeps what it has come to, and how often.</summary>
/// <remarks>
/// The file has the weights, what the optimizers know, the multipliers, the epochs and the best candidate. It is written beside and moved,
/// so that a kill at any time leaves the last whole one, and deleted when Fit has a model or has diverged. A Fit that finds the file of
/// another training (other options, data, model to go on from, version of this library) refuses to start, and leaves it as it is. What
/// <c>Metadata</c> and <c>KeepTrainingState</c> are may differ. The code of a custom constraint or of a network of your own is not
/// compared. Of a <see cref="ConstrainedTrainerOptions.Collective"/> the first member has the file; as many members as before, with the
/// same rows, go on from it.
/// </remarks>
public sealed record CheckpointOptions
{
    /// <summary>The file, in a folder that is there.</summary>
    /// <value>A path that no other training uses at the same time.</value>
    public required string Path { get; set; }

    /// <summary>After how many epochs the file is written again.</summary>
    /// <value>At least 1, the default.</value>
    public int EveryEpochs { get; set; } = 1;

    internal void Validate(Problems problems)
    {
        if (string.IsNullOrWhiteSpace(Path))
            problems.Add($"{nameof(Path)} must be the path of a file, got {Problems.Quote(Path)}.");
        problems.AtLeast(nameof(EveryEpochs), EveryEpochs, 1);
    }

    /// <summary>The members and their values, with the numbers of the invariant culture.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => RecordText.Of(this, PrintMembers);
}
