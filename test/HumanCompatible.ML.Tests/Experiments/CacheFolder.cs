using HumanCompatible.ML.Experiments;

namespace HumanCompatible.ML.Tests.Experiments;

/// <summary>A folder for the cache of an experiment, gone after the test.</summary>
internal sealed class CacheFolder : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("cache-");

    /// <summary>A folder that is not there yet.</summary>
    internal string Path => System.IO.Path.Combine(_parent.FullName, "cache");

    internal string Journal => System.IO.Path.Combine(Path, TrialCache.JournalName);

    internal string[] Models => [.. Directory.GetFiles(Path, "*.zip").Select(path => System.IO.Path.GetFileName(path)).Order()];

    public void Dispose() => _parent.Delete(recursive: true);
}
