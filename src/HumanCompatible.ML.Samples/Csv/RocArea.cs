namespace HumanCompatible.ML.Samples.Csv;

/// <summary>The area under the ROC curve of weighted rows; ML.NET's evaluator takes no weights.</summary>
internal static class RocArea
{
    /// <summary>
    /// The share of the pairs of a positive and a negative row in which the positive one has the higher score, each pair weighted by the
    /// product of its rows' weights; equal scores count half. NaN without such pairs.
    /// </summary>
    public static double Of(IEnumerable<(float Score, bool IsPositive, float Weight)> rows)
    {
        double pairs = 0, positives = 0, negatives = 0;
        foreach (var equal in rows.GroupBy(row => row.Score).OrderBy(equal => equal.Key))
        {
            double positive = equal.Where(row => row.IsPositive).Sum(row => (double)row.Weight),
                negative = equal.Where(row => !row.IsPositive).Sum(row => (double)row.Weight);
            pairs += positive * (negatives + negative / 2);
            positives += positive;
            negatives += negative;
        }
        return pairs / (positives * negatives);
    }
}
