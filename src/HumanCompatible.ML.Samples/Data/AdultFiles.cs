namespace HumanCompatible.ML.Samples.Data;

/// <summary>
/// Finds the two files of UCI's Adult table and copies them into the form that the samples load. The originals have no header, a comma and
/// a space between values, <c>?</c> for a missing one, a survey weight (<c>fnlwgt</c>) that is no feature, and in <c>adult.test</c> a
/// first line that is a comment and a full stop after each label.
/// </summary>
internal sealed record AdultFiles(string TrainingPath, string TestPath)
{
    /// <summary>The columns of the originals, in their order; the third is left out.</summary>
    private static readonly string[] OriginalOrder =
    [
        "age", "workclass", "fnlwgt", "education", "education-num", "marital-status", "occupation", "relationship",
        CensusColumns.Race, CensusColumns.Sex, "capital-gain", "capital-loss", "hours-per-week", "native-country", CensusColumns.Income,
    ];

    private static readonly int[] OriginalIndex = [.. CensusColumns.InFileOrder.Select(name => Array.IndexOf(OriginalOrder, name))];

    /// <summary>
    /// The files in <paramref name="folder"/> itself or in its subfolder <c>adult</c>; null where one of the two is missing.
    /// </summary>
    public static AdultFiles? In(string folder)
    {
        foreach (var candidate in new[] { folder, Path.Combine(folder, "adult") })
        {
            var files = new AdultFiles(Path.Combine(candidate, "adult.data"), Path.Combine(candidate, "adult.test"));
            if (File.Exists(files.TrainingPath) && File.Exists(files.TestPath))
                return files;
        }

        return null;
    }

    /// <summary>
    /// Copies one original file to <paramref name="target"/>: a header, the columns of <see cref="CensusColumns.InFileOrder"/>, the label
    /// as 1 or 0.
    /// </summary>
    /// <returns>The number of rows.</returns>
    /// <exception cref="SampleInputException">A line does not have 15 values, or its last one is not a known label.</exception>
    public static int Copy(string original, string target)
    {
        int rows = 0, lineNumber = 0;
        using var writer = new StreamWriter(target);
        writer.WriteLine(string.Join(',', CensusColumns.InFileOrder));
        foreach (var line in File.ReadLines(original))
        {
            lineNumber++;
            if (string.IsNullOrWhiteSpace(line) || line[0] == '|')
                continue;
            var values = line.Split(',', StringSplitOptions.TrimEntries);
            if (values.Length != OriginalOrder.Length)
            {
                throw new SampleInputException(
                    $"{original}, line {lineNumber}: {OriginalOrder.Length} values expected, got {values.Length}.");
            }

            values[^1] = values[^1].TrimEnd('.') switch
            {
                ">50K" => "1",
                "<=50K" => "0",
                _ => throw new SampleInputException($"{original}, line {lineNumber}: the label must be >50K or <=50K, got '{values[^1]}'."),
            };
            writer.WriteLine(string.Join(',', OriginalIndex.Select(index => values[index])));
            rows++;
        }

        return rows > 0 ? rows : throw new SampleInputException($"{original} has no rows.");
    }
}
