using System.Security.Cryptography;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Persistence;

/// <summary>
/// A model as the entries of its folder in an ML.NET model file, and back. Model.key holds the SHA-256 of the manifest, and the manifest
/// lists the length and SHA-256 of every other entry. Knows no ML.NET.
/// </summary>
internal static class ModelEntries
{
    internal const int DigestLength = SHA256.HashSizeInBytes;
    internal const string History = "History.json";

    internal static readonly IReadOnlyList<string> Known =
        [WeightsEntry.Name, EncodingEntry.Name, BaselineEntry.Name, ProbesEntry.Name, History, DualStateEntry.Name, TrainingStateEntry.Name,
        TrainingStateEntry.TensorsName, DualStateEntry.TrainingName];

    /// <summary>The entries by name, the manifest last.</summary>
    internal static IReadOnlyDictionary<string, byte[]> Write(TrainedModel model)
    {
        var entries = new OrderedDictionary<string, byte[]>
        {
            [WeightsEntry.Name] = WeightsEntry.Write(model.Weights),
            [EncodingEntry.Name] = EncodingEntry.Write(model.Encoder),
            [BaselineEntry.Name] = BaselineEntry.Write(model.Baseline),
            [History] = ModelJson.Write(model.History),
        };
        if (model.Probes is { } probes)
            entries.Add(ProbesEntry.Name, ProbesEntry.Write(probes));
        if (model.DualState is { } duals)
            entries.Add(DualStateEntry.Name, DualStateEntry.Write(duals));
        if (model.TrainingState is { } state)
        {
            entries.Add(TrainingStateEntry.Name, TrainingStateEntry.Write(state));
            entries.Add(TrainingStateEntry.TensorsName, TrainingStateEntry.WriteTensors(state));
            if (state.Duals is { } last)
                entries.Add(DualStateEntry.TrainingName, DualStateEntry.Write(last));
        }

        entries.Add(ModelManifest.Name, ModelJson.Write(new ModelManifest
        {
            Format = ModelManifest.CurrentFormat,
            Task = model.Task.Task,
            Classes = model.Task.Task == LearningTask.MulticlassClassification ? model.Task.Classes : null,
            LabelScale = model.Task.Task == LearningTask.Regression ? new(model.Task.Mean, model.Task.Deviation) : null,
            Origin = model.Origin,
            Metadata = model.Metadata,
            FeatureCount = model.Encoder.InputCount,
            Network = model.Network,
            Constraints = model.Constraints,
            DualOptimizer = model.DualOptimizer,
            Multipliers = model.Duals,
            Summary = model.Summary,
            Entries = entries.ToDictionary(entry => entry.Key, entry => EntryDigest.Of(entry.Value)),
        }));
        return entries;
    }

    /// <summary>The model of the entries.</summary>
    /// <param name="entry">Gives the bytes of an entry, or null where there is none. Of one that is longer than its second argument it may
    /// give less than all, but more than that.</param>
    /// <param name="manifestDigest">The SHA-256 that the manifest must have.</param>
    /// <param name="task">The task that it must be of.</param>
    /// <exception cref="FormatException">Something is missing, altered, or of another format; the message says what.</exception>
    internal static TrainedModel Read(Func<string, long, byte[]?> entry, byte[] manifestDigest, LearningTask task)
    {
        var manifest = Guard(ModelManifest.Name, () => ReadManifest(entry, manifestDigest, task));
        T Required<T>(string name, Func<byte[], T> read) => Guard(name, () => read(ReadEntry(entry, manifest, name)));
        T? Optional<T>(string name, Func<byte[], T> read)
            where T : class => manifest.Entries.ContainsKey(name) ? Required(name, read) : null;

        CheckEntries(manifest);
        var encoder = Required(EncodingEntry.Name, bytes => EncodingEntry.Read(bytes, manifest.FeatureCount));
        var weights = Required(WeightsEntry.Name, bytes => WeightsEntry.Read(bytes, manifest.Network));
        return new TrainedModel
        {
            Task = manifest.Labels,
            Network = manifest.Network,
            Weights = weights,
            Encoder = encoder,
            Baseline = Required(BaselineEntry.Name, bytes => BaselineEntry.Read(bytes, encoder.OutputCount)),
            Probes = Optional(ProbesEntry.Name, bytes => ProbesEntry.Read(bytes, manifest.FeatureCount, manifest.Labels.OutputCount)),
            Constraints = manifest.Constraints,
            DualOptimizer = manifest.DualOptimizer,
            DualState = Optional(DualStateEntry.Name, bytes => DualStateEntry.Read(bytes, state => RecordCheck.Duals(state, manifest))),
            Duals = manifest.Multipliers,
            History = Required(History, bytes => ReadHistory(bytes, manifest)),
            Summary = manifest.Summary with { Task = manifest.Task },
            TrainingState = manifest.Entries.ContainsKey(TrainingStateEntry.Name) ? ReadState() : null,
            Origin = manifest.Origin,
            Metadata = manifest.Metadata,
        };

        TrainingState ReadState()
        {
            var numbers = Required(TrainingStateEntry.Name, TrainingStateEntry.ReadNumbers);
            var arrays = Required(TrainingStateEntry.TensorsName, bytes => TrainingStateEntry.ReadArrays(bytes, manifest.Network));
            var duals = Optional(DualStateEntry.TrainingName,
                bytes => DualStateEntry.Read(bytes, state => RecordCheck.Duals(state, manifest.Blocks)));
            var state = TrainingStateEntry.Read(numbers, arrays, duals);
            return Guard(TrainingStateEntry.TensorsName, () =>
            {
                RecordCheck.State(state, weights, manifest.Summary.EpochsRun, manifest.Multipliers.Count);
                return state;
            });
        }
    }

