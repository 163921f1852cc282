namespace HumanCompatible.ML.Benchmarks.Hold;

/// <summary>Reads the public tables: files with commas, without quotes.</summary>
internal static class DataFiles
{
    private const string DataVariable = "HUMANCOMPATIBLE_DATA";

    internal static readonly string[] AdultColumns =
    [
        "age", "workclass", "fnlwgt", "education", "education-num", "marital-status", "occupation", "relationship", "race", "sex",
        "capital-gain", "capital-loss", "hours-per-week", "native-country", "income",
    ];

    /// <summary>Without the codes of occupation (529) and birth place (223), which small tables cannot learn from.</summary>
    internal static PopulationRows Acs(string? folder)
        => Read(["acs_income/acs_income_2018_CA_40pct.csv"], null, ["AGEP", "SCHL", "WKHP"],
            ["COW", "MAR", "RELP", Populations.AcsSex, Populations.AcsRace], "PINCP", _ => true, folder);

    /// <summary>With the codes of occupation and birth place.</summary>
    internal static PopulationRows AcsWithCodes(string? folder)
        => Read(["acs_income/acs_income_2018_CA_40pct.csv"], null, ["AGEP", "SCHL", "WKHP"],
            ["COW", "MAR", "OCCP", "POBP", "RELP", Populations.AcsSex, Populations.AcsRace], "PINCP", _ => true, folder);

    internal static PopulationRows Adult(string? folder)
        => Read(["adult/adult.data", "adult/adult.test"], AdultColumns,
            ["age", "education-num", "capital-gain", "capital-loss", "hours-per-week"],
            ["workclass", "education", "marital-status", "occupation", "relationship", "race", "sex", "native-country"], "income",
            _ => true, folder);

    internal static PopulationRows Compas(string? folder)
        => Read(["compas/compas_two_years_noid.csv"], null,
            ["age", "juv_fel_count", "juv_misd_count", "juv_other_count", "priors_count", "days_b_screening_arrest", "c_days_from_compas"],
            ["sex", "age_cat", "race", "c_charge_degree", "c_charge_desc"], "two_year_recid",
            cell => cell("race") is "African-American" or "Caucasian", folder);

    /// <summary>The names in the first line of a file.</summary>
    internal static string[] Header(string path, string? folder) => File.ReadLines(Find(folder, path)).First().Split(',');

    /// <summary>Chosen cells of the rows of a file.</summary>
    /// <param name="path">The file, under the folder of the data.</param>
    /// <param name="folder">That folder; null where it is looked for.</param>
    /// <param name="columns">The names of the columns; null where the first line has them.</param>
    /// <param name="choose">Given a cell by its name: the cells wanted of a row, or null to leave the row out.</param>
    internal static IEnumerable<string[]> Rows(string path, string? folder, string[]? columns, Func<Func<string, string>, string[]?> choose)
    {
        var file = Find(folder, path);
        var header = columns;
        foreach (var line in File.ReadLines(file).Where(line => line.Length > 0 && line[0] != '|'))
        {
            var cells = line.Split(',', StringSplitOptions.TrimEntries);
            if (header is null)
            {
                header = cells;
                continue;
            }

            if (choose(name => Array.IndexOf(header, name) is >= 0 and var index && index < cells.Length
                ? cells[index] : throw new HoldInputException($"{file}: no column '{name}' in '{line}'.")) is { } row)
            {
                yield return row;
            }
        }
    }

    private static PopulationRows Read(string[] paths, string[]? columns, string[] numbers, string[] categories, string label,
        Func<Func<string, string>, bool> isPart, string? folder)
        => new(numbers, categories, [.. paths.SelectMany(path => Rows(path, folder, columns, cell => isPart(cell)
            ? [.. numbers.Concat(categories).Select(cell), Outcome(cell(label), path)] : null))]);

    private static string Outcome(string label, string path) => label.TrimEnd('.') switch
    {
        "1" or ">50K" => "1",
        "0" or "<=50K" => "0",
        _ => throw new HoldInputException($"{path}: '{label}' is no label."),
    };

    /// <summary>
    /// The file in the folder that was named; else in that of the environment variable, in ./data, or in ../shared/data of the current
    /// folder or the checkout.
    /// </summary>
    private static string Find(string? folder, string path)
    {
        var folders = folder is not null ? [folder] : UsualFolders().ToArray();
        return folders.Select(candidate => Path.Combine(candidate, path)).FirstOrDefault(File.Exists)
            ?? throw new HoldInputException($"{path} was not found in {string.Join(", ", folders)} (--data, {DataVariable}).");
    }

    private static IEnumerable<string> UsualFolders()
    {
        if (Environment.GetEnvironmentVariable(DataVariable) is { Length: > 0 } named)
            yield return named;
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
