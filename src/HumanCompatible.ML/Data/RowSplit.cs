namespace HumanCompatible.ML.Data;

/// <summary>Holds out a share of the rows, the same share of every stratum, by a seed.</summary>
internal static class RowSplit
{
    /// <summary>The seed of a second split of rows that a first one held out, unrelated to the first.</summary>
    internal static int Derive(int seed) => unchecked((seed * 0x2C1B3C6D) ^ 0x297A2D39);

    /// <summary>The numbers of the kept and of the held-out rows, each in rising order.</summary>
    /// <param name="strata">The stratum of each row, at least 0: the held-out rows have about the same share of each.</param>
    /// <param name="fraction">The share to hold out, above 0 and below 1. A stratum of one row is kept.</param>
    /// <param name="seed">Decides which.</param>
    internal static (int[] Kept, int[] HeldOut) Stratified(int[] strata, double fraction, int seed)
    {
        var random = new Random(seed);
        var heldOut = new bool[strata.Length];
        foreach (var stratum in Enumerable.Range(0, strata.Length).GroupBy(row => strata[row]).OrderBy(rows => rows.Key))
        {
            var rows = stratum.ToArray();
            random.Shuffle(rows);
            var count = Math.Min((int)Math.Round(rows.Length * fraction, MidpointRounding.AwayFromZero), rows.Length - 1);
            foreach (var row in rows.AsSpan(0, count))
                heldOut[row] = true;
        }

        var all = Enumerable.Range(0, strata.Length);
        return ([.. all.Where(row => !heldOut[row])], [.. all.Where(row => heldOut[row])]);
    }
}
