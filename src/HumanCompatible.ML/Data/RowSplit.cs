namespace HumanCompatible.ML.Data;

/// <summary>Holds out a share of the rows, the same share of every stratum, by a seed.</summary>
internal static class RowSplit
{
    /// <summary>The seed of a second split of rows that a first one held out, unrelated to the first.</summary>
    internal static int Derive(int seed) => unchecked((seed * 0x2C1B3C6D) ^ 0x297A2D39);

    /// <summary>The numbers of the kept and of the held-out rows, each in rising order.</summary>
    /// <remarks>
    /// Of n rows round(n x fraction) are held out, but never all. A stratum of n_s rows gives n_s x fraction of them, rounded down; what is
    /// left is taken from the strata with the largest remainders, those of a single row last. Of two and more rows at least one is kept,
    /// also where fewer rows are then held out than asked for.
    /// </remarks>
    /// <param name="strata">The stratum of each row, at least 0: the held-out rows have about the same share of each.</param>
    /// <param name="fraction">The share to hold out, above 0 and below 1.</param>
    /// <param name="seed">Decides which.</param>
    internal static (int[] Kept, int[] HeldOut) Stratified(int[] strata, double fraction, int seed)
    {
        var random = new Random(seed);
        int[][] rowsOf = [.. RowsOf(strata).Where(rows => rows.Length > 0)];
        foreach (var rows in rowsOf)
            random.Shuffle(rows);
        var counts = Counts(Array.ConvertAll(rowsOf, rows => rows.Length), strata.Length, fraction, random);
        var heldOut = new bool[strata.Length];
        foreach (var (stratum, rows) in rowsOf.Index())
        {
            foreach (var row in rows.AsSpan(0, counts[stratum]))
                heldOut[row] = true;
        }

        var parts = RowsOf(heldOut.Length, row => heldOut[row] ? 1 : 0, 2);
        return (parts[0], parts[1]);
    }

    private static int[][] RowsOf(int[] strata) => RowsOf(strata.Length, row => strata[row], strata.DefaultIfEmpty(-1).Max() + 1);

    // The rows of each part, in rising order.
    private static int[][] RowsOf(int count, Func<int, int> partOf, int parts)
    {
        var counts = new int[parts];
        for (var row = 0; row < count; row++)
            counts[partOf(row)]++;
        var rowsOf = Array.ConvertAll(counts, rows => new int[rows]);
        for (var row = count - 1; row >= 0; row--)
        {
            var part = partOf(row);
            rowsOf[part][--counts[part]] = row;
        }

        return rowsOf;
    }

    // How many rows of each stratum are held out.
    private static int[] Counts(int[] sizes, int rowCount, double fraction, Random random)
    {
        var counts = Array.ConvertAll(sizes, size => (int)(size * fraction));
        var left = Math.Min((int)Math.Round(rowCount * fraction, MidpointRounding.AwayFromZero), rowCount - 1) - counts.Sum();
        int[] order = [.. Enumerable.Range(0, sizes.Length)];
        random.Shuffle(order); // decides between equal remainders
        order = [.. order.OrderBy(stratum => sizes[stratum] == 1)
            .ThenByDescending(stratum => (sizes[stratum] * fraction) - counts[stratum])];
        int before;
        do
        {
            before = left;
            foreach (var stratum in order.Where(stratum => counts[stratum] < Math.Max(1, sizes[stratum] - 1)).Take(left))
            {
                counts[stratum]++;
                left--;
            }
        }
        while (left > 0 && left < before);
        return counts;
    }
}
