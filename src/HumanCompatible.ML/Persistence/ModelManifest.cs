using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Persistence;

/// <summary>What Manifest.json holds. Words and numbers only: it never names a type to load.</summary>
internal sealed record ModelManifest
{
    internal const string EntryName = "Manifest.json";

    /// <summary>The newest version of the layout that this library writes and reads.</summary>
    internal const int CurrentFormat = 1;

    internal const string BinaryTask = "binaryClassification";

    internal static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>The version of the layout.</summary>
    public required int Format { get; init; }

    /// <summary>The library and version that wrote the file.</summary>
    public required string Writer { get; init; }

    /// <summary>The task of the trainer.</summary>
    public required string Task { get; init; }

    /// <summary>The number of slots of the feature column.</summary>
    public required int FeatureCount { get; init; }

    /// <summary>The network, see <see cref="Networks.NetworkManifest"/>.</summary>
    public required JsonObject Network { get; init; }

    /// <summary>The declared constraints, see <see cref="Constraints.FairnessConstraintJson"/>.</summary>
    public required JsonArray Constraints { get; init; }

    /// <summary>The settings of the dual optimizer.</summary>
    public required JsonObject DualOptimizer { get; init; }

    /// <summary>The multipliers, readable; their exact values are in Duals.safetensors.</summary>
    public required IReadOnlyList<Multiplier> Duals { get; init; }

    /// <summary>The outcome of training.</summary>
    public required TrainingSummary Summary { get; init; }

    /// <summary>The other entries of the folder by name.</summary>
    public required IReadOnlyDictionary<string, EntryDigest> Entries { get; init; }
}

/// <summary>What an entry must be.</summary>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">The SHA-256 of its bytes, hexadecimal.</param>
internal sealed record EntryDigest(long Bytes, string Sha256);
