using System.Security.Cryptography;
using HumanCompatible.ML.Collectives;
using HumanCompatible.ML.Persistence;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Trainers;

/// <summary>
/// A training that keeps checkpoints, and the one that it resumes from. Of several members the first has the file, and tells the others.
/// </summary>
internal sealed class CheckpointedTraining
{
    private readonly string _path;
    private readonly bool _hasFile;
    private readonly TrainingRecord? _found;
    private Checkpoint _checkpoint;

    private CheckpointedTraining(string path, bool hasFile, Checkpoint checkpoint, TrainingRecord? found)
        => (_path, _hasFile, _checkpoint, _found) = (path, hasFile, checkpoint, found);

    /// <summary>The seed of the training that is resumed; null where none is.</summary>
    internal int? Seed => _found is null ? null : _checkpoint.Seed;

    /// <summary>The checkpoints of a Fit; null where it keeps none.</summary>
    /// <param name="options">The options of the trainer.</param>
    /// <param name="from">The model to go on from, or null.</param>
    /// <exception cref="DirectoryNotFoundException">The folder of the file is not there.</exception>
    /// <exception cref="FormatException">The file is damaged, or no checkpoint.</exception>
    /// <exception cref="InvalidOperationException">The file is of a training with other options, or of another model.</exception>
    internal static CheckpointedTraining? Open(ConstrainedTrainerOptions options, ConstrainedModelParameters? from)
    {
        if (options.Checkpoint is not { } chosen)
            return null;
        var collective = options.Collective ?? Alone.Instance;
        var (path, hasFile) = (Path.GetFullPath(chosen.Path), collective.Rank == 0);
        if (hasFile && !Directory.Exists(Path.GetDirectoryName(path)))
            throw new DirectoryNotFoundException($"The folder of the checkpoint '{path}' is not there.");
        var own = new Checkpoint
        {
            Format = Checkpoint.CurrentFormat,
            Library = ModelOrigin.ThisLibrary,
            Seed = 0,
            DataFingerprint = "",
            Model = from is null ? null : IdentityOf(from),
            Options = new Dictionary<string, string>(OptionTexts.Of(options))
            {
                [$"{nameof(options.Collective)}.{nameof(ICollective.Count)}"] = $"{collective.Count}",
            },
            BestEpoch = 0,
            Blocks = [],
            Entries = new Dictionary<string, EntryDigest>(),
        };
        using var file = OpenFile(path, collective);
        var found = file is null ? default
            : CheckpointFile.Read(path, file, other => CheckIdentity(path, own, other), options.Network);
        return new CheckpointedTraining(path, hasFile, found.Checkpoint ?? own, found.Record);
    }

    private static Stream? OpenFile(string path, ICollective collective)
    {
        if (collective.Count == 1)
            return File.Exists(path) ? File.OpenRead(path) : null;
        var bytes = Exchange.First(collective, collective.Rank == 0 && File.Exists(path) ? File.ReadAllBytes(path) : null);
        return bytes is null ? null : new MemoryStream(bytes);
    }

    /// <summary>What training resumes from; null where there is no checkpoint.</summary>
    /// <param name="dataFingerprint">The fingerprint of the data.</param>
    /// <param name="seed">The seed of the Fit.</param>
    /// <exception cref="InvalidOperationException">The checkpoint is of other data.</exception>
    internal TrainingRecord? Resume(string dataFingerprint, int seed)
    {
        if (_found is not null && _checkpoint.DataFingerprint != dataFingerprint)
            throw Refused(_path, ["the data are others"]);
        _checkpoint = _checkpoint with { DataFingerprint = dataFingerprint, Seed = seed };
        return _found;
    }

    /// <summary>Writes a checkpoint.</summary>
    internal void Keep(TrainingRecord record)
    {
        if (_hasFile)
            CheckpointFile.Write(_path, _checkpoint, record);
    }

    /// <summary>Deletes the file: the training has ended.</summary>
    internal void Delete()
    {
        if (_hasFile)
            CheckpointFile.Delete(_path);
    }

    private static void CheckIdentity(string path, Checkpoint own, Checkpoint other)
    {
        var differences = OptionTexts.Differences(other.Options, own.Options)
            .Select(option => $"{option.Name} was {option.One} and is {option.Other}").ToList();
        if (own.Library != other.Library)
            differences.Insert(0, $"the library was {OptionTexts.Short(other.Library)} and is {own.Library}");
        if (own.Model != other.Model)
        {
            differences.Insert(0, own.Model is null ? "it went on from a model"
                : other.Model is null ? "it went on from no model" : "it went on from another model");
        }

        if (differences.Count > 0)
            throw Refused(path, differences);
    }

    private static InvalidOperationException Refused(string path, IReadOnlyList<string> differences) => new(
        $"The checkpoint '{path}' is of another training: {string.Join("; ", differences)}. Delete it to train from the beginning, or "
        + "give another path.");

    // Everything that a model file says but when it was trained and what its user says of it.
    private static string IdentityOf(ConstrainedModelParameters model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var learned = model.Trained with
        {
            Origin = model.Origin with { TrainedAt = default },
            Metadata = ModelMetadata.None,
            Probes = null,
        };
        foreach (var (_, bytes) in ModelEntries.Write(learned))
            hash.AppendData(bytes);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
