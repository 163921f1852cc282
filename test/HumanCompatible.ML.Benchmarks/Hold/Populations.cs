using System.Collections.Concurrent;

namespace HumanCompatible.ML.Benchmarks.Hold;

/// <summary>The populations by name; each is read or generated once.</summary>
/// <param name="folder">The folder of the public tables; null searches.</param>
internal sealed class Populations(string? folder)
{
    internal const string AcsSex = "SEX";
    internal const string AcsRace = "RAC1P";
    internal const string Group = "group";

    /// <summary>70% of the 6,150 rows of the two groups.</summary>
    internal const int CompasRows = 4_305;

    private readonly ConcurrentDictionary<string, Lazy<Population>> _read = new();

    /// <exception cref="HoldInputException">Its file is missing or malformed.</exception>
    public Population this[string name] => _read.GetOrAdd(name, _ => new(() => new Population(Rows(name)))).Value;

    private PopulationRows Rows(string name) => name switch
    {
        "acs" => DataFiles.Acs(folder),
        "acs-all" => DataFiles.AcsWithCodes(folder),
        "adult" => DataFiles.Adult(folder),
        "compas" => DataFiles.Compas(folder),
        "clean" => GeneratedRows.Clean(),
        "ten" => GeneratedRows.Ten(),
        "mixed" => GeneratedRows.Mixed(),
        "steps" => GeneratedRows.Steps(),
        "linear" => GeneratedRows.Linear(),
        _ => throw new HoldInputException($"There is no population '{name}'."),
    };
}
