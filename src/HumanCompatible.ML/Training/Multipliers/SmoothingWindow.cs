using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Training.Multipliers;

/// <summary>
/// Over how many batches the statistics of groups are averaged before they drive the multipliers. The rate of a group of which a batch has
/// few rows is noise, and a multiplier that follows noise pushes the network towards constant predictions.
/// </summary>
internal static class SmoothingWindow
{
    /// <summary>The rows behind a rate that are wanted: the standard error of a rate near 1/2 is then 0.025.</summary>
    private const double WantedRows = 400;

    private const double LeastBatches = 10;

    /// <summary>
    /// The number of batches, at least 1: enough for the smallest denominator, but at least 10 and at most those of an epoch. Where an
    /// epoch has fewer than 20, half of them take the place of 10.
    /// </summary>
    /// <param name="smallestShare">The smallest share of the rows that is the denominator of a rate, above 0 and at most 1; see
    /// <see cref="SmallestShare"/>.</param>
    /// <param name="batchSize">Rows per batch.</param>
    /// <param name="rowCount">Rows of an epoch.</param>
    internal static double Batches(double smallestShare, int batchSize, int rowCount)
    {
        var epoch = Math.Ceiling((double)rowCount / batchSize);
        var least = Math.Max(1, Math.Min(LeastBatches, Math.Floor(epoch / 2)));
        return Math.Clamp(WantedRows / (smallestShare * batchSize), least, Math.Max(least, epoch));
    }

    /// <summary>
    /// Batches from one dual step to the next: 1 for a window of 10, more for a longer one in proportion. Steps that are faster than what
    /// they follow make the multipliers swing.
    /// </summary>
    internal static int BatchesPerDualStep(double window) => Math.Max(1, (int)Math.Round(window / LeastBatches));

    /// <summary>
    /// The smallest share of the rows, by weight, that is a denominator: the rows of a group, its positives or its negatives, as the
    /// constraint needs. Where the denominator depends on the predictions, as many positive (negative) predictions as labels are assumed.
    /// Denominators without rows are left out; 1 where there is none.
    /// </summary>
    internal static double SmallestShare(IReadOnlyList<FairnessConstraint> constraints, TrainingRows rows)
    {
        var smallest = 1.0;
        for (var index = 0; index < constraints.Count; index++)
        {
            foreach (var denominator in Denominators(constraints[index]))
            {
                smallest = Math.Min(smallest, GroupShares.Of(denominator, rows, rows.Partitions[index]).Where(share => share > 0)
                    .DefaultIfEmpty(1).Min());
            }
        }

        return smallest;
    }

    // What a custom statistic divides by is not known: the rows of its groups are assumed.
    private static IEnumerable<RateRows> Denominators(FairnessConstraint constraint)
        => constraint is CustomConstraint ? [new(RowQuantity.All)] : constraint.Denominators;
}
