using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Confidence;

/// <summary>What may be expected of the rates of a constraint before anything is trained, from the labels and groups alone.</summary>
internal static class ExpectedRates
{
    /// <summary>
    /// The rates of perfect parity: a bounded rate is near its bound; rates that are compared are the share of positives (of a class, its
    /// share), means those of the labels, losses those of a guess by these shares or that mean. As many rows are predicted positive as are
    /// positive.
    /// </summary>
    /// <param name="constraint">The constraint.</param>
    /// <param name="task">What is learned of the labels.</param>
    /// <param name="labels">The label of each row.</param>
    /// <param name="weights">The weight of each row, or null where all weigh alike.</param>
    /// <param name="partition">The groups of the rows.</param>
    internal static EstimatedRates Of(FairnessConstraint constraint, TaskLabels task, float[] labels, float[]? weights,
        GroupPartition partition)
    {
        IRowCounts[] counts = [.. Enumerable.Range(0, partition.GroupCount).Select(_ => task.NewCounts())];
        var mean = labels.Average(label => (double)label);
        for (var row = 0; row < labels.Length; row++)
        {
            if (partition.GroupOfRow[row] is >= 0 and var group)
                counts[group].Add(Guessed(task, labels[row], weights?[row] ?? 1, mean));
        }

        return EstimatedRates.Of(constraint, new CountedRates(partition.GroupNames, counts, task))
            .Assume(constraint is GroupBoundConstraint ? _ => constraint.Bound : Parity(task, labels, mean));
    }

    /// <inheritdoc cref="Of(FairnessConstraint, TaskLabels, float[], float[], GroupPartition)"/>
    /// <param name="constraint">The constraint.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="partition">Their groups.</param>
    internal static EstimatedRates Of(FairnessConstraint constraint, TrainingRows rows, GroupPartition partition)
        => Of(constraint, rows.Task, rows.Labels, rows.Weights, partition);

    // A regression predicts as widely as its labels are, and errs as the mean does: both are more than what will be.
    private static RowOutcome Guessed(TaskLabels task, float label, double weight, double mean)
        => task.Task == LearningTask.Regression ? new RowOutcome(label, label, weight, Math.Pow(label - mean, 2))
            : new RowOutcome(label, label, weight, 0);

    private static Func<GroupMetric, double> Parity(TaskLabels task, float[] labels, double mean)
    {
        if (task.Task == LearningTask.Regression)
        {
            var variance = labels.Average(label => Math.Pow(label - mean, 2));
            return metric => metric.Numerator == RowQuantity.Loss ? variance : metric.Numerator == RowQuantity.Residual ? 0 : mean;
        }

        if (task.Task == LearningTask.BinaryClassification)
        {
            var positive = Math.Clamp(mean, 0.01, 0.99);
            var entropy = -positive * Math.Log(positive) - (1 - positive) * Math.Log(1 - positive);
            return metric => metric.Numerator == RowQuantity.Loss ? entropy : positive;
        }

        double[] shares = [.. Enumerable.Range(0, task.Classes.Count)
            .Select(index => Math.Clamp(labels.Count(label => label == index) / (double)labels.Length, 0.01, 0.99))];
        return metric => metric.Numerator == RowQuantity.Loss ? shares.Sum(share => -share * Math.Log(share))
            : metric.ClassName is null ? shares.Max() : shares[metric.Class];
    }
}
