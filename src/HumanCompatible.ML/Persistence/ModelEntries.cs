using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Persistence;

/// <summary>
/// A model as the entries of its folder in an ML.NET model file, and back. Model.key holds the SHA-256 of the manifest, and the manifest
/// lists the length and SHA-256 of every other entry. Knows no ML.NET.
/// </summary>
internal static class ModelEntries
{
    internal const string Weights = "Weights.safetensors";
    internal const int DigestLength = SHA256.HashSizeInBytes;
    private const string Duals = "Duals.safetensors";
    private const string History = "History.json";
    private const string Training = "TrainingState.safetensors";

    /// <summary>The entries by name, the manifest last.</summary>
    internal static IReadOnlyDictionary<string, byte[]> Write(TrainedModel model)
    {
        var entries = new OrderedDictionary<string, byte[]>
        {
            [Weights] = ModelTensors.WriteWeights(model.Weights, model.Encoder),
            [History] = JsonSerializer.SerializeToUtf8Bytes(model.History, ModelManifest.Json),
        };
        if (model.DualState is not null)
            entries.Add(Duals, ModelTensors.WriteDuals(model.DualState));
        if (model.TrainingState is not null)
            entries.Add(Training, ModelTensors.WriteTrainingState(model.TrainingState));

        var manifest = new ModelManifest
        {
            Format = ModelManifest.CurrentFormat,
            Writer = $"HumanCompatible.ML {typeof(ModelEntries).Assembly.GetName().Version}",
            Task = ModelManifest.BinaryTask,
            FeatureCount = model.Encoder.InputCount,
            Network = NetworkManifest.Write(model.Network),
            Constraints = JsonNode.Parse(FairnessConstraintJson.Serialize(model.Constraints))!.AsArray(),
            DualOptimizer = JsonNode.Parse(model.DualOptimizer.ToJson())!.AsObject(),
            Duals = model.Duals,
            Summary = model.Summary,
            Entries = entries.ToDictionary(entry
                => entry.Key, entry => new EntryDigest(entry.Value.Length, Convert.ToHexStringLower(Digest(entry.Value)))),
        };
        entries.Add(ModelManifest.EntryName, JsonSerializer.SerializeToUtf8Bytes(manifest, ModelManifest.Json));
        return entries;
    }

    /// <summary>The model of the entries.</summary>
    /// <param name="entry">Gives the bytes of an entry, or null where there is none.</param>
    /// <param name="manifestDigest">The SHA-256 that the manifest must have.</param>
    /// <exception cref="FormatException">Something is missing, altered, or of a newer format; the message says what.</exception>
    internal static TrainedModel Read(Func<string, byte[]?> entry, byte[] manifestDigest)
    {
        var manifestBytes = entry(ModelManifest.EntryName) ?? throw Missing(ModelManifest.EntryName);
        var manifest = ReadManifest(manifestBytes, Digest(manifestBytes).AsSpan().SequenceEqual(manifestDigest));
        byte[] Checked(string name) => ReadEntry(entry, manifest, name);

        return Guard(ModelManifest.EntryName, () =>
        {
            var (weights, encoder) = Guard(Weights, () => ModelTensors.ReadWeights(Checked(Weights), manifest.FeatureCount));
            var duals = manifest.Entries.ContainsKey(Duals) ? Guard(Duals, () => ModelTensors.ReadDuals(Checked(Duals))) : null;
            var history = Guard(History, () => ReadHistory(Checked(History), manifest));
            var model = new TrainedModel
            {
                Network = NetworkManifest.Read(manifest.Network),
                Weights = weights,
                Encoder = encoder,
                Constraints = FairnessConstraintJson.Deserialize(manifest.Constraints.ToJsonString()),
                DualOptimizer = DualOptimizerOptions.FromJson(manifest.DualOptimizer.ToJsonString()),
                DualState = duals,
                Duals = manifest.Duals,
                History = history,
                Summary = manifest.Summary,
                TrainingState = manifest.Entries.ContainsKey(Training)
                    ? Guard(Training, () => ModelTensors.ReadTrainingState(Checked(Training))) : null,
            };
            CheckDuals(model);
            return model;
        });
    }

