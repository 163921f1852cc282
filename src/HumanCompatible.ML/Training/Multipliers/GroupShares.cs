using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Training.Multipliers;

/// <summary>The rows behind the rates of groups.</summary>
internal static class GroupShares
{
    /// <summary>
    /// Of each group, the share of all rows, by weight, that is the denominator of a rate: its rows, its positives or its negatives. Where
    /// the denominator depends on the predictions, as many positive (negative) predictions as labels are assumed.
    /// </summary>
    /// <param name="denominator">What is divided by.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="partition">Their groups.</param>
    internal static double[] Of(RateRows denominator, TrainingRows rows, GroupPartition partition)
    {
        var sums = new double[partition.GroupCount];
        double total = 0;
        for (var row = 0; row < rows.Count; row++)
        {
            double weight = rows.Weights?[row] ?? 1;
            total += weight;
            if (partition.GroupOfRow[row] is >= 0 and var group && denominator.CountsCorrect(rows.Labels[row]))
                sums[group] += weight;
        }

        return Array.ConvertAll(sums, sum => sum / total);
    }
}
