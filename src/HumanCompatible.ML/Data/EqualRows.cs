namespace HumanCompatible.ML.Data;

/// <summary>
/// Which rows are those that are trained on. Rows of few different values are equal by chance, and that tells nothing: rows are taken for
/// the same ones where chance does not explain how many are equal, or how.
/// </summary>
/// <remarks>
/// How many: if both were drawn alike, the share of held-out rows that are equal to no training row would be the share of training rows
/// that are equal to no other (Good, 1953; the variance is that of Esty, 1983). How: of rows that are equal by chance in half of their
/// features, many differ in the other half, the label or the groups, while copies do not. So are told copies in a table that is divided
/// only then.
/// </remarks>
internal static class EqualRows
{
    // Fewer tell nothing, and flatter nothing that could be seen.
    private const int Fewest = 5;
    private const double SmallestShare = 0.01;

    private const double StandardErrors = 5;

    // Rows of another mixture are more often equal, too: with people of 20 years, of all in Adult, the odds are 3.5 times as high.
    private const double LeastOddsRatio = 5;

    // Of held-out rows that have half of their features in common with training rows, the share that has all in common with all of these.
    private const double SharingAll = 0.5;

    // Of more rows a sample is asked, in which equal ones are together.
    private const int Sample = 1 << 20;

    /// <summary>Whether each of the held-out rows is trained on; null where chance explains that some are equal.</summary>
    /// <param name="training">The rows that are trained on.</param>
    /// <param name="heldOut">The rows that are to be held out.</param>
    internal static bool[]? Find(HashedRows training, HashedRows heldOut)
    {
        if (!AreSame(training, heldOut) && !AreCopies(training, heldOut, ulong.MaxValue / ((ulong)(training.Rows.Length / Sample) + 1)))
            return null;
        var trained = training.Counted().Select(row => training.Hashes[row]).ToHashSet();
        return Array.ConvertAll(heldOut.Rows, row => heldOut.Counts(row) && trained.Contains(heldOut.Hashes[row]));
    }

    private static bool AreSame(HashedRows training, HashedRows heldOut)
    {
        if (ReferenceEquals(training.Table, heldOut.Table) || training.Rows.Length != heldOut.Rows.Length)
            return false;
        return training.Counted().Select(row => training.Hashes[row]).SequenceEqual(heldOut.Counted().Select(row => heldOut.Hashes[row]));
    }

    private static bool AreCopies(HashedRows training, HashedRows heldOut, ulong limit)
    {
        ulong[] Sampled(HashedRows rows)
            => [.. rows.Rows.Where(row => rows.Counts(row) && rows.Hashes[row] <= limit).Select(row => rows.Hashes[row])];
        var (trained, others) = (Sampled(training), Sampled(heldOut));
        Array.Sort(trained);
        var equal = others.Count(hash => Array.BinarySearch(trained, hash) >= 0);
        return equal >= Math.Max(Fewest, SmallestShare * others.Length)
            && (AreMany(equal, others.Length, trained)
                || (AreByHalf(training, heldOut, 0, limit) && AreByHalf(training, heldOut, 1, limit)));
    }

    // Whether more of some rows are equal to one of others than these are among themselves.
    private static bool AreMany(double equal, double count, ulong[] sorted)
    {
        double rows = sorted.Length, once = 0, twice = 0;
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            for (end = start + 1; end < sorted.Length && sorted[end] == sorted[start];)
                end++;
            once += end - start == 1 ? 1 : 0;
            twice += end - start == 2 ? 1 : 0;
        }

        var isNew = once / rows;
        var variance = (count * isNew * (1 - isNew)) + (count * count * ((once * (1 - isNew)) + (2 * twice)) / (rows * rows));
        return equal - (count * (1 - isNew)) >= Math.Max(Fewest, StandardErrors * Math.Sqrt(variance))
            && equal * once >= LeastOddsRatio * (count - equal) * (rows - once);
    }

    // Whether held-out rows with a half of the features of training rows have most often all of theirs.
    private static bool AreByHalf(HashedRows training, HashedRows heldOut, int half, ulong limit)
    {
        var halves = training.ByHalf(half).Hashes;
        var whole = new Dictionary<ulong, ulong?>();
        foreach (var row in training.Counted())
        {
            if (halves[row] <= limit && !whole.TryAdd(halves[row], training.Hashes[row]) && whole[halves[row]] != training.Hashes[row])
                whole[halves[row]] = null;
        }

        double sharing = 0, sharingAll = 0;
        halves = ReferenceEquals(training.Table, heldOut.Table) ? halves : heldOut.ByHalf(half).Hashes;
        foreach (var row in heldOut.Counted())
        {
            if (!whole.TryGetValue(halves[row], out var all))
                continue;
            sharing++;
            sharingAll += all == heldOut.Hashes[row] ? 1 : 0;
        }

        return sharing > 0 && sharingAll >= SharingAll * sharing;
    }
}