    internal static byte[] Digest(byte[] bytes) => SHA256.HashData(bytes);

    // The version is looked at first, by itself: a newer manifest may have members this version does not know.
    private static ModelManifest ReadManifest(byte[] bytes, bool isIntact) => Guard(ModelManifest.EntryName, () =>
    {
        if (!isIntact)
            throw new FormatException("it was altered after it was written (its SHA-256 differs from the one in Model.key).");
        var format = JsonNode.Parse(bytes) is JsonObject json && json["format"] is JsonValue value && value.TryGetValue(out int version)
            ? version
            : throw new FormatException("it has no 'format' that is an integer.");
        if (format is < 1 or > ModelManifest.CurrentFormat)
            throw new FormatException($"its format is version {format}, and this version of HumanCompatible.ML reads up to version {ModelManifest.CurrentFormat}: update the library.");
        var manifest = JsonSerializer.Deserialize<ModelManifest>(bytes, ModelManifest.Json)!;
        if (manifest.Task != ModelManifest.BinaryTask)
            throw new FormatException($"its task is '{manifest.Task}', expected '{ModelManifest.BinaryTask}'.");
        if (manifest.FeatureCount < 1)
            throw new FormatException($"its featureCount is {manifest.FeatureCount}, expected at least 1.");
        if (manifest.Summary.Constraints.Count != manifest.Constraints.Count)
        {
            throw new FormatException(
                $"it declares {manifest.Constraints.Count} constraints, but its summary has {manifest.Summary.Constraints.Count}.");
        }

        return manifest;
    });

    private static List<EpochHistory> ReadHistory(byte[] bytes, ModelManifest manifest)
    {
        var history = JsonSerializer.Deserialize<List<EpochHistory>>(bytes, ModelManifest.Json) ?? throw new FormatException("it is null.");
        if (history.Find(epoch => epoch.AuditedValues.Count != manifest.Constraints.Count) is { } epoch)
        {
            throw new FormatException(
                $"epoch {epoch.Epoch} has {epoch.AuditedValues.Count} audited values, but there are {manifest.Constraints.Count} "
                + "constraints.");
        }

        if (manifest.Summary.SelectedEpoch < 1 || manifest.Summary.SelectedEpoch > history.Count)
        {
            throw new FormatException(
                $"it has {history.Count} epochs, but the manifest's summary selects epoch {manifest.Summary.SelectedEpoch}.");
        }

        return history;
    }

    private static void CheckDuals(TrainedModel model)
    {
        if (model.Duals.FirstOrDefault(dual => model.Constraints.All(constraint => constraint.Name != dual.Constraint)) is { } other)
            throw new FormatException($"it has a dual of '{other.Constraint}', which is none of its constraints.");
    }

    private static byte[] ReadEntry(Func<string, byte[]?> entry, ModelManifest manifest, string name)
    {
        if (!manifest.Entries.TryGetValue(name, out var digest))
            throw new FormatException($"the manifest does not list it.");
        var bytes = entry(name) ?? throw Missing(name);
        if (bytes.Length != digest.Bytes)
            throw new FormatException($"it has {bytes.Length} bytes, but {digest.Bytes} were written.");
        if (!string.Equals(Convert.ToHexStringLower(Digest(bytes)), digest.Sha256, StringComparison.Ordinal))
            throw new FormatException("it was altered after it was written (its SHA-256 differs from the one in the manifest).");
        return bytes;
    }

    private static FormatException Missing(string name) => new($"The model file has no entry '{name}'.");

    private static T Guard<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException exception) when (exception.Message.StartsWith("The model file", StringComparison.Ordinal))
        {
            throw;
        }
        catch (Exception exception) when (exception is FormatException or JsonException or ArgumentException or InvalidOperationException or InvalidDataException or NotSupportedException or KeyNotFoundException)
        {
            throw new FormatException($"The model file's entry '{name}' cannot be read: {exception.Message}", exception);
        }
    }
}
