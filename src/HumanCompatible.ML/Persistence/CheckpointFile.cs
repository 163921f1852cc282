using System.IO.Compression;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Persistence;

/// <summary>Checkpoint.json: of which training a checkpoint is, and where that stood.</summary>
internal sealed record Checkpoint
{
    internal const string Name = "Checkpoint.json";

    /// <summary>The only version of the layout that this library writes and reads.</summary>
    internal const int CurrentFormat = 1;

    /// <summary>The version of the layout.</summary>
    public required int Format { get; init; }

    /// <summary>The library and its version; another one may train otherwise.</summary>
    public required string Library { get; init; }

    /// <summary>The seed of the training.</summary>
    public required int Seed { get; init; }

    /// <summary>The fingerprint of its data.</summary>
    public required string DataFingerprint { get; init; }

    /// <summary>The SHA-256 of the model that it went on from; null where it began anew.</summary>
    public string? Model { get; init; }

    /// <summary>Every option that decides what is learned, by name, as text.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>The epoch of the best candidate, from 1.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>The epoch that patience counts from; null where there was no candidate to count from.</summary>
    public int? PatienceFrom { get; init; }

    /// <summary>The constraints of the multipliers, in their order, with the number of each.</summary>
    public required IReadOnlyList<MultiplierBlock> Blocks { get; init; }

    /// <summary>The other entries by name.</summary>
    public required IReadOnlyDictionary<string, EntryDigest> Entries { get; init; }
}

/// <summary>The multipliers of a constraint.</summary>
/// <param name="Constraint">Its name.</param>
/// <param name="Count">Their number.</param>
internal sealed record MultiplierBlock(string Constraint, int Count);

/// <summary>
/// A training that is not finished, as a zip of the entries that a model file has, too: the best candidate so far, the epochs, the state.
/// Checkpoint.key holds the SHA-256 of Checkpoint.json, which lists length and SHA-256 of the others.
/// </summary>
internal static class CheckpointFile
{
    private const string Key = "Checkpoint.key";
    private const int MaximumBytes = 1 << 24;

