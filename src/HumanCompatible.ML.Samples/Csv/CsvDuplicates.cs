using Microsoft.Data.Analysis;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>
/// Finds rows that are copies of others: a test row that was trained on tests nothing. Two rows are copies where the label and the values
/// of all columns that the model uses (features, groups, weight) are the same as they were read: 0.5 is 0.50, and what counts as missing
/// is one value. Columns that the model does not use do not matter.
/// </summary>
/// <param name="labels">The label of each row.</param>
/// <param name="columns">The columns that the model uses.</param>
internal sealed class CsvDuplicates(IReadOnlyList<bool> labels, IEnumerable<DataFrameColumn> columns)
{
    // Of each column the number of each row's value.
    private readonly int[][] _codes = [.. columns.Select(Codes)];

    /// <summary>How many of some rows are the same as a row of others.</summary>
    /// <param name="rows">The numbers of the rows.</param>
    /// <param name="others">Those of the others.</param>
    public int Count(IEnumerable<int> rows, IEnumerable<int> others)
    {
        var known = new HashSet<int>(others, new Same(this));
        return rows.Count(known.Contains);
    }

    /// <summary>How many of some rows are the same as one before them.</summary>
    /// <param name="rows">The numbers of the rows.</param>
    public int Repetitions(IReadOnlyCollection<int> rows) => rows.Count - rows.Distinct(new Same(this)).Count();

    private static int[] Codes(DataFrameColumn column)
    {
        var codes = new Dictionary<object, int>();
        var of = new int[column.Length];
        for (var row = 0; row < of.Length; row++)
        {
            var value = column[row] ?? "";
            if (!codes.TryGetValue(value, out var code))
                codes.Add(value, code = codes.Count);
            of[row] = code;
        }

        return of;
    }

    private sealed class Same(CsvDuplicates all) : IEqualityComparer<int>
    {
        public bool Equals(int x, int y) => all.LabelOf(x) == all.LabelOf(y) && Array.TrueForAll(all._codes, codes => codes[x] == codes[y]);

        public int GetHashCode(int obj)
        {
            var hash = new HashCode();
            hash.Add(all.LabelOf(obj));
            foreach (var codes in all._codes)
                hash.Add(codes[obj]);
            return hash.ToHashCode();
        }
    }

    private bool LabelOf(int row) => labels[row];
}
