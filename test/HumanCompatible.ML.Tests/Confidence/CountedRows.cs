using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Tests.Confidence;

/// <summary>Rows counted by a plain loop.</summary>
internal static class CountedRows
{
    /// <summary>The counts of each group.</summary>
    /// <param name="partition">The groups.</param>
    /// <param name="logits">Positive predicts positive.</param>
    /// <param name="rows">Labels and weights.</param>
    internal static CountedRates Of(GroupPartition partition, float[] logits, TrainingRows rows)
    {
        GroupCounts[] counts = [.. partition.GroupNames.Select(_ => new GroupCounts())];
        for (var row = 0; row < rows.Count; row++)
        {
            var isPositive = rows.Labels[row] > 0;
            if (partition.GroupOfRow[row] is >= 0 and var group)
            {
                counts[group].Add(isPositive, logits[row] > 0, rows.Weights?[row] ?? 1,
                    Math.Log(1 + Math.Exp(isPositive ? -logits[row] : logits[row])));
            }
        }

        return new CountedRates(partition.GroupNames, counts);
    }

    /// <summary>The rates that a constraint is about.</summary>
    /// <inheritdoc cref="Of(GroupPartition, float[], TrainingRows)"/>
    internal static EstimatedRates Of(FairnessConstraint constraint, GroupPartition partition, float[] logits, TrainingRows rows)
        => EstimatedRates.Of(constraint, Of(partition, logits, rows));

    /// <summary>Groups of unweighted rows.</summary>
    /// <param name="groups">TP, FP, TN and FN of each.</param>
    internal static CountedRates Of(params (string Name, int[] Outcomes)[] groups)
        => new([.. groups.Select(group => group.Name)], [.. groups.Select(group => Counts(group.Outcomes))]);

    /// <summary>Groups of unweighted rows with their losses.</summary>
    internal static CountedRates OfLosses(params double[][] groups)
    {
        GroupCounts[] counts = [.. groups.Select(_ => new GroupCounts())];
        for (var group = 0; group < groups.Length; group++)
        {
            foreach (var loss in groups[group])
                counts[group].Add(label: true, prediction: true, 1, loss);
        }

        return new CountedRates([.. groups.Select((_, group) => $"{group}")], counts);
    }

    private static GroupCounts Counts(int[] outcomes)
    {
        (bool Label, bool Prediction)[] cells = [(true, true), (false, true), (false, false), (true, false)];
        var counts = new GroupCounts();
        foreach (var (cell, number) in cells.Zip(outcomes))
        {
            for (var row = 0; row < number; row++)
                counts.Add(cell.Label, cell.Prediction, 1, 0);
        }

        return counts;
    }
}
