using System.Globalization;

namespace HumanCompatible.ML.Samples.Data;

/// <summary>
/// A training table and a test table of the census, in a temporary folder that disposing removes: the real Adult table where it is found,
/// else a generated one.
/// </summary>
internal sealed class CensusTables : IDisposable
{
    public const string DataVariable = "HUMANCOMPATIBLE_DATA";
    public const int GeneratedTrainingRows = 24_000;
    public const int GeneratedTestRows = 12_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("census-");

    private CensusTables(string? source) => Source = source;

    /// <summary>The folder of the real table; null where the rows are generated.</summary>
    public string? Source { get; }

    public bool IsGenerated => Source is null;

    public int TrainingRows { get; private set; }

    public int TestRows { get; private set; }

    public string TrainingPath => Path.Combine(_folder.FullName, "train.csv");

    public string TestPath => Path.Combine(_folder.FullName, "test.csv");

    /// <summary>Where the rows come from, in one sentence.</summary>
    public string Description => string.Create(CultureInfo.InvariantCulture,
        $"{Origin} ({TrainingRows:N0} rows to train on, {TestRows:N0} to test on)");

    private string Origin => IsGenerated
        ? string.Create(CultureInfo.InvariantCulture,
            $"a generated census-like table in which being a man adds {CensusGenerator.Bias} to the log-odds of a high income")
        : $"Adult from {Source}";

    /// <summary>
    /// Adult from <paramref name="dataFolder"/> if one is named, else from the folder that the environment variable names, else from the
    /// folders <c>data</c> or <c>../shared/data</c> of the current folder or the checkout; where none of them holds it, a generated table.
    /// </summary>
    /// <param name="dataFolder">The folder that the caller named; null to search.</param>
    /// <param name="seed">The seed of the generated table.</param>
    /// <param name="say">Told in plain words of a search that went on or ended without the real table.</param>
    /// <exception cref="SampleInputException"><paramref name="dataFolder"/> does not hold Adult, or a file of it is malformed.</exception>
    public static CensusTables Find(string? dataFolder, int seed, Action<string> say)
    {
        if (dataFolder is not null)
        {
            var problem = Directory.Exists(dataFolder)
                ? "neither it nor its subfolder 'adult' holds adult.data and adult.test" : "there is no such folder";
            return FromAdult(AdultFiles.In(dataFolder) ?? throw new SampleInputException($"--data {dataFolder}: {problem}."));
        }

        var variable = Environment.GetEnvironmentVariable(DataVariable);
        if (!string.IsNullOrEmpty(variable))
        {
            if (AdultFiles.In(variable) is { } named)
                return FromAdult(named);
            say($"{DataVariable} names {variable}, which does not hold adult.data and adult.test: searching on.");
        }

        if (UsualFolders().Select(AdultFiles.In).FirstOrDefault(found => found is not null) is { } usual)
            return FromAdult(usual);
        say($"Adult was not found (--data, {DataVariable}, ./data, ../shared/data): the rows are generated.");
        return Generate(GeneratedTrainingRows, GeneratedTestRows, seed);
    }

    public static CensusTables FromAdult(AdultFiles files)
    {
        var tables = new CensusTables(Path.GetDirectoryName(files.TrainingPath));
        try
        {
            tables.TrainingRows = AdultFiles.Copy(files.TrainingPath, tables.TrainingPath);
            tables.TestRows = AdultFiles.Copy(files.TestPath, tables.TestPath);
            return tables;
        }
        catch
        {
            tables.Dispose();
            throw;
        }
    }

    public static CensusTables Generate(int trainingRows, int testRows, int seed)
    {
        var tables = new CensusTables(source: null) { TrainingRows = trainingRows, TestRows = testRows };
        CensusGenerator.Write(tables.TrainingPath, trainingRows, seed);
        CensusGenerator.Write(tables.TestPath, testRows, unchecked(seed + 1_000_003));
        return tables;
    }

    public void Dispose()
    {
        if (_folder.Exists)
            _folder.Delete(recursive: true);
    }

    private static IEnumerable<string> UsualFolders()
    {
        var checkout = AppContext.BaseDirectory;
        while (checkout is not null && !File.Exists(Path.Combine(checkout, "HumanCompatible.ML.slnx")))
            checkout = Path.GetDirectoryName(checkout);
        foreach (var root in new[] { Environment.CurrentDirectory, checkout }.OfType<string>().Distinct())
        {
            yield return Path.Combine(root, "data");
            yield return Path.GetFullPath(Path.Combine(root, "..", "shared", "data"));
        }
    }
}