    /// <summary>Writes it beside and moves it, so that whatever ends the program leaves the former one or this one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="checkpoint">Of which training it is.</param>
    /// <param name="record">Where that stands, with a candidate and a state.</param>
    internal static void Write(string path, Checkpoint checkpoint, TrainingRecord record)
    {
        var (best, state) = (record.Best!, record.State!);
        var entries = new OrderedDictionary<string, byte[]>
        {
            [WeightsEntry.Name] = WeightsEntry.Write(best.Weights),
            [ModelEntries.History] = ModelJson.Write(record.History),
            [TrainingStateEntry.Name] = TrainingStateEntry.Write(state),
            [TrainingStateEntry.TensorsName] = TrainingStateEntry.WriteTensors(state),
        };
        if (best.Duals is { } duals)
            entries.Add(DualStateEntry.Name, DualStateEntry.Write(duals));
        if (state.Duals is { } last)
            entries.Add(DualStateEntry.TrainingName, DualStateEntry.Write(last));
        entries.Add(Checkpoint.Name, ModelJson.Write(checkpoint with
        {
            BestEpoch = best.Epoch,
            PatienceFrom = record.PatienceFrom,
            Blocks = [.. (best.Duals?.Blocks ?? []).Select(block => new MultiplierBlock(block.Name, block.Duals.Length))],
            Entries = entries.ToDictionary(entry => entry.Key, entry => EntryDigest.Of(entry.Value)),
        }));
        entries.Add(Key, ModelEntries.Digest(entries[Checkpoint.Name]));
        WholeFile.Write(path, Beside(path), stream =>
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            foreach (var (name, bytes) in entries)
            {
                using var content = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
                content.Write(bytes);
            }
        });
    }

    /// <summary>Deletes it, and what a writer that was cut short left beside it.</summary>
    internal static void Delete(string path)
    {
        File.Delete(path);
        File.Delete(Beside(path));
    }

    /// <summary>What <see cref="Write"/> wrote.</summary>
    /// <param name="path">The file, as messages call it.</param>
    /// <param name="stream">Its bytes.</param>
    /// <param name="checkIdentity">Throws where it is of another training; what only that could read is not read then.</param>
    /// <param name="network">The network that is trained.</param>
    /// <exception cref="FormatException">The file is damaged or no checkpoint; the message says what is wrong.</exception>
    internal static (Checkpoint Checkpoint, TrainingRecord Record) Read(string path, Stream stream, Action<Checkpoint> checkIdentity,
        NetworkDefinition network)
    {
        try
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
            var archive = new EntryArchive(zip, length: stream.Length);
            var checkpoint = In(Checkpoint.Name, () => ReadHeader(archive));
            checkIdentity(checkpoint);
            return (checkpoint, ReadRecord(archive, checkpoint, network));
        }
        catch (InvalidDataException problem)
        {
            throw FormatProblem.Of($"The checkpoint '{path}' cannot be read (delete it to train from the beginning)", problem);
        }
    }

    private static string Beside(string path) => path + ".tmp";

    private static Checkpoint ReadHeader(EntryArchive archive)
    {
        var bytes = archive.Read(Checkpoint.Name, MaximumBytes) ?? throw new InvalidDataException("it is missing.");
        if (archive.Read(Key, ModelEntries.DigestLength) is not { } digest || !ModelEntries.Digest(bytes).AsSpan().SequenceEqual(digest))
            throw new InvalidDataException($"it was altered after it was written: its SHA-256 differs from the one in {Key}.");
        var format = ModelJson.ReadInteger(bytes, "format");
        return format == Checkpoint.CurrentFormat ? ModelJson.Read<Checkpoint>(bytes)
            : throw new InvalidDataException($"its format is version {format}, and this version of HumanCompatible.ML reads version "
                + $"{Checkpoint.CurrentFormat}.");
    }

    private static TrainingRecord ReadRecord(EntryArchive archive, Checkpoint checkpoint, NetworkDefinition network)
    {
        T Required<T>(string name, Func<byte[], T> read) => In(name, () =>
        {
            if (!checkpoint.Entries.TryGetValue(name, out var digest))
                throw new InvalidDataException($"{Checkpoint.Name} does not list it.");
            var bytes = archive.Read(name, digest.Bytes) ?? throw new InvalidDataException("it is missing.");
            digest.Check(bytes);
            return read(bytes);
        });
        var blocks = checkpoint.Blocks;
        var multipliers = blocks.Sum(block => block.Count);
        DualOptimizerState? Duals(string name) => blocks.Count == 0 ? null
            : Required(name, bytes => DualStateEntry.Read(bytes, state => RecordCheck.Duals(state, blocks)));

        var history = Required(ModelEntries.History, bytes => ModelJson.Read<List<EpochHistory>>(bytes));
        var weights = Required(WeightsEntry.Name, bytes => WeightsEntry.Read(bytes, network));
        var state = TrainingStateEntry.Read(
            Required(TrainingStateEntry.Name, TrainingStateEntry.ReadNumbers),
            Required(TrainingStateEntry.TensorsName, bytes => TrainingStateEntry.ReadArrays(bytes, network)),
            Duals(DualStateEntry.TrainingName));
        In(ModelEntries.History, () =>
        {
            RecordCheck.Epochs(history, history.FirstOrDefault()?.AuditedValues.Count ?? 0, multipliers);
            return history;
        });
        In(TrainingStateEntry.TensorsName, () =>
        {
            RecordCheck.State(state, weights, history.Count, multipliers);
            return state;
        });
        if (checkpoint.BestEpoch < 1 || checkpoint.BestEpoch > history.Count)
            throw new InvalidDataException($"{Checkpoint.Name}: bestEpoch must be from 1 to {history.Count}, got {checkpoint.BestEpoch}.");

        // What is not known of the candidate is measured again: the rows are the same.
        var chosen = history[checkpoint.BestEpoch - 1];
        var best = new TrainedCandidate(chosen.Epoch, weights, Duals(DualStateEntry.Name), chosen.Duals,
            new Evaluation(chosen.ValidationLoss, chosen.ValidationAccuracy, [], [], []));
        return new TrainingRecord(best, history, state) { PatienceFrom = checkpoint.PatienceFrom };
    }

    private static T In<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException problem)
        {
            throw new InvalidDataException($"{name}: {problem.Message}", problem);
        }
    }
}
