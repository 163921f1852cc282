using System.Security.Cryptography;
using HumanCompatible.ML.Training;
using Microsoft.ML;

namespace HumanCompatible.ML.Experiments;

/// <summary>
/// What an experiment keeps of its runs: without a folder the models of the best, in memory; with one a journal of all runs and the models
/// of the best, on disk. A model that is not there as it was written is trained again.
/// </summary>
internal sealed class TrialCache : IDisposable
{
    /// <summary>The journal's file in the folder.</summary>
    internal const string JournalName = "runs.jsonl";

    /// <summary>The name of something in the folder that is of no experiment; null where nothing is, and where an experiment is kept there.
    /// </summary>
    internal static string? Stranger(string folder)
        => !Directory.Exists(folder) || File.Exists(Path.Combine(folder, JournalName)) ? null
            : Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal).FirstOrDefault();

    private readonly string? _folder;
    private readonly IReadOnlyList<Fold> _folds;
    private readonly TrialJournal _journal;

    /// <param name="folder">The folder, made where it is not there; null keeps models in memory and no journal.</param>
    /// <param name="folds">The folds that runs are trained on.</param>
    /// <param name="identity">What makes the experiment what it is, by what it is called; asked for where there is a folder.</param>
    /// <exception cref="InvalidOperationException">The folder is of another experiment.</exception>
    internal TrialCache(string? folder, IReadOnlyList<Fold> folds, Func<IReadOnlyDictionary<string, string>> identity)
    {
        (_folder, _folds) = (folder, folds);
        if (folder is not null)
            Directory.CreateDirectory(folder);
        _journal = folder is null ? new TrialJournal(null, new Dictionary<string, string>())
            : new TrialJournal(Path.Combine(folder, JournalName), identity());
    }

    /// <summary>The runs that were kept before.</summary>
    internal IReadOnlyList<TrialRecord> Records => _journal.Records;

    /// <summary>Takes the models of a run out of memory, where there is a folder.</summary>
    /// <returns>The sums of their files.</returns>
    internal IReadOnlyList<string> Store(Trial trial)
    {
        if (_folder is null)
            return [];
        List<string> sums = [];
        for (var fold = 0; fold < trial.Models.Count; fold++)
        {
            var (bytes, path) = (_folds[fold].Write(trial.Models[fold]), PathOf(trial, fold));
            File.WriteAllBytes(path + ".tmp", bytes);
            File.Move(path + ".tmp", path, overwrite: true);
            sums.Add(Convert.ToHexStringLower(SHA256.HashData(bytes)));
        }

        trial.Drop();
        return sums;
    }

    /// <summary>Notes a run that ended.</summary>
    internal void Add(TrialRecord record) => _journal.Add(record);

    /// <summary>Notes that a final model is about to be tested.</summary>
    /// <returns>How many different ones the test rows have seen, this one included.</returns>
    internal int Add(TestRecord test) => _journal.Add(test);

    /// <summary>Brings the models of a run to memory.</summary>
    /// <returns>Whether they were there as they were written.</returns>
    internal bool TryLoad(Trial trial)
    {
        if (_folder is null || trial.Record?.Models is not { } sums || sums.Count != _folds.Count)
            return false;
        var models = new List<ISingleFeaturePredictionTransformer<ConstrainedModelParameters>>();
        for (var fold = 0; fold < sums.Count; fold++)
        {
            if (!File.Exists(PathOf(trial, fold)))
                return false;
            var bytes = File.ReadAllBytes(PathOf(trial, fold));
            if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != sums[fold])
                return false;
            models.Add(Fold.Read(bytes));
        }

        trial.Models = models;
        return true;
    }

    /// <summary>Forgets the models of a run.</summary>
    internal void Remove(Trial trial)
    {
        trial.Drop();
        if (_folder is null || trial.Record is null)
            return;
        for (var fold = 0; fold < _folds.Count; fold++)
            File.Delete(PathOf(trial, fold));
    }

    public void Dispose() => _journal.Dispose();

    private string PathOf(Trial trial, int fold) => Path.Combine(_folder!, $"run-{trial.Number}-fold-{fold}.zip");
}
