using System.Reflection;
using System.Text.Json.Serialization;

namespace HumanCompatible.ML.Training;

/// <summary>When, with what and on which data a model was trained; a model file keeps it.</summary>
public sealed record ModelOrigin
{
    // With the suffix of a preview, without the commit. The version of the assembly will not do: it is the same for every 0.x.
    internal static readonly string ThisLibrary = "HumanCompatible.ML "
        + typeof(ModelOrigin).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    [JsonConstructor]
    internal ModelOrigin(DateTimeOffset trainedAt, string library, string dataFingerprint)
        => (TrainedAt, Library, DataFingerprint) = (trainedAt, library, dataFingerprint);

    /// <summary>When training ended, in UTC.</summary>
    public DateTimeOffset TrainedAt { get; internal init; }

    /// <summary>The library that trained it with its version, such as <c>HumanCompatible.ML 0.1.0</c>.</summary>
    public string Library { get; internal init; }

    /// <summary>
    /// The SHA-256, in hexadecimal, of what was read of the data: features, labels, weights and groups of every row in their order, rows
    /// that chose the epoch or tested the model included. Two models with the same fingerprint saw the same data; it does not tell what
    /// they are.
    /// </summary>
    public string DataFingerprint { get; internal init; }

    /// <summary>The experiment that chose its options; null where none did.</summary>
    public ModelExperiment? Experiment { get; init; }

    /// <summary>The origin of a model whose training ends now.</summary>
    internal static ModelOrigin Now(string dataFingerprint)
        => new(DateTimeOffset.UtcNow, ThisLibrary, dataFingerprint);

    /// <summary>The members and their values, with the numbers of the invariant culture.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => RecordText.Of(this, PrintMembers);
}
