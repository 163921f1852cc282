namespace HumanCompatible.ML.Samples.Csv;

/// <summary>Finds rows that are copies of others: a test row that was trained on tests nothing.</summary>
internal static class CsvDuplicates
{
    /// <summary>The rows that are, in some columns and in the label, the same as a row of others.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="others">The others.</param>
    /// <param name="columns">The columns.</param>
    public static int Count(IReadOnlyList<CsvRow> rows, IReadOnlyList<CsvRow> others, int[] columns)
    {
        var known = new HashSet<CsvRow>(others, new Same(columns));
        return rows.Count(known.Contains);
    }

    /// <summary>The rows that are the same as one before them, in every column and in the label.</summary>
    /// <param name="rows">The rows.</param>
    public static int Repetitions(IReadOnlyList<CsvRow> rows)
        => rows.Count - rows.Distinct(new Same([.. Enumerable.Range(0, rows.Count == 0 ? 0 : rows[0].Cells.Length)])).Count();

    private sealed class Same(int[] columns) : IEqualityComparer<CsvRow>
    {
        public bool Equals(CsvRow? x, CsvRow? y) => x!.IsPositive == y!.IsPositive
            && Array.TrueForAll(columns, column => x.Cells[column] == y.Cells[column]);

        public int GetHashCode(CsvRow obj)
        {
            var hash = new HashCode();
            hash.Add(obj.IsPositive);
            foreach (var column in columns)
                hash.Add(obj.Cells[column], StringComparer.Ordinal);
            return hash.ToHashCode();
        }
    }
}
