using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Auditing;

/// <summary>Audits the hard predictions of a binary classifier.</summary>
internal static class BinaryFairnessAuditor
{
    internal const double DefaultConfidence = 0.95;

    // The smallest probability whose logarithm enters the log loss: a wrong answer given with certainty costs 34.5 nats instead of
    // infinitely many.
    private const double SmallestProbability = 1e-15;

    /// <param name="predictions">The hard predictions.</param>
    /// <param name="labels">The labels, as many.</param>
    /// <param name="groupColumns">At least one column of groups, each with as many rows.</param>
    /// <param name="probabilities">The probabilities of the positive class, from 0 to 1, for the log loss; or null.</param>
    /// <param name="weights">Example weights of at least 0; or null.</param>
    /// <param name="confidence">The confidence of the intervals, between 0 and 1.</param>
    /// <param name="missingValues">What is done with groups of missing values.</param>
    /// <exception cref="InvalidOperationException">Values are missing and must not be.</exception>
    internal static FairnessAudit Audit(
        IReadOnlyList<bool> predictions,
        IReadOnlyList<bool> labels,
        IReadOnlyList<GroupColumn> groupColumns,
        IReadOnlyList<float>? probabilities = null,
        IReadOnlyList<float>? weights = null,
        double confidence = DefaultConfidence,
        GroupPolicy missingValues = GroupPolicy.Exclude)
    {
        CheckConfidence(confidence);
        var rowCount = predictions.Count;
        CheckLength(labels.Count, rowCount, nameof(labels));
        foreach (var column in groupColumns) CheckLength(column.CodeOfRow.Length, rowCount, nameof(groupColumns));
        if (probabilities is not null) CheckLength(probabilities.Count, rowCount, nameof(probabilities));
        if (weights is not null) CheckLength(weights.Count, rowCount, nameof(weights));

        var partition = GroupPartition.Intersect(groupColumns);
        if (partition.MissingGroups.Count > 0 && missingValues == GroupPolicy.Error)
        {
            throw new InvalidOperationException($"{GroupFilter.MissingRows(partition, "the data")}: fill it in, or set "
                + $"{nameof(missingValues)} to {nameof(GroupPolicy.Include)} or {nameof(GroupPolicy.Exclude)}.");
        }

        var cells = new GroupCounts[partition.GroupCount];
        var rowOfCell = new int[partition.GroupCount]; // any row of the cell: all have the same values
        for (var cell = 0; cell < cells.Length; cell++) cells[cell] = new GroupCounts();
        for (var row = 0; row < rowCount; row++)
        {
            var cell = partition.GroupOfRow[row];
            rowOfCell[cell] = row;
            cells[cell].Add(labels[row], predictions[row], weights?[row] ?? 1,
                probabilities is null ? double.NaN : LogLoss(labels[row], probabilities[row]));
        }
        return new FairnessAudit([.. groupColumns.Select(c => c with { CodeOfRow = [.. rowOfCell.Select(row => c.CodeOfRow[row])] })],
            cells, confidence, missingValues == GroupPolicy.Include);
    }

    internal static void CheckConfidence(double confidence)
    {
        if (!(confidence > 0 && confidence < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence,
            "The confidence must lie between 0 and 1.");
        }
    }

    private static void CheckLength(int actual, int expected, string parameterName)
    {
        if (actual != expected) throw new ArgumentException($"There are {actual} rows, but {expected} predictions.", parameterName);
    }

    private static double LogLoss(bool label, double probability)
        => -Math.Log(Math.Max(label ? probability : 1 - probability, SmallestProbability));
}
