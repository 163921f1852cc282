namespace HumanCompatible.ML.Samples.Csv;

/// <summary>The rows of one run.</summary>
/// <param name="Train">The rows to train on.</param>
/// <param name="Validation">The rows that choose the epoch.</param>
/// <param name="Test">The rows that training never sees.</param>
internal sealed record CsvSplit(int[] Train, int[] Validation, int[] Test)
{
    private const double ValidationFraction = 0.2;

    /// <summary>
    /// Divides the rows by a seed: without a test file <paramref name="testFraction"/> of them are the test rows, and of the others a fifth
    /// are the validation rows. Both times every combination of label and group is divided in proportion; one of a single row is trained
    /// on.
    /// </summary>
    public static CsvSplit Of(CsvData data, double testFraction, int seed)
    {
        var (rest, test) = data.TestRows is { } given
            ? (data.TrainingRows, given) : Divide(data, data.TrainingRows, testFraction, new Random(seed));
        var (train, validation) = Divide(data, rest, ValidationFraction, new Random(~seed));
        if (validation.Length == 0 || test.Length == 0)
            throw new SampleInputException($"{data.TrainingRows.Length} rows are too few to divide into train, validation and test rows.");
        return new CsvSplit(train, validation, test);
    }

    private static (int[] Kept, int[] HeldOut) Divide(CsvData data, int[] rows, double fraction, Random random)
    {
        var heldOut = new HashSet<int>();
        foreach (var stratum in rows.GroupBy(row => data.Strata[row])
            .OrderBy(stratum => stratum.Key.Group, StringComparer.Ordinal).ThenBy(stratum => stratum.Key.IsPositive))
        {
            int[] members = [.. stratum];
            random.Shuffle(members);
            var count = Math.Min((int)Math.Round(members.Length * fraction, MidpointRounding.AwayFromZero), members.Length - 1);
            heldOut.UnionWith(members.AsSpan(0, count).ToArray());
        }
        return ([.. rows.Where(row => !heldOut.Contains(row))], [.. rows.Where(heldOut.Contains)]);
    }
}
