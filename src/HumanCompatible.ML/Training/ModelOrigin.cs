namespace HumanCompatible.ML.Training;

/// <summary>When, with what and on which data a model was trained; a model file keeps it.</summary>
/// <param name="TrainedAt">When training ended, in UTC.</param>
/// <param name="Library">The library that trained it with its version, such as <c>HumanCompatible.ML 0.1.0</c>.</param>
/// <param name="DataFingerprint">
/// The SHA-256, in hexadecimal, of what was read of the data: features, labels, weights and groups of every row in their order, rows that
/// chose the epoch or tested the model included. Two models with the same fingerprint saw the same data; it does not tell what they are.
/// </param>
public sealed record ModelOrigin(DateTimeOffset TrainedAt, string Library, string DataFingerprint)
{
    /// <summary>The origin of a model whose training ends now.</summary>
    internal static ModelOrigin Now(string dataFingerprint)
        => new(DateTimeOffset.UtcNow, $"HumanCompatible.ML {typeof(ModelOrigin).Assembly.GetName().Version!.ToString(3)}", dataFingerprint);
}
