using System.Globalization;

namespace HumanCompatible.ML.Data;

/// <summary>How the model that training goes on from divided its data.</summary>
/// <param name="Seed">Its seed; null where it is not known.</param>
/// <param name="Fingerprint">That of its data, see <see cref="DataFingerprint"/>.</param>
/// <param name="TrainingRows">How many rows it was trained on.</param>
/// <param name="ValidationRows">How many rows chose its epoch.</param>
/// <param name="SafetyRows">How many rows tested it; 0 where none did.</param>
/// <param name="Warnings">What its training warned of.</param>
internal sealed record PreviousSplit(int? Seed, string Fingerprint, int TrainingRows, int ValidationRows, int SafetyRows,
    IReadOnlyList<string> Warnings)
{
    private const string OneTest = "The confidence of ConfidenceLevel is that of one test on rows that the model has never seen; ";

    private const string SeenBefore = OneTest + "the model that training goes on from may have seen the rows that test it now.";

    private const string TestedBefore = OneTest
        + "the rows that test it now have tested the model that training goes on from, too: whoever goes on until a test succeeds has "
        + "tested more than once.";

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

    /// <summary>
    /// What the confidence of a test does not say: that it is a second one, or that its rows may have trained or chosen the model that
    /// training goes on from. That they are the rows of its test is known where the data, the seed and the numbers of rows are the same,
    /// and where that was known of the model itself, if it went on from another.
    /// </summary>
    /// <param name="data">The data as they are divided now.</param>
    /// <param name="seed">The seed of the division.</param>
    internal string WarnOfTest(TrainingSplits data, int seed)
        => Seed == seed && Fingerprint == data.Fingerprint && !Warnings.Contains(SeenBefore)
            && (TrainingRows, ValidationRows, SafetyRows)
                == (data.Training.Count, data.Validation.Count, data.Safety?.Count ?? 0) ? TestedBefore : SeenBefore;
}
