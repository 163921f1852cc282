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
        List<string> sums = [.. trial.Models.Select((model, fold) => Save(PathOf(trial, fold), _folds[fold].Write(model)))];
        trial.Drop();
        return sums;
    }

    /// <summary>Keeps the model of a finalist in a fold that the search left out, where there is a folder.</summary>
    /// <param name="trial">The finalist.</param>
    /// <param name="index">The number of the fold among those that the search left out.</param>
    /// <param name="model">The bytes of its file.</param>
    internal void Store(Trial trial, int index, Lazy<byte[]> model)
    {
        var fold = _folds.Count + index;
        if (_folder is not null)
            _journal.Add(new FoldRecord(trial.Number, trial.Point, fold, Save(PathOf(trial, fold), model.Value)));
    }

    /// <summary>The model of a finalist in a fold that the search left out; null where it is not there as it was written.</summary>
    internal ISingleFeaturePredictionTransformer<ConstrainedModelParameters>? Find(Trial trial, int index)
    {
        var fold = _folds.Count + index;
        return _folder is not null && _journal.ModelOf(trial, fold) is { } sum ? Load(PathOf(trial, fold), sum) : null;
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
            if (Load(PathOf(trial, fold), sums[fold]) is not { } model)
                return false;
            models.Add(model);
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
        foreach (var file in Directory.EnumerateFiles(_folder, $"run-{trial.Number}-fold-*.zip"))
            File.Delete(file);
    }

    public void Dispose() => _journal.Dispose();

    private static string Save(string path, byte[] bytes)
    {
        File.WriteAllBytes(path + ".tmp", bytes);
        File.Move(path + ".tmp", path, overwrite: true);
        return Sum(bytes);
    }

    private static ISingleFeaturePredictionTransformer<ConstrainedModelParameters>? Load(string path, string sum)
        => File.Exists(path) && File.ReadAllBytes(path) is var bytes && Sum(bytes) == sum ? Fold.Read(bytes) : null;

    private static string Sum(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private string PathOf(Trial trial, int fold) => Path.Combine(_folder!, $"run-{trial.Number}-fold-{fold}.zip");
}
