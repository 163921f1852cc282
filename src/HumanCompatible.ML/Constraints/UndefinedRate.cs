using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Constraints;

/// <summary>A group that lacks the rows over which a rate of a constraint is taken.</summary>
/// <param name="Group">The index of the group.</param>
/// <param name="Lacks">The rows it lacks.</param>
internal readonly record struct UndefinedRate(int Group, RowQuantity Lacks)
{
    /// <summary>
    /// What the labels, the weights and the groups of rows leave undefined. Rates over predicted rows are not looked at: what they are
    /// taken over changes while training.
    /// </summary>
    internal static IEnumerable<UndefinedRate> Find(float[] labels, float[]? weights, FairnessConstraint constraint,
        GroupPartition partition)
    {
        foreach (var quantity in Denominators(constraint))
        {
            if (!quantity.IsKnownFromLabels)
                continue;
            var sums = new double[partition.GroupCount];
            for (var row = 0; row < labels.Length; row++)
            {
                if (partition.GroupOfRow[row] is >= 0 and var group && quantity.CountsAll(labels[row] > 0))
                    sums[group] += weights?[row] ?? 1;
            }

            for (var group = 0; group < sums.Length; group++)
            {
                if (sums[group] == 0)
                    yield return new UndefinedRate(group, quantity);
            }
        }
    }

    /// <summary>The rows over which the rates of a constraint are taken.</summary>
    internal static IEnumerable<RowQuantity> Denominators(FairnessConstraint constraint)
        => constraint.Metrics.Select(metric => metric.Denominator).Distinct();

    /// <summary>That a rate of a group is not defined.</summary>
    internal static string Tell(FairnessConstraint constraint, string group, RowQuantity lacks, string what)
        => $"{constraint.Name}: group '{group}' has no {Describe(lacks)} in {what}: its statistic is not defined.";

    /// <summary>"positive rows", or "positive row" where there is one.</summary>
    internal static string Describe(RowQuantity quantity, int count = 0) => (quantity switch
    {
        RowQuantity.Positive => "positive row",
        RowQuantity.Negative => "negative row",
        RowQuantity.PredictedPositive => "positive prediction",
        RowQuantity.PredictedNegative => "negative prediction",
        _ => "row",
    }) + (count == 1 ? "" : "s");
}
