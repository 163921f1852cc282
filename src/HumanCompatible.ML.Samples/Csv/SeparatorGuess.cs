namespace HumanCompatible.ML.Samples.Csv;

/// <summary>Guesses what separates the cells of a file.</summary>
internal static class SeparatorGuess
{
    private const int RecordsLookedAt = 50;

    /// <summary>
    /// Of comma, semicolon and tab the one that gives the most records of the same number of cells, more than one; then the most cells. A
    /// comma where none does.
    /// </summary>
    public static char Of(string path, int skippedLines)
    {
        var (best, bestScore) = (',', (Share: 0.0, Cells: 0));
        foreach (var candidate in new[] { ',', ';', '\t' })
        {
            var score = Score(path, skippedLines, candidate);
            if (score.CompareTo(bestScore) > 0)
                (best, bestScore) = (candidate, score);
        }
        return best;
    }

    private static (double Share, int Cells) Score(string path, int skippedLines, char separator)
    {
        var counts = new List<int>();
        using var text = new StreamReader(path);
        var reader = new DelimitedReader(text, separator);
        reader.Skip(skippedLines);
        try
        {
            while (counts.Count < RecordsLookedAt && reader.Read() is { } cells)
                counts.Add(cells.Length);
        }
        catch (FormatException)
        {
            return (0, 0); // quotes that make no sense with this separator
        }
        var commonest = counts.GroupBy(count => count).OrderByDescending(same => same.Count()).FirstOrDefault();
        return commonest is null || commonest.Key < 2 ? (0, 0) : ((double)commonest.Count() / counts.Count, commonest.Key);
    }
}