    /// <summary>What is wrong within an entry, by its name.</summary>
    internal static FormatException Problem(string name, Exception reason)
        => FormatProblem.Of($"The model file's entry '{name}' cannot be read", reason);

    internal static byte[] Digest(byte[] bytes) => SHA256.HashData(bytes);

    private static ModelManifest ReadManifest(Func<string, long, byte[]?> entry, byte[] digest, LearningTask task)
    {
        var bytes = entry(ModelManifest.Name, ModelManifest.MaximumBytes) ?? throw new InvalidDataException("it is missing.");
        if (bytes.Length > ModelManifest.MaximumBytes)
            throw new InvalidDataException($"it has more than the {ModelManifest.MaximumBytes} bytes that are allowed.");
        if (!Digest(bytes).AsSpan().SequenceEqual(digest))
            throw new InvalidDataException("it was altered after it was written: its SHA-256 differs from the one in Model.key.");
        var manifest = ModelManifest.Read(bytes, task);
        return manifest.Entries.Keys.Except(Known).FirstOrDefault() is { } unknown
            ? throw new InvalidDataException($"entries lists '{unknown}', which is unknown.")
            : manifest;
    }

    private static byte[] ReadEntry(Func<string, long, byte[]?> entry, ModelManifest manifest, string name)
    {
        if (!manifest.Entries.TryGetValue(name, out var digest))
            throw new InvalidDataException("the manifest does not list it.");
        var bytes = entry(name, digest.Bytes) ?? throw new InvalidDataException("it is missing.");
        digest.Check(bytes);
        return bytes;
    }

    // Which entries there are follows from what the model is.
    private static void CheckEntries(ModelManifest manifest) => Guard(ModelManifest.Name, () =>
    {
        var keepsState = manifest.Entries.ContainsKey(TrainingStateEntry.Name);
        var isConstrained = manifest.Multipliers.Count > 0;
        foreach (var (name, belongs, to) in new[]
        {
            (ProbesEntry.Name, manifest.Network is ModuleNetwork, "a network of the user's own"),
            (DualStateEntry.Name, isConstrained, "a model with constraints"),
            (TrainingStateEntry.TensorsName, keepsState, $"one with '{TrainingStateEntry.Name}'"),
            (DualStateEntry.TrainingName, keepsState && isConstrained, $"one with constraints and '{TrainingStateEntry.Name}'"),
        })
        {
            if (manifest.Entries.ContainsKey(name) && !belongs)
                throw new InvalidDataException($"entries lists '{name}', which belongs to {to} only.");
            if (belongs && !manifest.Entries.ContainsKey(name))
                throw new InvalidDataException($"entries must list '{name}', which belongs to {to}.");
        }

        return manifest;
    });

    private static List<EpochHistory> ReadHistory(byte[] bytes, ModelManifest manifest)
    {
        var history = ModelJson.Read(bytes, WrittenManifest.ReadHistory);
        RecordCheck.Epochs(history, manifest);
        return history;
    }

    // What is wrong within an entry is an InvalidDataException; here, and nowhere else, it gets the name of the entry.
    private static T Guard<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException exception)
        {
            throw Problem(name, exception);
        }
    }
}
