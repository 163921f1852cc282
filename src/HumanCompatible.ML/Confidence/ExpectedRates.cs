using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Confidence;

/// <summary>What may be expected of the rates of a constraint before anything is trained, from the labels and groups alone.</summary>
internal static class ExpectedRates
{
    /// <summary>
    /// The rates of perfect parity: a bounded rate is near its bound; rates that are compared are the share of positives, mean losses those
    /// of that guess. As many rows are predicted positive as are positive.
    /// </summary>
    /// <param name="constraint">The constraint.</param>
    /// <param name="labels">The label of each row.</param>
    /// <param name="weights">The weight of each row, or null where all weigh alike.</param>
    /// <param name="partition">The groups of the rows.</param>
    internal static EstimatedRates Of(FairnessConstraint constraint, float[] labels, float[]? weights, GroupPartition partition)
    {
        var positive = Math.Clamp(labels.Average(label => (double)label), 0.01, 0.99);
        var entropy = -positive * Math.Log(positive) - (1 - positive) * Math.Log(1 - positive);
        GroupCounts[] counts = [.. Enumerable.Range(0, partition.GroupCount).Select(_ => new GroupCounts())];
        for (var row = 0; row < labels.Length; row++)
        {
            if (partition.GroupOfRow[row] is >= 0 and var group)
                counts[group].Add(labels[row] > 0, labels[row] > 0, weights?[row] ?? 1, 0);
        }

        return EstimatedRates.Of(constraint, new CountedRates(partition.GroupNames, counts)).Assume(constraint is GroupBoundConstraint
            ? constraint.Bound : constraint.Metrics.Contains(GroupMetric.MeanLoss) ? entropy : positive);
    }

    /// <inheritdoc cref="Of(FairnessConstraint, float[], float[], GroupPartition)"/>
    /// <param name="constraint">The constraint.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="partition">Their groups.</param>
    internal static EstimatedRates Of(FairnessConstraint constraint, TrainingRows rows, GroupPartition partition)
        => Of(constraint, rows.Labels, rows.Weights, partition);
}
