using System.Globalization;

namespace HumanCompatible.ML.Data;

/// <summary>How the model that training goes on from divided its data.</summary>
/// <param name="Seed">Its seed; null where it is not known.</param>
/// <param name="Fingerprint">That of its data, see <see cref="DataFingerprint"/>.</param>
/// <param name="TrainingRows">How many rows it was trained on.</param>
internal sealed record PreviousSplit(int? Seed, string Fingerprint, int TrainingRows)
{
    /// <summary>
    /// That rows which are held out now may have been trained on before, and why; null where the same rows are held out as before.
    /// </summary>
    /// <param name="table">The data that is divided now.</param>
    /// <param name="trainingRows">How many of its rows are trained on.</param>
    /// <param name="seed">The seed of the division.</param>
    internal string? Warn(RawTable table, int trainingRows, int seed)
    {
        var reason = Seed is not { } own ? "keeps no training state (KeepTrainingState), so that its seed is not known"
            : DataFingerprint.Of(table) != Fingerprint ? "was trained on other data, which may share rows with these"
            : own != seed ? string.Create(CultureInfo.InvariantCulture, $"held out other rows, by the seed {own} instead of {seed}")
            : trainingRows != TrainingRows ? string.Create(CultureInfo.InvariantCulture,
                $"was trained on {TrainingRows} of these rows, now on {trainingRows}")
            : null;
        return reason is null ? null
            : $"The model that training goes on from {reason}: rows that are held out now may have been trained on before, and "
            + "what is measured on them may be too good.";
    }
}
